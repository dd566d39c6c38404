import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { join } from 'node:path';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SolventError } from '@solvent-por/kzg';
import { migrationCheck } from '@solvent-por/services/database';
import { serviceModule, startService, type Log, type RunningService } from '@solvent-por/services/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { countRequests, refuseRequests } from './access/count-requests';
import { Floods } from './access/floods';
import { boundPipelines } from './access/pipelines';
import { RECORDED_EVERY_MS } from './access/lookup-counts';
import { DOCUMENT_BODY_BYTES, LARGE_BODY_BYTES, type GatewayConfiguration } from './configuration';
import { assembleGateway, type GatewayParts } from './gateway-parts';
import type { GatewayResources } from './gateway-resources';
import { GatewayModule, limitsOf, ownRules } from './gateway.module';
import type { ErrorAnswers } from './errors/answer-errors';
import { GRAPHQL_PATH, registerGraphqlRoute } from './graphql/graphql-route';
import type { Carrier } from './graphql/limits/document-limits';
import { Documents } from './graphql/limits/documents';
import { registerSubscriptions } from './graphql/subscriptions';
import { endConnections } from './http/end-connections';
import { registerConsole } from './http/console-page';
import { registerPage } from './http/page-files';

/** Milliseconds in which a request must have come whole. */
const REQUEST_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 60_000;
/** So many refusals a connection counts as that was cut for not waiting for answers: ten make a flood. */
const REFUSALS_OF_A_PIPELINE = 60;
/** Orchestrators kill after 30. */
const SHUTDOWN_SECONDS = 25;

/**
 * Has a gateway listen, on what others made and end.
 * @param options.signals false where several services share a process
 */
export async function serveGateway(
  configuration: GatewayConfiguration,
  resources: GatewayResources,
  options: { readonly signals?: boolean } = {},
): Promise<RunningService> {
  const { logger, registry, shutdown, version, database, bus, workers, verifiers } = resources;
  let listening = '';
  const parts = assembleGateway(configuration, resources, () => configuration.publicUrl ?? listening);
  shutdown.add('work', 'global verification', () => parts.verifications.close());
  shutdown.add('work', 'claims that are waited for', async () => parts.serverClaims.close());
  shutdown.add('work', 'progress', async () => {
    parts.feed.close();
    parts.reservesFeed.close();
  });
  shutdown.add('serve', 'downloads', async () => parts.downloads.close());
  shutdown.add('serve', 'kept documents', () => parts.keeper.end());
  const checks = {
    database: () => database.isReady(),
    migrations: migrationCheck(database),
    bus: () => bus.isReady(),
    workers: async () => workers.isReady() && verifiers.isReady(),
  };
  const service = await startService({
    module: serviceModule(
      { service: 'gateway', version, logger, registry, shutdown, checks, isPublic: true },
      GatewayModule.with(parts, configuration),
    ),
    http: configuration.http,
    probes: configuration.probes,
    shutdownSeconds: SHUTDOWN_SECONDS,
    logger,
    adapter: adapterOf(configuration, parts),
    configure: async (app) => {
      await configure(app, configuration, parts, logger, resources.now);
      shutdown.add('serve', 'connections', () => endConnections(app.getHttpServer() as Server));
    },
    ...options,
  });
  listening = service.url;
  parts.serverClaims.start();
  return service;
}

function adapterOf(
  { trustProxy, bodyBytes }: GatewayConfiguration,
  { limits, answers }: GatewayParts,
): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy: typeof trustProxy === 'object' ? [...trustProxy] : trustProxy,
    bodyLimit: bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 100 },
    // Whoever neither sends nor reads for so long is cut off.
    connectionTimeout: IDLE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // Addresses that are none pass every hook by: counted here, by who is connected.
    frameworkErrors: (_error: unknown, given: object, reply: object) => {
      const malformed = new SolventError('NOT_FOUND', 'usage', 'nothing is served at this address');
      const request = given as FastifyRequest;
      void limits
        .takeRequest(undefined, request.ip)
        .then(() => malformed)
        .catch((error: unknown) => error)
        .then((error) => answerEarly(answers, error, request, reply as FastifyReply));
    },
    // The same in the line of the request and in the answer to whoever asks us what went wrong.
    genReqId: (request: object) => Object.assign(request, { id: randomUUID() }).id,
  });
}

