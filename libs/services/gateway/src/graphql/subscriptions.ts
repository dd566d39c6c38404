import websocket from '@fastify/websocket';
import { SolventError } from '@solvent-por/kzg';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  GraphQLError,
  specifiedRules,
  validate,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Caller, Callers } from '../access/caller';
import type { GatewayContext } from '../access/operation.guard';
import type { RateLimits } from '../access/rate-limits';
import type { ErrorAnswers } from '../errors/answer-errors';
import { Connections } from './connections';
import { GRAPHQL_PATH } from './graphql-route';
import type { Documents } from './limits/documents';
import { endSocket, serveSocket, type Terminated } from './serve-socket';

export interface SubscriptionOptions {
  readonly schema: () => GraphQLSchema;
  readonly callers: Callers;
  readonly limits: Pick<RateLimits, 'take' | 'takeRequest'>;
  readonly answers: ErrorAnswers;
  readonly documents: Documents;
  /** Beside those of the specification. */
  readonly rules: readonly ValidationRule[];
  readonly onRefused: (why: SocketRefusal) => void;
  /** Milliseconds; a minute. */
  readonly recheckEvery?: number;
}

/** Why a WebSocket was not taken on, or cut: the path serves none, too many are open, its key is no good any more. */
export type SocketRefusal = 'path' | 'connections' | 'key' | Terminated;

/** Longest message of a client, in bytes. */
const MAX_MESSAGE_BYTES = 32 * 1024;
/** Subscriptions on one connection. */
const MOST_SUBSCRIPTIONS = 10;
/** So often the key of an open connection is looked at again. */
const RECHECK_MS = 60_000;

interface Connection {
  readonly request: FastifyRequest;
  readonly socket: WebSocket;
  /** Once it has introduced itself: with what, and who that is. */
  authorization?: string | undefined;
  caller?: Caller;
}

/**
 * WebSockets at /graphql and nowhere else, protocol graphql-transport-ws by the reference implementation. (Mercurius' own
 * transport validates no document and bounds neither messages nor subscriptions.) A key comes with the
 * upgrade's `authorization` or in connection_init as `authorization`.
 */
export async function registerSubscriptions(
  fastify: FastifyInstance,
  options: SubscriptionOptions,
): Promise<void> {
  const { schema, callers, limits, answers, documents, rules, onRefused } = options;
  const connections = new Connections();
  const open = new Set<Connection>();
  await fastify.register(websocket, {
    options: {
      maxPayload: MAX_MESSAGE_BYTES,
      // A pong would carry what the ping did: serve-socket.ts sends an empty one.
      autoPong: false,
      handleProtocols: (offered: Set<string>) => handleProtocols(offered),
    },
    preClose(done) {
      for (const { socket } of open) endSocket(socket, 1001, 'Going away');
      fastify.websocketServer.close();
      done();
    },
  });
  const all = [...specifiedRules, ...rules];

  // Before the handshake: who is refused then never has a WebSocket that would have to be closed.
  fastify.addHook('onRequest', async (request, reply) => {
    if (!request.ws) return;
    if (request.routeOptions.url !== GRAPHQL_PATH || request.method !== 'GET') return refuse(reply, 'path');
    if (!connections.admit(request.ip)) return refuse(reply, 'connections');
    // Its place is free again when the socket itself is gone, handshake or not.
    request.raw.socket.once('close', () => connections.leave(request.ip));
  });

  /** Each is a request like any other. @returns why it is one too many; its connection ends */
  async function tooMany({ caller, request, socket }: Connection): Promise<GraphQLError | undefined> {
    try {
      await limits.takeRequest(caller?.keyId, request.ip);
      return undefined;
    } catch (error) {
      if (!(error instanceof SolventError)) throw error;
      if (socket.readyState === socket.OPEN)
        endSocket(socket, CloseCode.TooManyInitialisationRequests, 'Too many requests');
      return refusal(error.code, error.message);
    }
  }

  /** Where nothing runs no guard counts it. */
  async function invalid({ caller }: Connection, errors: readonly GraphQLError[]) {
    await limits.take(caller!, 'other').catch((error: unknown) => {
      if (!(error instanceof SolventError)) throw error;
    });
    return errors;
  }

  async function refuse(reply: FastifyReply, why: 'path' | 'connections'): Promise<void> {
    onRefused(why);
    const { status, code, message } = REFUSED[why];
    await reply.code(status).header('connection', 'close').send({ code, message });
  }

  /** Whether the connection's key still gives it the rights it came with; one that does not ends it. */
  async function stillMay(connection: Connection): Promise<boolean> {
    const { authorization, caller, request, socket } = connection;
    if (caller?.keyId === undefined) return true;
    try {
      const now = await callers.from(authorization, request.ip);
      if (now.keyId === caller.keyId && now.role === caller.role) return true;
    } catch (error) {
      // A database that is away takes nobody's rights.
      if (!(error instanceof SolventError && error.code === 'API_KEY_INVALID')) return true;
    }
    onRefused('key');
    endSocket(socket, CloseCode.Forbidden, 'Forbidden');
    return false;
  }
  const rechecks = setInterval(() => {
    for (const connection of open)
      stillMay(connection).catch((error: unknown) => answers.of(error, connection.request.id));
  }, options.recheckEvery ?? RECHECK_MS).unref();
  fastify.addHook('onClose', async () => clearInterval(rechecks));

  const server = makeServer<{ authorization?: unknown }, Connection>({
    connectionInitWaitTimeout: 5000,
    async onConnect({ connectionParams, extra }) {
      const { request } = extra;
      const given = connectionParams?.authorization ?? request.headers.authorization;
      const caller = await callers
        .from(typeof given === 'string' ? given : undefined, request.ip)
        .catch(() => undefined);
      if (!caller || (given !== undefined && typeof given !== 'string')) return false;
      Object.assign(extra, { caller, authorization: given });
      return true;
    },
    async onSubscribe({ subscriptions, extra }, _id, { query, variables, operationName }) {
      const refused = await tooMany(extra);
      if (refused) return [refused];
      if (!(await stillMay(extra))) return [refusal('API_KEY_INVALID', 'the API key is no longer good')];
      if (Object.keys(subscriptions).length > MOST_SUBSCRIPTIONS)
        return [refusal('RATE_LIMITED', `a connection carries at most ${MOST_SUBSCRIPTIONS} subscriptions`)];
      let document;
      try {
        document = documents.read(query);
      } catch (error) {
        if (error instanceof GraphQLError) return invalid(extra, [error]);
        if (error instanceof SolventError) return [refusal(error.code, error.message)];
        throw error;
      }
      const errors = validate(schema(), document, all);
      if (errors.length > 0) return invalid(extra, errors);
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
      const connection: Connection = { request, socket };
      open.add(connection);
      socket.once('close', () => open.delete(connection));
      serveSocket(server, socket, connection, {
        onUnexpected: (error) => answers.of(error, request.id),
        onTerminated: onRefused,
      });
    },
  });
}

const REFUSED = {
  path: { status: 404, code: 'NOT_FOUND', message: `WebSockets are served at ${GRAPHQL_PATH} alone` },
  connections: {
    status: 429,
    code: 'RATE_LIMITED',
    message: 'too many WebSockets are open: close some, or try again later',
  },
} as const;

function refusal(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
