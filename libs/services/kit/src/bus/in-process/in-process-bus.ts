import { deadLetter, type DeadLetter, type EventContract } from '@solvent-por/services/contracts';
import { traceHeaders } from '../../tracing/message-headers';
import { busClosed, checkMessageSize } from '../bus-errors';
import type { BusOptions } from '../bus-options';
import { MessageHandling, type Handler } from '../message-handling';
import type { GroupLag, MessageBus, SubscribeOptions } from '../message-bus';
import { TopicLog } from './topic-log';

export interface InProcessBusOptions extends BusOptions {
  /** Bytes of values that may wait on one topic before publishers wait, too; 64 MiB. */
  readonly capacity?: number;
}

const CAPACITY_BYTES = 64 * 1024 * 1024;
/** Dead letters that are kept to be looked at. */
const KEPT_DEAD_LETTERS = 1_000;

/**
 * The bus of a single process: the embedded default, and for tests. Messages are encoded and read like any,
 * so that handlers share no objects.
 *
 * It lives in memory: what was not handled when the process ends is gone, and the services resume from the
 * database. A publisher waits while a topic is full, so a handler must not publish large amounts to the topic
 * that it handles.
 */
export class InProcessBus implements MessageBus {
  readonly #topics = new Map<string, TopicLog>();
  readonly #closing = new AbortController();
  #closed = false;
  readonly #workers: Promise<void>[] = [];
  readonly #deadLetters: DeadLetter[] = [];

  constructor(private readonly options: InProcessBusOptions) {}

  /** The newest dead letters, oldest first. */
  get deadLetters(): readonly DeadLetter[] {
    return this.#deadLetters;
  }

  async publish<T>(contract: EventContract<T>, message: T): Promise<void> {
    const value = contract.encode(message);
    checkMessageSize(contract.topic, value.length);
    const topic = this.#topic(contract.topic);
    await topic.room(this.#closing.signal);
    // While it closes, handlers that are ending may still publish.
    if (this.#closed) throw busClosed();
    topic.add(contract.key(message), value, traceHeaders());
    this.options.meter.published(contract.topic, value.length);
  }

  async subscribe<T>(
    contract: EventContract<T>,
    subscription: SubscribeOptions,
    handler: Handler<T>,
  ): Promise<void> {
    if (this.#closing.signal.aborted) throw busClosed();
    const topic = this.#topic(contract.topic);
    topic.group(subscription.group);
    const handling = new MessageHandling(contract, subscription, handler, this.options, (letter) =>
      this.#publishDeadLetter(letter),
    );
    for (let worker = 0; worker < subscription.concurrency; worker++)
      this.#workers.push(this.#work(topic, subscription.group, handling));
  }

  async isReady(): Promise<boolean> {
    return !this.#closing.signal.aborted;
  }

  async lag(): Promise<readonly GroupLag[]> {
    return [...this.#topics.values()].flatMap(({ topic, groups }) =>
      [...groups].map(([group, { messages }]) => ({ group, topic, messages })),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const topic of this.#topics.values()) {
      for (const group of topic.groups.values()) group.close();
      topic.moved();
    }
    await Promise.all(this.#workers);
    this.#closed = true;
  }

  async #work<T>(topic: TopicLog, name: string, handling: MessageHandling<T>): Promise<void> {
    const group = topic.group(name);
    for (let message = await group.take(); message; message = await group.take()) {
      await handling.handle(message, { closing: this.#closing.signal });
      group.release(message);
      topic.moved();
    }
  }

  async #publishDeadLetter(letter: DeadLetter): Promise<void> {
    this.#deadLetters.push(letter);
    if (this.#deadLetters.length > KEPT_DEAD_LETTERS) this.#deadLetters.shift();
    await this.publish(deadLetter, letter);
  }

  #topic(name: string): TopicLog {
    const existing = this.#topics.get(name);
    if (existing) return existing;
    const topic = new TopicLog(name, this.options.capacity ?? CAPACITY_BYTES);
    this.#topics.set(name, topic);
    return topic;
  }
}
