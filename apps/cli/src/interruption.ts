import { releaseLocks } from '@solvent-por/snapshot/files';
import type { Context } from './context';

/**
 * Ctrl-C, SIGTERM and a terminal that is closed (SIGHUP): end the program at once, unless a command said that
 * it stops in good order. At once means by the signal itself (130, 143 and 129 to a shell): nothing is
 * written halfway, and worker threads are not taken down one by one in the middle of native code.
 */
export class Interruption implements Pick<Context, 'signal' | 'interruptible'> {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  /** What stopped the program. */
  stoppedBy: NodeJS.Signals | undefined;
  #message: string | undefined;

  constructor(private readonly say: (line: string) => void) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => this.#stop(signal));
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
