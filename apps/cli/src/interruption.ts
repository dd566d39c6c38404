import { releaseLocks } from '@solvent/files';
import type { Context } from './context';

/**
 * Ctrl-C and SIGTERM: end the program at once, unless a command said that it stops in good order. At once means by the signal itself
 * (130 and 143 to a shell): nothing is written halfway, and worker threads are not taken down one by one in the middle of native code.
 */
export class Interruption implements Pick<Context, 'signal' | 'interruptible'> {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  /** What stopped the program. */
  stoppedBy: NodeJS.Signals | undefined;
  #message: string | undefined;

  constructor(private readonly say: (line: string) => void) {
    process.on('SIGINT', (signal) => this.#stop(signal));
    process.on('SIGTERM', (signal) => this.#stop(signal));
  }

  readonly interruptible = (message: string): void => {
    this.#message = message;
  };

  #stop(signal: NodeJS.Signals): void {
    if (this.#message === undefined || this.stoppedBy) {
      // Nothing else is told of what comes.
      releaseLocks();
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
      return;
    }
    this.stoppedBy = signal;
    this.say(this.#message);
    this.#controller.abort();
  }
}
