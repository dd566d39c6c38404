import { SolventError } from '@solvent-por/kzg';
import { deadLetter, TOPICS, type EventContract } from '@solvent-por/services/contracts';
import { SpanKind } from '@opentelemetry/api';
import { traceHeaders } from '../../tracing/message-headers';
import { traced } from '../../tracing/traced';
import { pause, pauseMsAfter } from '../backoff';
import { busClosed, checkMessageSize } from '../bus-errors';
import { RETRY_POLICY, type BusOptions } from '../bus-options';
import { MessageHandling, type Handler } from '../message-handling';
import type { GroupLag, MessageBus, SubscribeOptions } from '../message-bus';
import { LOOK_MS } from '../../within';
import { KafkaAdmin } from './kafka-admin';
import type { KafkaConnection } from './kafka-connection';
import { groupLag } from './kafka-lag';
import { KafkaMember } from './kafka-member';
import { KafkaPublisher } from './kafka-publisher';
import { KAFKA_TIMING, type KafkaTiming } from './kafka-timing';
import { provisionTopics, type Topic } from './provision-topics';

export interface KafkaBusOptions extends BusOptions {
  readonly connection: KafkaConnection;
  /** Topics to be made when they are missing; all of the services' unless given. */
  readonly topics?: readonly Topic[];
  readonly timing?: Partial<KafkaTiming>;
}

/**
 * The bus over Kafka. It provisions the topics first, and keeps trying while no broker can be reached:
 * services start in any order.
 *
 * Each handler that may run side by side is a member of the group of its own, with its own connection.
 */
export class KafkaBus implements MessageBus {
  readonly #timing: KafkaTiming;
  readonly #closing = new AbortController();
  readonly #admin: KafkaAdmin;
  readonly #publisher: KafkaPublisher;
  readonly #members: KafkaMember[] = [];
  readonly #groups = new Map<string, { group: string; topic: string }>();
  readonly #provisioning: Promise<boolean>;
  #provisioned = false;
  readonly #starting: Promise<void>[] = [];

  constructor(private readonly options: KafkaBusOptions) {
    this.#timing = { ...KAFKA_TIMING, ...options.timing };
    this.#admin = new KafkaAdmin(options.connection, options.log);
    this.#publisher = new KafkaPublisher(options.connection, this.#timing.publishTimeout, options.log);
    this.#provisioning = this.#provision();
  }

  async publish<T>(
    contract: EventContract<T>,
    message: T,
    { slot }: { readonly slot?: number } = {},
  ): Promise<void> {
    const { topic } = contract;
    const value = contract.encode(message);
    checkMessageSize(topic, value.length);
    await traced(
      `publish ${topic}`,
      { topic },
      () =>
        this.#publisher.publish({
          topic,
          key: contract.key(message),
          value,
          headers: traceHeaders(),
          ...(slot === undefined ? {} : { slot }),
        }),
      SpanKind.PRODUCER,
    );
    this.options.meter.published(topic, value.length);
  }

  async subscribe<T>(
    contract: EventContract<T>,
    subscription: SubscribeOptions,
    handler: Handler<T>,
  ): Promise<void> {
    if (this.#closing.signal.aborted) throw busClosed();
    const { topic } = contract;
    const { group, concurrency } = subscription;
    // kafkajs's leader hands out the topics that it itself reads: members of one group that read different
    // ones would get nothing.
    if ([...this.#groups.values()].some((other) => other.group === group && other.topic !== topic))
      throw new SolventError(
        'BUS_GROUP_TOPICS',
        'internal',
        `the group ${group} reads another topic already`,
      );
    this.#groups.set(`${group} ${topic}`, { group, topic });
    const handling = new MessageHandling(contract, subscription, handler, this.options, (letter) =>
      this.publish(deadLetter, letter),
    );
    this.#starting.push(this.#startMembers(topic, group, concurrency, handling));
  }

  async isReady(): Promise<boolean> {
    if (!this.#provisioned || this.#closing.signal.aborted) return false;
    if (!this.#members.every(({ isJoined }) => isJoined)) return false;
    try {
      const { brokers } = await this.#admin.ask((admin) => admin.describeCluster(), LOOK_MS);
      return brokers.length > 0;
    } catch {
      return false;
    }
  }

  lag(): Promise<readonly GroupLag[]> {
    return this.#admin.ask((admin) =>
      Promise.all([...this.#groups.values()].map(({ group, topic }) => groupLag(admin, group, topic))),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    // Brokers that were never reached needn't be waited for.
    if (!this.#provisioned) await this.#admin.close();
    await Promise.all(this.#starting);
    await Promise.all(this.#members.map((member) => member.ended()));
    // Handlers that ended just now may have published.
    await this.#publisher.close();
    await this.#admin.close();
    await this.#provisioning;
  }

  async #startMembers<T>(
    topic: string,
    group: string,
    count: number,
    handling: MessageHandling<T>,
  ): Promise<void> {
    if (!(await this.#provisioning)) return;
    const { connection, log } = this.options;
    for (let member = 0; member < count; member++)
      this.#members.push(
        new KafkaMember({
          ...{ connection, log, topic, group },
          timing: this.#timing,
          closing: this.#closing.signal,
          handle: (incoming, signals) => handling.handle(incoming, signals),
        }),
      );
  }

  /** Whether the topics are there, or an administrator's to make; false when the bus was closed before. */
  async #provision(): Promise<boolean> {
    const { topics = TOPICS, log, connection } = this.options;
    for (let failures = 1; !this.#closing.signal.aborted; failures++) {
      try {
        await this.#admin.ask(
          async (admin) =>
            connection.provision === false
              ? void (await admin.describeCluster())
              : provisionTopics(admin, topics, log),
          60_000,
        );
        return (this.#provisioned = true);
      } catch (error) {
        log.warn({ failures, err: error }, 'topics are not provisioned yet');
        await pause(pauseMsAfter(failures, RETRY_POLICY), this.#closing.signal);
      }
    }
    return false;
  }
}
