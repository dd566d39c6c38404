import { setTimeout as pause } from 'node:timers/promises';
import type { IngestRunner } from './ingest-runner';
import type { Log } from '@solvent-por/services/kit';

const EVERY_MS = 15_000;

/** Looks for work at start and every 15 seconds: a request is a row first and a message second, and the message may be lost. */
export class IngestSweep {
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(
    private readonly runner: Pick<IngestRunner, 'sweep'>,
    private readonly log: Log,
    private readonly every = EVERY_MS,
  ) {}

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Resolves when what is under way has been abandoned. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.runner
        .sweep(signal)
        .catch((error: unknown) => this.log.error({ err: error }, 'the sweep failed'));
      await pause(this.every, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
