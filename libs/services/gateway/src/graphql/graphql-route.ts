import type { Readable } from 'node:stream';
import { SolventError } from '@solvent-por/kzg';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql';
import type {} from 'mercurius';
import { AnswerBudget } from '../access/answer-budget';
import { mayActAs, type Callers } from '../access/caller';
import { callerOf, type GatewayContext } from '../access/operation.guard';
import type { RateLimits } from '../access/rate-limits';
import type { ErrorAnswers } from '../errors/answer-errors';
import { retryAfterOf } from '../errors/answer-errors';
import type { Documents } from './limits/documents';

export const GRAPHQL_PATH = '/graphql';

export interface GraphqlRouteOptions {
  readonly callers: Callers;
  readonly limits: RateLimits;
  readonly answers: ErrorAnswers;
  /** Longest body of ordinary operations, in bytes. */
  readonly bodyBytes: number;
  /** Of those that carry an inclusion proof, and of those that carry a configuration. */
  readonly documentBodyBytes: number;
  readonly largeBodyBytes: number;
  readonly documents: Documents;
  readonly downloads: LongAnswers;
  /** Longest answer, in bytes. */
  readonly answerBytes: number;
}

/** Answers up to here leave at once; who does not read a longer one holds a place of few. */
const WHOLE_BYTES = 256 * 1024;

/** As much of the places that long answers take as is used here. */
export interface LongAnswers {
  /** @throws SolventError RATE_LIMITED | DOWNLOADS_BUSY */
  take(
    request: FastifyRequest,
    reply: FastifyReply,
    bytes: number,
  ): (pieces: Iterable<Uint8Array>) => Readable;
}

/** Operations that carry an inclusion proof or a configuration. */
const CARRIES_DOCUMENT = /\b(?:verifyInclusion|requestSnapshot)\b/;
/**
 * Mercurius reads a JSON text as a syntax tree, past the limits of the parser; no query of the language looks
 * like one.
 */
