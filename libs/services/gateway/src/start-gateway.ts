import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { LARGE_BODY_BYTES, MAX_TOKENS, type GatewayConfiguration } from './configuration';
import { assembleGateway, type GatewayResources } from './gateway-parts';
import { GatewayModule, limitsOf } from './gateway.module';
import { registerGraphqlRoute } from './graphql/graphql-route';
import { limitRules } from './graphql/limits/rules';
import { registerSubscriptions } from './graphql/subscriptions';
import { registerConsole } from './http/console-page';

/** A gateway that listens. */
export interface Gateway {
  readonly app: NestFastifyApplication;
  /** Where it listens: `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Stops listening, ends what runs. */
  close(): Promise<void>;
}

/** Milliseconds in which a request must have come whole. */
const REQUEST_TIMEOUT = 30_000;

/** Builds a gateway and has it listen. */
export async function startGateway(
  configuration: GatewayConfiguration,
  resources: GatewayResources,
): Promise<Gateway> {
  const parts = assembleGateway(configuration, resources);
  const { host, port } = configuration.http;
  const adapter = new FastifyAdapter({
    trustProxy: trusted(configuration),
    bodyLimit: configuration.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT,
    // A path is the snapshot's name at most.
    routerOptions: { maxParamLength: 100 },
    forceCloseConnections: 'idle',
  });
  const publicUrl = configuration.publicUrl ?? `http://${host}:${port}`;
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.with(parts, configuration, publicUrl),
    adapter,
    { logger: ['error', 'warn'], bodyParser: false, abortOnError: false },
  );
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  await secure(fastify, configuration);
  fastify.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    parts.metrics.http(route, request.method, reply.statusCode, reply.elapsedTime / 1000);
  });
  await registerSubscriptions(fastify, {
    schema: () => app.get(GraphQLSchemaHost).schema,
    callers: parts.callers,
    answers: parts.answers,
    rules: limitRules(limitsOf(configuration)),
    queryLength: configuration.queryLength,
    maxTokens: MAX_TOKENS,
  });
  registerGraphqlRoute(fastify, {
    callers: parts.callers,
    limits: parts.limits,
    answers: parts.answers,
    bodyBytes: configuration.bodyBytes,
    largeBodyBytes: LARGE_BODY_BYTES,
    queryLength: configuration.queryLength,
  });
  if (configuration.introspection) registerConsole(fastify);
  await app.listen(port, host);
  return {
    app,
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    async close() {
      parts.feed.close();
      await app.close();
      await parts.verifications.close();
    },
  };
}

async function secure(fastify: FastifyInstance, { corsOrigins }: GatewayConfiguration): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // What is served here is for other sites to read, where CORS lets them.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  if (corsOrigins.length > 0)
    await fastify.register(cors, {
      origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
      methods: ['GET', 'HEAD', 'POST'],
      allowedHeaders: ['content-type', 'authorization', 'range', 'if-range', 'if-none-match'],
      exposedHeaders: ['etag', 'content-range', 'accept-ranges', 'retry-after', 'last-modified'],
      maxAge: 600,
    });
}

function trusted({ trustProxy }: GatewayConfiguration): string[] | number | boolean {
  return typeof trustProxy === 'object' ? [...trustProxy] : trustProxy;
}
