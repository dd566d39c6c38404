import websocket from '@fastify/websocket';
import { SolventError } from '@solvent-por/kzg';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  GraphQLError,
  specifiedRules,
  validate,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import type { Caller, Callers } from '../access/caller';
import type { GatewayContext } from '../access/operation.guard';
import { addressGroup } from '../access/address-group';
import type { ErrorAnswers } from '../errors/answer-errors';
import { GRAPHQL_PATH } from './graphql-route';
import type { Documents } from './limits/documents';
import { serveSocket } from './serve-socket';

export interface SubscriptionOptions {
  readonly schema: () => GraphQLSchema;
  readonly callers: Callers;
  readonly answers: ErrorAnswers;
  readonly documents: Documents;
  /** Beside those of the specification. */
  readonly rules: readonly ValidationRule[];
}

/** Longest message of a client, in bytes. */
const MAX_MESSAGE_BYTES = 32 * 1024;
/** Connections from one address, all connections, and subscriptions on one. */
const MOST_FROM_ADDRESS = 20;
const MOST_CONNECTIONS = 2000;
const MOST_SUBSCRIPTIONS = 10;

interface Connection {
  readonly request: FastifyRequest;
  /** Once it has introduced itself. */
  caller?: Caller;
}

/**
 * WebSockets at /graphql, protocol graphql-transport-ws by the reference implementation. (Mercurius' own
 * transport validates no document and bounds neither messages nor subscriptions.) A key comes with the
 * upgrade's `authorization` or in connection_init as `authorization`.
 */
export async function registerSubscriptions(
  fastify: FastifyInstance,
  { schema, callers, answers, documents, rules }: SubscriptionOptions,
): Promise<void> {
  await fastify.register(websocket, {
    options: {
      maxPayload: MAX_MESSAGE_BYTES,
      handleProtocols: (offered: Set<string>) => handleProtocols(offered),
    },
  });
  const all = [...specifiedRules, ...rules];
  const connections = new Connections();

  const server = makeServer<{ authorization?: unknown }, Connection>({
    connectionInitWaitTimeout: 5000,
    async onConnect({ connectionParams, extra }) {
      const { request } = extra;
      const given = connectionParams?.authorization ?? request.headers.authorization;
      const caller = await callers
        .from(typeof given === 'string' ? given : undefined, request.ip)
        .catch(() => undefined);
      if (!caller || (given !== undefined && typeof given !== 'string')) return false;
      extra.caller = caller;
      return true;
    },
    onSubscribe({ subscriptions, extra }, _id, { query, variables, operationName }) {
      if (Object.keys(subscriptions).length > MOST_SUBSCRIPTIONS)
        return [refusal('RATE_LIMITED', `a connection carries at most ${MOST_SUBSCRIPTIONS} subscriptions`)];
      let document;
      try {
        document = documents.read(query);
      } catch (error) {
        if (error instanceof GraphQLError) return [error];
        if (error instanceof SolventError) return [refusal(error.code, error.message)];
        throw error;
      }
      const errors = validate(schema(), document, all);
      if (errors.length > 0) return errors;
      const contextValue: GatewayContext = { caller: extra.caller!, requestId: extra.request.id };
      return {
        schema: schema(),
        document,
        contextValue,
        variableValues: variables ?? null,
        operationName: operationName ?? null,
      };
    },
    onNext({ extra }, _id, _payload, _args, result) {
      if (!result.errors) return undefined;
      return {
        data: result.data ?? null,
        errors: answers.ofExecution(result.errors, extra.request.id),
      };
    },
    onError: ({ extra }, _id, _payload, errors): GraphQLFormattedError[] =>
      errors.flatMap((error) =>
        error.originalError
          ? answers.ofExecution(
              [{ message: '', path: [], originalError: error.originalError }],
              extra.request.id,
            )
          : answers.ofDocument([error]),
      ),
  });

  fastify.route({
    method: 'GET',
    url: GRAPHQL_PATH,
    handler: async (_request, reply) =>
      reply
        .code(405)
        .header('allow', 'POST')
        .send({
          errors: [
            {
              message: 'POST queries and mutations; subscriptions go over a WebSocket',
              extensions: { code: 'METHOD_NOT_ALLOWED' },
            },
          ],
        }),
    wsHandler(socket, request) {
      if (!connections.admit(request.ip)) {
        socket.close(1013, 'Too many connections');
        return;
      }
      socket.once('close', () => connections.leave(request.ip));
      serveSocket(server, socket, { request }, (error) => answers.of(error, request.id));
    },
  });
}

/** Who holds how many. */
class Connections {
  readonly #held = new Map<string, number>();
  #all = 0;

  admit(address: string): boolean {
    const who = addressGroup(address);
    const held = this.#held.get(who) ?? 0;
    if (held >= MOST_FROM_ADDRESS || this.#all >= MOST_CONNECTIONS) return false;
    this.#held.set(who, held + 1);
    this.#all++;
    return true;
  }

  leave(address: string): void {
    const who = addressGroup(address);
    const held = (this.#held.get(who) ?? 1) - 1;
    if (held === 0) this.#held.delete(who);
    else this.#held.set(who, held);
    this.#all--;
  }
}

function refusal(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
