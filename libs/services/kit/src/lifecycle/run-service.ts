import { failureCode, lastWord, Output, plainFailure } from '@solvent-por/shared/terminal';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { BusOptions } from '../bus/bus-options';
import { createBus } from '../bus/create-bus';
import type { KafkaConnection } from '../bus/kafka/kafka-connection';
import type { MessageBus } from '../bus/message-bus';
import type { RunningService } from '../kit/start-service';
import { createLogger } from '../logging/logger';
import { busMeter } from '../metrics/bus-metrics';
import { createRegistry } from '../metrics/registry';
import { startTracing } from '../tracing/start-tracing';
import { packageVersion } from './package-version';
import { Shutdown, type Phase } from './shutdown';

/** What every service is told, whatever else it is. */
export interface ServiceSettings {
  readonly kafka: KafkaConnection;
  readonly logLevel: string;
  readonly tracesEndpoint: string | undefined;
}

/** What a service stands on before it has opened anything of its own. */
export interface ServiceProcess {
  readonly name: string;
  readonly version: string;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly shutdown: Shutdown;
  /**
   * Kafka as configured, counted by the registry.
   * @param phase when it is closed: with the `work`, where its messages are the work
   */
  openBus(phase: Phase, isTransient: BusOptions['isTransient']): MessageBus;
}

/**
 * A service as a process of its own: its name, what it reads from the environment, and how it starts. Neither
 * database nor Kafka needs to be there yet.
 */
export interface Service<C extends ServiceSettings> {
  /** `prover` */
  readonly name: string;
  /** @throws SolventError CONFIG_ENVIRONMENT (usage) */
  readonly configuration: (environment: Readonly<Record<string, string | undefined>>) => C;
  readonly start: (configuration: C, process: ServiceProcess) => Promise<RunningService>;
}

/**
 * Runs a service as this process. When it cannot be started, that is said in one sentence, and the process
 * ends: with 2 where whoever started it can do something about it, else with 1.
 */
export async function runService<C extends ServiceSettings>(service: Service<C>): Promise<void> {
  // A reader of logs who leaves is not missed.
  for (const stream of [process.stdout, process.stderr]) new Output(stream);
  try {
    const configuration = service.configuration(process.env);
    await service.start(configuration, serviceProcess(service.name, configuration));
  } catch (error) {
    lastWord(2, `${service.name}: ${plainFailure(error)}\n`);
    process.exit(failureCode(error));
  }
}

function serviceProcess(name: string, { kafka, logLevel, tracesEndpoint }: ServiceSettings): ServiceProcess {
  const logger = createLogger({ service: name, level: logLevel });
  const registry = createRegistry(name);
  const shutdown = new Shutdown(logger);
  if (tracesEndpoint !== undefined)
    shutdown.add('store', 'traces', startTracing(tracesEndpoint, name, logger));
  return {
    ...{ name, version: packageVersion(), logger, registry, shutdown },
    openBus(phase, isTransient) {
      const bus = createBus({ connection: kafka, isTransient, log: logger, meter: busMeter(registry) });
      shutdown.add(phase, 'bus', () => bus.close());
      return bus;
    },
  };
}
