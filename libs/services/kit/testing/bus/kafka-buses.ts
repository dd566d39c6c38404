import { deadLetter, type EventContract } from '@solvent-por/services/contracts';
import { KafkaBus, type KafkaBusOptions } from '../../src/bus/kafka/kafka-bus';
import type { KafkaTiming } from '../../src/bus/kafka/kafka-timing';
import { TEST_OPTIONS } from './bus-contract';
import type { Note } from './test-contract';

/** Short sessions, so that tests needn't wait long until a member counts as dead. */
export const QUICK: Partial<KafkaTiming> = {
  sessionTimeout: 2_000,
  heartbeatInterval: 300,
  fetchWait: 100,
  publishTimeout: 60_000,
};

/** Buses of one test; all are closed together. */
export class KafkaBuses {
  readonly #buses: KafkaBus[] = [];

  constructor(private readonly brokers: () => Promise<string[]>) {}

  async open(contract: EventContract<Note>, options: Partial<KafkaBusOptions> = {}): Promise<KafkaBus> {
    const bus = new KafkaBus({
      ...TEST_OPTIONS,
      connection: { brokers: await this.brokers(), clientId: 'test' },
      topics: [contract, deadLetter],
      ...options,
      timing: { ...QUICK, ...options.timing },
    });
    this.#buses.push(bus);
    return bus;
  }

  async close(): Promise<void> {
    await Promise.all(this.#buses.splice(0).map((bus) => bus.close()));
  }
}
