import { SolventError } from '@solvent-por/kzg';
import { deadLetter, type DeadLetter, type EventContract } from '@solvent-por/services/contracts';
import { tracedDelivery } from '../tracing/message-headers';
import { pause, pauseMsAfter } from './backoff';
import { isForged, isTransientBusError } from './bus-errors';
import { RETRY_POLICY, type BusOptions, type Outcome } from './bus-options';
import { deadLetterOf, reasonOf } from './dead-letters';
import type { Incoming } from './incoming';
import type { Delivery, SubscribeOptions } from './message-bus';

export type Handler<T> = (message: T, delivery: Delivery) => Promise<void>;

export interface HandlingSignals {
  /** The bus closes. */
  readonly closing: AbortSignal;
  /**
   * The broker wants the message's partition back: between two tries, when no work is lost by it, the message
   * is left.
   */
  readonly giveWay?: AbortSignal;
}

/** Tries of messages that were left, kept for their next delivery; more than these aren't remembered. */
const REMEMBERED = 1_000;

/** What happens to each message of one subscription, on any bus: read, handled, tried again, given up. */
export class MessageHandling<T> {
  readonly #attempts = new Map<string, { calls: number; failures: number }>();

  constructor(
    private readonly contract: EventContract<T>,
    private readonly subscription: SubscribeOptions,
    private readonly handler: Handler<T>,
    private readonly options: BusOptions,
    private readonly publishDeadLetter: (letter: DeadLetter) => Promise<void>,
  ) {}

  /** Never rejects. `abandoned` when the message must be delivered again: only on closing or giving way. */
  async handle(incoming: Incoming, signals: HandlingSignals): Promise<Outcome> {
    const { topic } = this.contract;
    const { group } = this.subscription;
    const { partition, offset, headers } = incoming;
    const started = performance.now();
    const outcome = await tracedDelivery(
      `handle ${topic}`,
      headers,
      { topic, group, partition, offset },
      () => this.#handle(incoming, signals),
    );
    this.options.meter.handled(topic, group, outcome, (performance.now() - started) / 1000);
    return outcome;
  }

  async #handle(incoming: Incoming, signals: HandlingSignals): Promise<Outcome> {
    let message: T;
    try {
      message = this.contract.decode(incoming.value);
    } catch (error) {
      return this.#giveUp(incoming, undefined, error, 1, signals.closing);
    }
    const place = `${incoming.partition}:${incoming.offset}`;
    const tries = this.#attempts.get(place) ?? { calls: 0, failures: 0 };
    const outcome = await this.#tryUntilDone(incoming, message, tries, signals);
    this.#attempts.delete(place);
    if (outcome === 'abandoned') this.#remember(place, tries);
    return outcome;
  }

  async #tryUntilDone(
    incoming: Incoming,
    message: T,
    tries: { calls: number; failures: number },
    { closing, giveWay }: HandlingSignals,
  ): Promise<Outcome> {
    const interrupted = giveWay ? AbortSignal.any([closing, giveWay]) : closing;
    const policy = this.options.retry ?? RETRY_POLICY;
    for (;;) {
      if (closing.aborted) return 'abandoned';
      tries.calls++;
      const failure = await this.#call(message, tries.calls, closing);
      if (!failure) return 'done';
      // Whatever a handler throws after it was told to stop is its way of abandoning.
      if (closing.aborted) return 'abandoned';
      const transient = this.#isTransient(failure.error);
      if (!transient) tries.failures++;
      if (tries.failures >= policy.tries || isForged(failure.error))
        return this.#giveUp(incoming, message, failure.error, tries.calls, closing);
      this.#noteRetry(incoming, failure.error, transient, tries.calls);
      await pause(pauseMsAfter(tries.calls, policy), interrupted);
      if (interrupted.aborted) return 'abandoned';
    }
  }

  async #call(message: T, attempt: number, signal: AbortSignal): Promise<{ error: unknown } | undefined> {
    try {
      await this.handler(message, { attempt, signal });
      return undefined;
    } catch (error) {
      return { error };
    }
  }

  #isTransient(error: unknown): boolean {
    return isTransientBusError(error) || this.options.isTransient(error);
  }

  /** To the dead letters, then to whoever wants to know. */
  async #giveUp(
    incoming: Incoming,
    message: T | undefined,
    error: unknown,
    attempts: number,
    closing: AbortSignal,
  ): Promise<Outcome> {
    const { topic, partition, offset } = incoming;
    const { group, onDeadLetter } = this.subscription;
    const reason = reasonOf(error);
    const fields = { topic, group, partition, offset, attempts, code: reason.code };
    this.options.log.error({ ...fields, err: error }, 'message given up');
    // A dead letter that cannot be handled would otherwise be followed by another one, for ever.
    const letter = topic === deadLetter.topic ? undefined : deadLetterOf(incoming, group, reason, attempts);
    const steps = [
      letter && (() => this.publishDeadLetter(letter)),
      onDeadLetter && (() => onDeadLetter({ ...reason, message })),
    ];
    for (const step of steps) if (step && !(await this.#insist(step, closing, fields))) return 'abandoned';
    return 'dead';
  }

  /**
   * Whether the step is behind us: done, or failed for good and logged, since nothing may block what follows.
   * False on closing.
   */
  async #insist(step: () => Promise<void>, closing: AbortSignal, fields: object): Promise<boolean> {
    const policy = this.options.retry ?? RETRY_POLICY;
    for (let calls = 1, failures = 0; !closing.aborted; calls++) {
      try {
        await step();
        return true;
      } catch (error) {
        if (!this.#isTransient(error) && ++failures >= policy.tries) {
          this.options.log.error(
            { ...fields, err: error },
            'what follows a dead message failed: only this line tells of it',
          );
          return true;
        }
        await pause(pauseMsAfter(calls, policy), closing);
      }
    }
    return false;
  }

  #noteRetry({ partition, offset }: Incoming, error: unknown, transient: boolean, attempt: number): void {
    const { topic } = this.contract;
    const { group } = this.subscription;
    this.options.meter.retried(topic, group, transient);
    const fields = { topic, group, partition, offset, attempt, transient };
    const short = error instanceof SolventError ? { code: error.code } : {};
    this.options.log.warn({ ...fields, ...short, err: error }, 'message will be tried again');
  }

  #remember(place: string, tries: { calls: number; failures: number }): void {
    this.#attempts.set(place, tries);
    if (this.#attempts.size > REMEMBERED) this.#attempts.delete(this.#attempts.keys().next().value!);
  }
}
