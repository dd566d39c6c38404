import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { migrationCheck } from '@solvent-por/services/database';
import { serviceModule, startService, type RunningService } from '@solvent-por/services/kit';
import type { FastifyInstance } from 'fastify';
import { LARGE_BODY_BYTES, MAX_TOKENS, type GatewayConfiguration } from './configuration';
import { assembleGateway, type GatewayParts, type GatewayResources } from './gateway-parts';
import { GatewayModule, limitsOf } from './gateway.module';
import { registerGraphqlRoute } from './graphql/graphql-route';
import { limitRules } from './graphql/limits/rules';
import { registerSubscriptions } from './graphql/subscriptions';
import { registerConsole } from './http/console-page';
import { registerPage } from './http/page-files';

/** Milliseconds in which a request must have come whole. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Has a gateway listen, on what others made and end.
 * @param options.signals false where several services share a process
 */
export async function serveGateway(
  configuration: GatewayConfiguration,
  resources: GatewayResources,
  options: { readonly signals?: boolean } = {},
): Promise<RunningService> {
  const { logger, registry, shutdown, version, database, bus, workers } = resources;
  let listening = '';
  const parts = assembleGateway(configuration, resources, () => configuration.publicUrl ?? listening);
  shutdown.add('work', 'global verification', () => parts.verifications.close());
  shutdown.add('work', 'progress', async () => parts.feed.close());
  shutdown.add('serve', 'kept documents', () => parts.keeper.end());
  const checks = {
    database: () => database.isReady(),
    migrations: migrationCheck(database),
    bus: () => bus.isReady(),
    workers: async () => workers.isReady(),
  };
  const service = await startService({
    module: serviceModule(
      { service: 'gateway', version, logger, registry, shutdown, checks },
      GatewayModule.with(parts, configuration),
    ),
    http: configuration.http,
    logger,
    adapter: adapterOf(configuration),
    configure: (app) => configure(app, configuration, parts),
    ...options,
  });
  listening = service.url;
  return service;
}

function adapterOf({ trustProxy, bodyBytes }: GatewayConfiguration): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy: typeof trustProxy === 'object' ? [...trustProxy] : trustProxy,
    bodyLimit: bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 100 },
    forceCloseConnections: 'idle',
    // The same in the line of the request and in the answer to whoever asks us what went wrong.
    genReqId: (request: object) => Object.assign(request, { id: randomUUID() }).id,
  });
}

/** What is Fastify's own: it must be there before routes are. */
async function configure(
  app: NestFastifyApplication,
  configuration: GatewayConfiguration,
  { metrics, callers, limits, answers }: GatewayParts,
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const { bodyBytes, queryLength, introspection } = configuration;
  await secure(fastify, configuration);
  fastify.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.http(route, request.method, reply.statusCode, reply.elapsedTime / 1000);
  });
  await registerSubscriptions(fastify, {
    schema: () => app.get(GraphQLSchemaHost).schema,
    rules: limitRules(limitsOf(configuration)),
    maxTokens: MAX_TOKENS,
    ...{ callers, answers, queryLength },
  });
  const largeBodyBytes = LARGE_BODY_BYTES;
  registerGraphqlRoute(fastify, { callers, limits, answers, bodyBytes, largeBodyBytes, queryLength });
  if (introspection) registerConsole(fastify);
  // Beside the bundle that this code is in.
  registerPage(fastify, configuration.pageFolder ?? join(__dirname, '../web'));
}

async function secure(fastify: FastifyInstance, { corsOrigins }: GatewayConfiguration): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
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
