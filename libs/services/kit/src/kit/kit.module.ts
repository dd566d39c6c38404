import { Module, RequestMethod, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { HealthController } from '../health/health.controller';
import { Readiness, type Check } from '../health/readiness';
import { Shutdown } from '../lifecycle/shutdown';
import { httpLogOptions } from '../logging/http-log';
import { MetricsController } from '../metrics/metrics.controller';
import { createRegistry } from '../metrics/registry';
import { LOGGER, SERVICE, type ServiceIdentity } from './tokens';

export interface KitOptions extends ServiceIdentity {
  readonly logger: Logger;
  /** By the names that /readyz shows; more can be added to `Readiness`. */
  readonly checks?: Readonly<Record<string, Check>>;
  /** Where what was made before Nest counts; a new one unless given. */
  readonly registry?: Registry;
  readonly shutdown?: Shutdown;
  /** Whether the world reaches the port: then /metrics is answered elsewhere (`probes` of `startService`). */
  readonly isPublic?: boolean;
}

/**
 * What all services have in common: `LOGGER`, `Readiness`, prom-client's `Registry` and `Shutdown` can be
 * injected anywhere; /healthz, /readyz and, unless the port is public,
 * /metrics are answered; each request is logged.
 */
@Module({})
export class KitModule {
  static forRoot({
    logger,
    checks = {},
    registry,
    shutdown,
    service,
    version,
    isPublic = false,
  }: KitOptions): DynamicModule {
    const identity: ServiceIdentity = { service, version };
    const readiness = new Readiness(logger);
    for (const [name, check] of Object.entries(checks)) readiness.add(name, check);
    const providers = [
      { provide: LOGGER, useValue: logger },
      { provide: SERVICE, useValue: identity },
      { provide: Readiness, useValue: readiness },
      { provide: Registry, useValue: registry ?? createRegistry(identity.service) },
      { provide: Shutdown, useValue: shutdown ?? new Shutdown(logger) },
    ];
    return {
      module: KitModule,
      global: true,
      imports: [
        LoggerModule.forRoot({
          pinoHttp: httpLogOptions(logger),
          forRoutes: [{ path: '{*path}', method: RequestMethod.ALL }],
        }),
      ],
      controllers: isPublic ? [HealthController] : [HealthController, MetricsController],
      providers,
      exports: providers.map(({ provide }) => provide),
    };
  }
}

@Module({})
class ServiceApplication {}

/** The application of a service: what all services have in common, and the modules of its own. */
export function serviceModule(kit: KitOptions, ...own: readonly DynamicModule[]): DynamicModule {
  return { module: ServiceApplication, imports: [KitModule.forRoot(kit), ...own] };
}
