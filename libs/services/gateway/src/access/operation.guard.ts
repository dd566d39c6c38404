import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GqlExecutionContext } from '@nestjs/graphql';
import { SolventError } from '@solvent-por/kzg';
import type { FastifyRequest } from 'fastify';
import { tellOrigin } from '@solvent-por/services/kit';
import { AccessMeter } from './access-meter';
import type { AnswerBudget } from './answer-budget';
import { Callers, mayActAs, type Caller } from './caller';
import { OPERATION, type OperationRule } from './operation';
import { RateLimits } from './rate-limits';

/** What resolvers are given beside their arguments. */
export interface GatewayContext {
  readonly caller: Caller;
  readonly requestId: string;
  /** How long its answer may become; messages of subscriptions are short. */
  readonly answer?: AnswerBudget;
}

/**
 * Asks of each operation whether its caller may, and counts it: each alias of a field is an operation of its
 * own.
 */
@Injectable()
export class OperationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
    private readonly callers: Callers,
    private readonly meter: AccessMeter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.get<OperationRule | undefined>(OPERATION, context.getHandler());
    const isGraphql = context.getType<string>() === 'graphql';
    // Health and metrics, which come from elsewhere, are for whoever reaches the port.
    if (!rule && !isGraphql) return true;
    if (!rule) throw forbidden('this operation is for nobody');
    const caller = isGraphql
      ? GqlExecutionContext.create(context).getContext<GatewayContext>().caller
      : await this.#callerOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (!mayActAs(caller, rule.role ?? 'ANONYMOUS')) {
      this.meter.forbidden();
      throw forbidden(`this operation needs an API key of the role ${rule.role?.toLowerCase()}`);
    }
    await this.limits.take(caller, rule.counts);
    return true;
  }

  #callerOf(request: FastifyRequest): Promise<Caller> {
    return callerOf(this.callers, request);
  }
}

/** Who sends a request; its line in the log names the key. @throws SolventError as `Callers.from` */
export async function callerOf(callers: Callers, request: FastifyRequest): Promise<Caller> {
  const caller = await callers.from(request.headers.authorization, request.ip);
  if (caller.keyId !== undefined) tellOrigin(request.raw, { keyId: caller.keyId });
  return caller;
}

function forbidden(message: string): SolventError<'FORBIDDEN'> {
  return new SolventError('FORBIDDEN', 'usage', message);
}
