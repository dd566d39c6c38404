import { Piscina } from 'piscina';

/** What a worker posts once its native libraries are loaded, or could not be. */
export const LOADED = 'solvent:loaded';

/** So long a worker may take to load; c-kzg takes 2 seconds on a free core. */
const PATIENCE = 60_000;

/** Worker threads that are ended in good order. */
export class WorkerPool extends Piscina {
  #loaded = 0;
  #wake: () => void = () => undefined;

  constructor(options: ConstructorParameters<typeof Piscina>[0]) {
    super(options);
    this.on('message', (message: unknown) => {
      if (message !== LOADED) return;
      this.#loaded++;
      this.#wake();
    });
  }

  /**
   * Ends the threads, but none while it loads native code: N-API answers that with a C++ exception which nobody catches, and the whole
   * process aborts.
   */
  async end(): Promise<void> {
    const patience = setTimeout(() => {
      this.#loaded = Infinity;
      this.#wake();
    }, PATIENCE);
    while (this.#loaded < this.threads.length)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    clearTimeout(patience);
    await this.destroy();
  }
}
