import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../logging/log';

/** So often a service looks for work that no message told it of. */
const SWEEP_MS = 15_000;

/** Does something at start, and again and again; what fails is logged, and done again next time. */
export class Repeating {
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly log: Log,
    private readonly every = SWEEP_MS,
  ) {}

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Resolves when what is under way is done. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this;
    while (!signal.aborted) {
      await this.work(signal).catch((error: unknown) => this.log.error({ err: error }, 'the sweep failed'));
      await pause(this.every, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
