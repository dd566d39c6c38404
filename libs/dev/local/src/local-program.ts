import { constants } from 'node:os';
import { Ending, failureCode, lastWord, Output, plainFailure } from '@solvent-por/shared/terminal';
import { whenNpmHasGone } from './launcher';

/** Its code when it ended without having done what it was started for, and no signal ended it. */
const UNFINISHED = 1;

/**
 * A program that starts the services on this machine, shows something, and serves until it is told to end: by
 * Ctrl-C, SIGTERM, or SIGHUP when the terminal is closed. Then, and when it fails, whatever it started is
 * ended, in reverse order, however far it had come; nothing is left running. A second signal ends it at once.
 *
 * That nobody reads what it says (`| head`) changes nothing. It ends with 0 only when what it was started for
 * is done.
 */
export class LocalProgram {
  readonly #out = new Output(process.stdout);
  readonly #ending = new Ending(UNFINISHED);
  readonly #closing: (() => Promise<unknown>)[] = [];
  #starting: Promise<unknown> = Promise.resolve();
  #signal: NodeJS.Signals | undefined;
  #done = false;

  constructor() {
    new Output(process.stderr);
    this.#ending.report = (error) => lastWord(2, `${plainFailure(error ?? 'it ended before it was done')}\n`);
    const stop = (signal: NodeJS.Signals) =>
      void this.#stop(signal).catch((error: unknown) => this.#fail(error));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    // As if the terminal had been closed.
    whenNpmHasGone(() => this.#signal ?? stop('SIGHUP'));
  }

  readonly say = (line = ''): void => this.#out.write(`${line}\n`);

  bold(text: string): string {
    return this.#out.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[22m` : text;
  }

  /** Starts something that a signal does not interrupt: it is waited for, then closed. */
  async start<T>(start: () => Promise<T>, close: (started: T) => Promise<unknown>): Promise<T> {
    if (this.#signal) await new Promise(() => undefined);
    const starting = start();
    this.#starting = starting.then(
      (started) => this.#closing.push(() => close(started)),
      () => undefined,
    );
    const started = await starting;
    await this.#starting;
    // Told to end meanwhile: what follows is not begun any more.
    if (this.#signal) await new Promise(() => undefined);
    return started;
  }

  /** Ends before anything was begun: help was shown (0), or the arguments are wrong. */
  endAtOnce(code: number): never {
    this.#ending.decide(code);
    process.exit(code);
  }

  /** What it was started for is done. */
  done(): void {
    this.#done = true;
  }

  /** Ends what was started. */
  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }

  /** Runs it; without `serveOn` it ends when the work is done. */
  async run(work: () => Promise<{ readonly serveOn: boolean }>): Promise<void> {
    try {
      const { serveOn } = await work();
      if (serveOn || this.#signal) return;
      await this.close();
      await this.#exit(0);
    } catch (error) {
      // What fails because it is being ended is no news.
      if (this.#signal) return;
      await this.close().catch(() => undefined);
      await this.#fail(error);
    }
  }

  async #stop(signal: NodeJS.Signals): Promise<void> {
    const code = 128 + constants.signals[signal];
    if (this.#signal) this.endAtOnce(code);
    this.#signal = signal;
    this.say('\nEnding … (Ctrl-C again ends at once)');
    await this.#starting;
    await this.close();
    await this.#exit(this.#done ? 0 : code);
  }

  async #fail(error: unknown): Promise<void> {
    lastWord(2, `${plainFailure(error)}\n`);
    await this.#exit(failureCode(error));
  }

  async #exit(code: number): Promise<void> {
    this.#ending.decide(code);
    await this.#out.settled();
    process.exit(code);
  }
}