const JSON_TEXT = /^\s*(?:\{\s*["}]|["[\d-]|(?:true|false|null)\s*$)/;

const SENT_AS = 'the body must be JSON, sent as application/json';

interface Body {
  readonly query: string;
  readonly variables: Record<string, unknown> | undefined;
  readonly operationName: string | undefined;
}

/**
 * POST /graphql. Mercurius runs the documents; this is in its own routes' place, since those also answer GET,
 * where account ids would stand in URLs and so in the logs of every proxy.
 */
export function registerGraphqlRoute(fastify: FastifyInstance, options: GraphqlRouteOptions): void {
  const { callers, limits, answers, documents, downloads } = options;
  const { bodyBytes, documentBodyBytes, largeBodyBytes, answerBytes } = options;

  fastify.post(GRAPHQL_PATH, {
    bodyLimit: largeBodyBytes,
    async onRequest(request) {
      // Before a large body is read its sender must have something left, or they could keep us reading for
      // nothing.
      if (!isLarge(request, bodyBytes)) return;
      await limits.takeLarge(request.ip);
      // Longer ones than any document are configurations, and only operators send those.
      if (!isLarge(request, documentBodyBytes)) return;
      const caller = await callerOf(callers, request);
      if (!mayActAs(caller, 'OPERATOR')) throw tooLarge(documentBodyBytes);
    },
    async handler(request, reply) {
      // Forms and text are what other sites' pages can send without being asked for leave.
      if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw malformed(SENT_AS);
      const body = parseBody(request.body);
      if (isLarge(request, bodyBytes) && !CARRIES_DOCUMENT.test(body.query)) throw tooLarge(bodyBytes);
      const caller = await callerOf(callers, request);
      const answer = new AnswerBudget(answerBytes);
      const context: GatewayContext = { caller, requestId: request.id, answer };
      try {
        documents.read(body.query);
        const result = await reply.graphql(body.query, { ...context }, body.variables, body.operationName);
        // Where an operation ran it was counted by the guard.
        if (reply.statusCode === 400) await limits.take(caller, 'other');
        answer.check();
        const json = JSON.stringify(result);
        answer.check(json);
        if (json.length <= WHOLE_BYTES) return send(reply, reply.statusCode, json);
        const bytes = Buffer.from(json);
        return send(reply, reply.statusCode, downloads.take(request, reply, bytes.length)([bytes]));
      } catch (error) {
        const errors = documentErrors(error);
        if (!errors) throw error;
        await limits.take(caller, 'other');
        return send(reply, 400, JSON.stringify({ errors: answers.ofDocument(errors) }));
      }
    },
    errorHandler(error, request, reply) {
      const { code, message, status, details } = answers.of(bodyError(error, largeBodyBytes), request.id);
      const errors: GraphQLFormattedError[] = [{ message, extensions: { ...details, code } }];
      const retryAfter = retryAfterOf(errors);
      if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
      void send(reply, status, JSON.stringify({ errors }));
    },
  });
}

/**
 * Mercurius' errorFormatter. Where nothing was run, because a variable does not fit say, the answer is that
 * of a document that cannot be run.
 */
export function formatExecution(
  execution: { readonly data?: unknown; readonly errors?: readonly unknown[] },
  context: { readonly reply?: FastifyReply; readonly requestId?: string },
  answers: ErrorAnswers,
): { statusCode: number; response: FormattedExecutionResult } {
  const given = (execution.errors ?? []) as Parameters<ErrorAnswers['ofExecution']>[0];
  if (!execution.data && given.every(({ path }) => path === undefined))
    return { statusCode: 400, response: { errors: answers.ofDocument(given) } };
  const errors = answers.ofExecution(given, context.requestId ?? '');
  const retryAfter = retryAfterOf(errors);
  if (retryAfter !== undefined) context.reply?.header('retry-after', retryAfter);
  return {
    statusCode: 200,
    response: { data: (execution.data ?? null) as Record<string, unknown> | null, errors },
  };
}

/** Without a length it might be anything. */
function isLarge({ headers }: FastifyRequest, bodyBytes: number): boolean {
  const length = Number(headers['content-length'] ?? NaN);
  return !(length <= bodyBytes);
}

/** @throws SolventError BODY_MALFORMED | QUERY_INVALID */
function parseBody(body: unknown): Body {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw malformed('the body must be one JSON object, {"query": "…", "variables": {…}}');
  const { query, variables, operationName } = body as Readonly<Record<string, unknown>>;
  if (typeof query !== 'string') throw malformed('query must be the text of a GraphQL document');
  if (JSON_TEXT.test(query))
    throw new SolventError('QUERY_INVALID', 'usage', 'query must be the text of a GraphQL document');
  const noVariables = variables === undefined || variables === null;
  if (!noVariables && (typeof variables !== 'object' || Array.isArray(variables)))
    throw malformed('variables must be an object');
  const noName = operationName === undefined || operationName === null;
  if (!noName && typeof operationName !== 'string') throw malformed('operationName must be text');
  return {
    query,
    variables: noVariables ? undefined : (variables as Record<string, unknown>),
    operationName: noName || operationName === '' ? undefined : (operationName as string),
  };
}

function tooLarge(maxBytes: number): SolventError<'BODY_TOO_LARGE'> {
  return new SolventError(
    'BODY_TOO_LARGE',
    'usage',
    `the body may have at most ${maxBytes} bytes, and must come with its content-length`,
    { maxBytes },
  );
}

function malformed(message: string): SolventError<'BODY_MALFORMED'> {
  return new SolventError('BODY_MALFORMED', 'usage', message);
}

/** What is wrong with a document: ours, or Mercurius' error taken apart. */
function documentErrors(error: unknown): Parameters<ErrorAnswers['ofDocument']>[0] | undefined {
  if (error instanceof GraphQLError) return [error];
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'MER_ERR_GQL_VALIDATION')
    return undefined;
  return 'errors' in error && Array.isArray(error.errors) ? error.errors : undefined;
}

/** What Fastify says of bodies it cannot read, in our words; its own may quote the body. */
function bodyError(error: FastifyError | SolventError, largeBodyBytes: number): unknown {
  if (error instanceof SolventError) return error;
  if (error.statusCode === 413) return tooLarge(largeBodyBytes);
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return malformed(SENT_AS);
  return error;
}

function send(reply: FastifyReply, status: number, json: string | Readable): FastifyReply {
  // It may hold somebody's balances.
  reply.header('cache-control', 'no-store').header('content-type', 'application/json; charset=utf-8');
  return reply.code(status).send(json);
}
