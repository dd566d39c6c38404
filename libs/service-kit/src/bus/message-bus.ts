import type { EventContract } from '@solvent/event-contracts';

/** What a handler is told about the delivery of a message. */
export interface Delivery {
  /** Deliveries of this message to this group so far, this one included, as far as this process knows. */
  readonly attempt: number;
  /** Aborted when the service shuts down: the handler then finishes or abandons its work soon; an abandoned message is delivered again. */
  readonly signal: AbortSignal;
}

export interface SubscribeOptions {
  /** Instances of one group share the messages of a topic; each group sees all. */
  readonly group: string;
  /** Messages handled side by side by this instance; no more are held than are being handled, and one. */
  readonly concurrency: number;
  /** Called when a message was given up, after it went to the dead letters. */
  readonly onDeadLetter?: (reason: DeadLetterReason) => Promise<void>;
}

export interface DeadLetterReason {
  readonly code: string;
  readonly reason: string;
  /** Undefined when the message could not even be read. */
  readonly message: unknown;
}

/**
 * Publish and subscribe, at least once. Two adapters: Kafka, and one in this process; handlers cannot tell them apart.
 *
 * A message is done when its handler resolves. When it throws, the message is delivered again after a pause: without end while the error is
 * transient (a database that restarts), a few times otherwise, then it goes to the dead letters with the reason, so that it never blocks a partition.
 */
export interface MessageBus {
  /** @param options.slot messages of one contract with slots 0, 1, 2, … are spread evenly over the partitions; without it, by key */
  publish<T>(contract: EventContract<T>, message: T, options?: { readonly slot?: number }): Promise<void>;
  subscribe<T>(
    contract: EventContract<T>,
    options: SubscribeOptions,
    handler: (message: T, delivery: Delivery) => Promise<void>,
  ): Promise<void>;
  /** Whether messages can be published and received now. */
  isReady(): Promise<boolean>;
  /** Messages published and not yet handled, by topic, for the groups of this instance. */
  lag(): Promise<
    ReadonlyArray<{ readonly group: string; readonly topic: string; readonly messages: number }>
  >;
  /** Stops receiving, waits until running handlers end (their signal is aborted), disconnects. */
  close(): Promise<void>;
}
