import { InProcessBus } from './in-process/in-process-bus';
import { KafkaBus, type KafkaBusOptions } from './kafka/kafka-bus';
import type { MessageBus } from './message-bus';

/** The bus that the configuration names: Kafka where it names brokers, one in this process otherwise. */
export function createBus({
  connection,
  ...options
}: Omit<KafkaBusOptions, 'connection'> & {
  readonly connection?: KafkaBusOptions['connection'];
}): MessageBus {
  return connection ? new KafkaBus({ ...options, connection }) : new InProcessBus(options);
}
