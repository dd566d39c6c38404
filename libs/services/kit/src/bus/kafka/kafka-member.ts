import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { asciiLower } from '@solvent-por/kzg';
import type { Log } from '../../logging/log';
import { pause, pauseMsAfter } from '../backoff';
import type { Outcome } from '../bus-options';
import type { Incoming } from '../incoming';
import type { HandlingSignals } from '../message-handling';
import { inTurn } from './assigner';
import { Heartbeat, isLost } from './heartbeat';
import { kafkaClient, Sockets, type KafkaConnection } from './kafka-connection';
import type { KafkaTiming } from './kafka-timing';
import { within } from '../../within';

export interface MemberOptions {
  readonly connection: KafkaConnection;
  readonly timing: KafkaTiming;
  readonly topic: string;
  readonly group: string;
  readonly log: Log;
  /** Aborted when the bus closes. */
  readonly closing: AbortSignal;
  readonly handle: (incoming: Incoming, signals: HandlingSignals) => Promise<Outcome>;
}

/** Pauses between two consumers when one after the other fails, and between two commits. */
const PAUSES = { tries: Infinity, firstPauseMs: 200, longestPauseMs: 5_000 };
/**
 * Bridges a broker's restart (half a minute), so that the member keeps its id: the group would wait for the
 * old one until its session ends.
 */
const RETRY = { retries: 20, initialRetryTime: 200, maxRetryTime: 2_000 };
/**
 * Leaving takes no longer unless a handler runs; only a member that waits for others to join again would wait
 * with them.
 */
const LEAVE_MS = 3_000;
/**
 * A broker sends at least one record batch whatever these say, and then no other: one message at a time,
 * whether it has 100 bytes or 16 MiB, for each publish is a batch of its own. kafkajs names the partitions in
 * another order each time, so that none starves.
 * With several brokers one message of each may wait.
 */
const ONE_BATCH = { maxBytes: 1, maxBytesPerPartition: 1 };

/**
 * One member of a consumer group, which handles one message at a time. When its consumer fails for whatever
 * reason, it makes another.
 */
export class KafkaMember {
  #joined = false;
  #handling = false;
  readonly #running: Promise<void>;

  constructor(private readonly options: MemberOptions) {
    this.#running = this.#run();
  }

  /** Whether it is in its group, or joining it again after a rebalance. */
  get isJoined(): boolean {
    return this.#joined;
  }

  /** Resolves after the bus is told to close, when the handler has ended and the group is left. */
  ended(): Promise<void> {
    return this.#running;
  }

  async #run(): Promise<void> {
    const { closing, log, topic, group } = this.options;
    for (let failures = 0; !closing.aborted;) {
      const joined = await this.#consume();
      if (closing.aborted) return;
      failures = joined ? 1 : failures + 1;
      log.warn({ topic, group, failures }, 'consumer ended: another one is made');
      await pause(pauseMsAfter(failures, PAUSES), closing);
    }
  }

  /** One consumer, from its making to its end. Whether it got as far as joining the group. */
  async #consume(): Promise<boolean> {
    const { connection, timing, group, topic, log, closing } = this.options;
    const sockets = new Sockets();
    const consumer = kafkaClient(connection, sockets, log).consumer({
      ...ONE_BATCH,
      groupId: group,
      partitionAssigners: [inTurn],
      sessionTimeout: timing.sessionTimeout,
      rebalanceTimeout: timing.rebalanceTimeout,
      heartbeatInterval: timing.heartbeatInterval,
      maxWaitTimeInMs: timing.fetchWait,
      allowAutoTopicCreation: false,
      // kafkajs starts again after some errors and not after others: here #run always does.
      retry: { ...RETRY, restartOnFailure: async () => false },
    });
    let joinedOnce = false;
    let end = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    consumer.on(consumer.events.GROUP_JOIN, () => (joinedOnce = this.#joined = true));
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      log.warn({ topic, group, err: payload.error }, 'consumer failed');
      end();
    });
    closing.addEventListener('abort', end, { once: true });
    try {
      await Promise.race([ended, this.#start(consumer).then(() => ended)]);
    } catch (error) {
      log.warn({ topic, group, err: error }, 'consumer did not start');
    }
    closing.removeEventListener('abort', end);
    this.#joined = false;
    await this.#leave(consumer, sockets);
    return joinedOnce;
  }

  async #start(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topic: this.options.topic, fromBeginning: true });
    await consumer.run({
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: (payload) => this.#handleBatch(payload),
    });
  }

  /** As a rule of one message; another publisher may have put more into its batch. */
  async #handleBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
    for (const message of batch.messages) {
      if (!isRunning() || isStale()) return;
      const beat = new Heartbeat(heartbeat, this.options.timing.heartbeatInterval);
      this.#handling = true;
      try {
        const incoming = incomingOf(batch.topic, batch.partition, message);
        const outcome = await this.options.handle(incoming, {
          closing: this.options.closing,
          giveWay: beat.lost,
        });
        if (outcome === 'abandoned') {
          if (beat.reason) throw beat.reason;
          return;
        }
        resolveOffset(message.offset);
        await this.#commit(payload);
      } finally {
        this.#handling = false;
        beat.stop();
      }
    }
  }

  /**
   * Tries for as long as a session lasts, so that a broker's restart doesn't have the message delivered
   * again.
   */
  async #commit({ commitOffsetsIfNecessary, uncommittedOffsets }: EachBatchPayload): Promise<void> {
    const { closing, timing } = this.options;
    const deadline = performance.now() + timing.sessionTimeout;
    for (let failures = 1; ; failures++) {
      try {
        return await commitOffsetsIfNecessary(uncommittedOffsets());
      } catch (error) {
        if (isLost(error) || closing.aborted || performance.now() > deadline) throw error;
        await pause(pauseMsAfter(failures, PAUSES), closing);
      }
    }
  }

  async #leave(consumer: Consumer, sockets: Sockets): Promise<void> {
    const left = consumer.disconnect().catch(() => undefined);
    while (!(await within(left, LEAVE_MS)) && this.#handling);
    sockets.destroy();
    await within(left, LEAVE_MS);
  }
}

function incomingOf(topic: string, partition: number, message: KafkaMessage): Incoming {
  const { offset, key, value, headers = {} } = message;
  const texts = Object.entries(headers).map(([name, one]) => {
    const first = Array.isArray(one) ? one[0] : one;
    return [asciiLower(name), first?.toString() ?? ''];
  });
  return {
    topic,
    partition,
    offset,
    key: key?.toString() ?? '',
    value: value ?? new Uint8Array(0),
    headers: Object.fromEntries(texts),
  };
}