/** What is Fastify's own: it must be there before routes are. */
async function configure(
  app: NestFastifyApplication,
  configuration: GatewayConfiguration,
  { metrics, callers, limits, answers, tags, lookupCounts, downloads }: GatewayParts,
  log: Log,
  now?: () => number,
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const { bodyBytes, answerBytes, introspection } = configuration;
  const schema = () => app.get(GraphQLSchemaHost).schema;
  const documentsOf = (carrier: Carrier) => new Documents(schema, limitsOf(configuration), carrier);
  const floods = configuration.trustProxy === false && new Floods(() => metrics.limited('connection'), now);
  boundPipelines(fastify.server as Server, (socket) => {
    metrics.limited('connection');
    // Each costs as much as a great many requests.
    if (floods) floods.refused(socket, REFUSALS_OF_A_PIPELINE);
  });
  countRequests(fastify, { callers, limits, tags, log, ...(floods && { floods }) });
  await secure(fastify, configuration);
  refuseRequests(fastify, (error, request, reply) => answerEarly(answers, error, request, reply));
  const recording = setInterval(() => void lookupCounts.write(), RECORDED_EVERY_MS).unref();
  fastify.addHook('onClose', () => {
    clearInterval(recording);
    return lookupCounts.write();
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.http(route, request.method, reply.statusCode, reply.elapsedTime / 1000);
  });
  await registerSubscriptions(fastify, {
    schema,
    documents: documentsOf('socket'),
    rules: ownRules(configuration),
    ...{ callers, limits, answers },
    onRefused: (why) => metrics.socketRefused(why),
  });
  const [documentBodyBytes, largeBodyBytes] = [DOCUMENT_BODY_BYTES, LARGE_BODY_BYTES];
  const documents = documentsOf('http');
  registerGraphqlRoute(fastify, {
    ...{ callers, limits, answers, documents, downloads },
    ...{ bodyBytes, documentBodyBytes, largeBodyBytes, answerBytes },
  });
  if (introspection) registerConsole(fastify);
  // Beside the bundle that this code is in.
  registerPage(fastify, configuration.pageFolder ?? join(__dirname, '../web'), configuration.framedBy);
}

/** What has not come as far as whoever serves it: answered in the form that is expected there. */
function answerEarly(
  answers: ErrorAnswers,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { code, message, status, details } = answers.of(error, request.id);
  if (details['retryAfter'] !== undefined) reply.header('retry-after', details['retryAfter']);
  // An upgrade that is refused leaves a socket that nobody else would close.
  if (request.headers.upgrade !== undefined) reply.raw.once('finish', () => request.socket.destroySoon());
  const isGraphql = request.url.split('?', 1)[0] === GRAPHQL_PATH;
  const body = isGraphql
    ? { errors: [{ message, extensions: { ...details, code } }] }
    : { code, message, ...details };
  return reply.code(status).header('cache-control', 'no-store').send(body);
}

async function secure(fastify: FastifyInstance, { corsOrigins }: GatewayConfiguration): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: {
      // Helmet's own would let styles, fonts and pictures of any site in.
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // What is served here is for other sites to read, where CORS lets them.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  if (corsOrigins.length === 0) return;
  await fastify.register(cors, {
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: ['content-type', 'authorization', 'range', 'if-range', 'if-none-match'],
    exposedHeaders: ['etag', 'content-range', 'accept-ranges', 'retry-after', 'last-modified'],
    maxAge: 600,
  });
}
