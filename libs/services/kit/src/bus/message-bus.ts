import type { EventContract } from '@solvent-por/services/contracts';

/** What a handler is told about the delivery of a message. */
export interface Delivery {
  /** Deliveries of this message to this group so far, this one included, as far as this process knows. */
  readonly attempt: number;
  /**
   * Aborted when the service shuts down: the handler then finishes or abandons its work soon; an abandoned
   * message is delivered again.
   */
  readonly signal: AbortSignal;
}

export interface SubscribeOptions {
  /** Instances of one group share the messages of its one topic; each group sees all. */
  readonly group: string;
  /**
   * Messages handled side by side by this instance; no more are held than are being handled, and one. A
   * topic's messages are handled by at most as many at once, in all instances of a group together, as it has
   * partitions.
   */
  readonly concurrency: number;
  /**
   * Called when a message was given up, after it went to the dead letters; called again, like a handler, when
   * it throws.
   */
  readonly onDeadLetter?: (reason: DeadLetterReason) => Promise<void>;
}

export interface DeadLetterReason {
  readonly code: string;
  readonly reason: string;
  /** Undefined when the message could not even be read. */
  readonly message: unknown;
}

/** Messages of one topic that a group has yet to handle. */
export interface GroupLag {
  readonly group: string;
  readonly topic: string;
  readonly messages: number;
}

/**
 * Publish and subscribe, at least once. Two adapters: Kafka, and one in this process; handlers cannot tell
 * them apart.
 *
 * A message is done when its handler resolves. When it throws, the message is delivered again after a pause:
 * without end while the error is transient (a database that restarts), a few times otherwise, then it goes to
 * the dead letters with the reason, so that it never blocks a partition.
 * Messages of one key are handled one after the other, in the order in which they were published.
 */
export interface MessageBus {
  /**
   * Resolves when the message is safe: on Kafka, when all replicas in sync have it.
   *
   * @param options.slot messages of one contract with slots 0, 1, 2, … are spread evenly over the partitions;
   *   without it, by key
   * @throws SolventError BUS_UNAVAILABLE (transient: try again later), BUS_REFUSED, BUS_MESSAGE_TOO_LARGE,
   *   BUS_CLOSED
   */
  publish<T>(contract: EventContract<T>, message: T, options?: { readonly slot?: number }): Promise<void>;
  /**
   * Adds a handler to a group, which sees what is published from then on and what is still kept of before.
   * Resolves at once; whether messages arrive, `isReady` says.
   */
  subscribe<T>(
    contract: EventContract<T>,
    options: SubscribeOptions,
    handler: (message: T, delivery: Delivery) => Promise<void>,
  ): Promise<void>;
  /** Whether messages can be published and received now. */
  isReady(): Promise<boolean>;
  /** Messages published and not yet handled, by topic, for the groups of this instance. */
  lag(): Promise<readonly GroupLag[]>;
  /** Stops receiving, waits until running handlers end (their signal is aborted), disconnects. */
  close(): Promise<void>;
}
