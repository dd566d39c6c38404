export type { Delivery, DeadLetterReason, GroupLag, MessageBus, SubscribeOptions } from './bus/message-bus';
export {
  RETRY_POLICY,
  silentMeter,
  type BusMeter,
  type BusOptions,
  type Outcome,
  type RetryPolicy,
} from './bus/bus-options';
export { isTransientBusError, messageForged } from './bus/bus-errors';
export { InProcessBus, type InProcessBusOptions } from './bus/in-process/in-process-bus';
export { provisionBus } from './bus/kafka/provision-bus';
export { KafkaBus, type KafkaBusOptions } from './bus/kafka/kafka-bus';
export type { KafkaConnection } from './bus/kafka/kafka-connection';
export { KAFKA_TIMING, type KafkaTiming } from './bus/kafka/kafka-timing';
export { createBus } from './bus/create-bus';
export { readEnvironment, environmentError } from './configuration/read-environment';
export {
  flagSetting,
  integerSetting,
  kafkaConnection,
  kafkaSettings,
  logSettings,
  hexSetting,
  masterKeySettings,
  probeSettings,
  serviceConfiguration,
  serviceSettings,
  type ServiceConfiguration,
} from './configuration/settings';
export { silentLog, type Log } from './logging/log';
export { childLogger, createLogger, type LoggerOptions, type LogSubject } from './logging/logger';
export { openRotatingLog } from './logging/rotating-log';
export { redactText, redactValue } from './logging/redact';
export { httpLogOptions, tellOrigin, type RequestOrigin } from './logging/http-log';
export { Readiness, type Check, type ReadinessReport } from './health/readiness';
export { createRegistry } from './metrics/registry';
export { busMeter, observeLag } from './metrics/bus-metrics';
export { Shutdown, type Phase } from './lifecycle/shutdown';
export { packageVersion } from './lifecycle/package-version';
export { runService, type Service, type ServiceProcess, type ServiceSettings } from './lifecycle/run-service';
export { endOnSignals } from './lifecycle/signals';
export { Repeating } from './lifecycle/repeating';
export { LOOK_MS, within } from './within';
export { KitModule, serviceModule, type KitOptions } from './kit/kit.module';
export { startService, type RunningService, type StartOptions } from './kit/start-service';
export { LOGGER, SERVICE, type ServiceIdentity } from './kit/tokens';
export { startTracing } from './tracing/start-tracing';
export { traced, type SpanAttributes } from './tracing/traced';
