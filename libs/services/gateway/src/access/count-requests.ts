import { SolventError } from '@solvent-por/kzg';
import type { Server } from 'node:http';
import { tellOrigin, type Log } from '@solvent-por/services/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { AddressTags } from './address-tag';
import type { Callers } from './caller';
import type { Floods } from './floods';
import type { RateLimits } from './rate-limits';

export interface CountingOptions {
  readonly callers: Callers;
  readonly limits: RateLimits;
  readonly tags: AddressTags;
  /** Where no proxy stands in front. */
  readonly floods?: Floods;
  readonly log: Log;
  readonly now?: () => number;
}

/** Answers that are not known yet, of requests that were one too many. */
const refused = new WeakMap<FastifyRequest, SolventError>();
const MINUTE_MS = 60_000;

/**
 * Counts every request by where it comes from, before it is routed, parsed or authenticated: what nobody
 * serves, upgrades, files, malformed bodies. To be called before any other hook is added.
 */
export function countRequests(fastify: FastifyInstance, options: CountingOptions): void {
  const { callers, limits, tags, floods } = options;
  const warned = new Warnings(options);
  floods?.guard(fastify.server as Server);
  fastify.addHook('onRequest', async (request) => {
    const from = tags.of(request.ip);
    const keyId = callers.knownKeyId(request.headers.authorization);
    tellOrigin(request.raw, keyId === undefined ? { from } : { from, keyId });
    warned.ofForwarded(request);
    try {
      await limits.takeRequest(keyId, request.ip);
    } catch (error) {
      if (!(error instanceof SolventError)) throw error;
      refused.set(request, error);
      floods?.refused(request.socket);
      warned.ofLimit(from, keyId);
    }
  });
}

/**
 * Answers those that were one too many. To be called when the hooks are there that set headers of every
 * answer: pages of other sites read this one too.
 */
export function refuseRequests(
  fastify: FastifyInstance,
  answer: (error: SolventError, request: FastifyRequest, reply: FastifyReply) => FastifyReply,
): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const error = refused.get(request);
    return error && answer(error, request, reply);
  });
}

/** A line a minute of each: whoever floods a gateway does not flood its log. */
class Warnings {
  readonly #told: LRUCache<string, true>;

  constructor(private readonly options: CountingOptions) {
    const perf = options.now && { now: options.now };
    this.#told = new LRUCache({ max: 1000, ttl: MINUTE_MS, ...(perf && { perf }) });
  }

  ofLimit(from: string, keyId: string | undefined): void {
    if (this.#first(`limit ${keyId ?? from}`))
      this.options.log.warn(
        keyId === undefined ? { from } : { from, keyId },
        'a caller asks more often than its allowance: refused until the minute is over',
      );
  }

  /** Without trust in the proxy all its users are one address. */
  ofForwarded({ headers, ip, socket }: FastifyRequest): void {
    if (headers['x-forwarded-for'] === undefined || ip !== socket.remoteAddress) return;
    const from = this.options.tags.of(ip);
    if (this.#first(`forwarded ${from}`))
      this.options.log.warn(
        { from },
        'X-Forwarded-For comes from an address that is not trusted, so all its users share one allowance: if it is your proxy, name it in SOLVENT_TRUST_PROXY',
      );
  }

  #first(what: string): boolean {
    if (this.#told.has(what)) return false;
    this.#told.set(what, true);
    return true;
  }
}
