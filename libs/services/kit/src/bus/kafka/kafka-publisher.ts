import type { Producer } from 'kafkajs';
import type { Log } from '../../logging/log';
import { pause, pauseMsAfter } from '../backoff';
import { busClosed, busRefused, busUnavailable } from '../bus-errors';
import { reasonOf } from '../dead-letters';
import { connectClient, type Client } from './kafka-client';
import type { KafkaConnection } from './kafka-connection';
import { bySlotOrKey } from './partitioner';
import { within } from '../../within';

export interface Outgoing {
  readonly topic: string;
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly slot?: number;
}

/** What a broker would answer again. */
const REFUSALS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'POLICY_VIOLATION',
]);
const PAUSES = { tries: Infinity, firstPauseMs: 100, longestPauseMs: 2_000 };

/**
 * Sends messages to all replicas in sync, idempotently: a request that is repeated because its answer was
 * lost is written once.
 *
 * A topic's messages are sent one at a time. kafkajs takes a sequence number back when a request fails, and
 * gives it to whichever message comes next: were that another one, the broker would take it for the
 * repetition of the first and drop it. For the same reason a producer whose message could not be sent is
 * never used again; the next one has a new producer id.
 */
export class KafkaPublisher {
  #client: Client<Producer> | undefined;
  readonly #topics = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(
    private readonly connection: KafkaConnection,
    private readonly timeout: number,
    private readonly log: Log,
  ) {}

  /** @throws SolventError BUS_UNAVAILABLE | BUS_REFUSED | BUS_CLOSED */
  async publish(message: Outgoing): Promise<void> {
    const before = this.#topics.get(message.topic) ?? Promise.resolve();
    const sent = before.then(() => this.#send(message));
    const settled = sent.catch(() => undefined);
    this.#topics.set(message.topic, settled);
    await sent;
  }

  /** Waits for what is being sent, then disconnects; what waits to be sent is refused. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#topics.values());
    await this.#client?.end();
  }

  async #send(message: Outgoing): Promise<void> {
    const deadline = performance.now() + this.timeout;
    const { topic } = message;
    for (let failures = 1; ; failures++) {
      if (this.#closing.signal.aborted) throw busClosed();
      const client = (this.#client ??= this.#connect());
      try {
        const inTime = await within(
          client.connected.then((producer) => sendOnce(producer, message)),
          Math.max(1, deadline - performance.now()),
        );
        if (inTime) return;
        throw new Error('no answer in time');
      } catch (error) {
        this.#discard(client);
        const { reason } = reasonOf(error);
        const refusal = refusalOf(error);
        if (refusal) throw busRefused(topic, refusal);
        if (performance.now() >= deadline) throw busUnavailable(topic, this.timeout / 1000, reason);
        this.log.warn({ topic, failures, reason }, 'publishing will be tried again');
        const rest = Math.max(0, deadline - performance.now());
        await pause(Math.min(pauseMsAfter(failures, PAUSES), rest), this.#closing.signal);
      }
    }
  }

  /** It is ended when requests of other topics that are under way are answered. */
  #discard(client: Client<Producer>): void {
    if (this.#client === client) this.#client = undefined;
    void client.end();
  }

  #connect(): Client<Producer> {
    return connectClient(
      (kafka) =>
        kafka.producer({
          idempotent: true,
          allowAutoTopicCreation: false,
          createPartitioner: bySlotOrKey,
        }),
      this.connection,
      this.log,
    );
  }
}

async function sendOnce(producer: Producer, { topic, key, value, headers, slot }: Outgoing): Promise<void> {
  await producer.send({
    topic,
    acks: -1,
    messages: [
      {
        key,
        value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
        headers: { ...headers },
        ...(slot === undefined ? {} : { partition: slot }),
      },
    ],
  });
}

/** The broker's refusal somewhere below an error of kafkajs. */
function refusalOf(error: unknown): string | undefined {
  for (let one = error; typeof one === 'object' && one !== null; one = (one as { cause?: unknown }).cause) {
    const { type } = one as { type?: unknown };
    if (typeof type === 'string' && REFUSALS.has(type)) return type;
  }
  return undefined;
}
