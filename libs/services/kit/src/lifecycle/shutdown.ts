import type { Log } from '../logging/log';
import { within } from '../within';

/**
 * In this order: no new work is taken, what runs is ended; then no request is answered any more; then what
 * both stood on is closed.
 */
export const PHASES = ['work', 'serve', 'store'] as const;
export type Phase = (typeof PHASES)[number];

interface Step {
  readonly phase: Phase;
  readonly name: string;
  readonly close: () => Promise<void>;
}

/** What has to be closed when the service ends, and in which order. */
export class Shutdown {
  readonly #steps: Step[] = [];
  #running: Promise<boolean> | undefined;

  constructor(private readonly log: Log) {}

  /** @param name as logs call it */
  add(phase: Phase, name: string, close: () => Promise<void>): void {
    this.#steps.push({ phase, name, close });
  }

  /**
   * Closes everything, once; a second call waits for the first. False when something was not closed in time,
   * or failed: which, the log says.
   */
  run(seconds: number): Promise<boolean> {
    return (this.#running ??= this.#run(seconds));
  }

  async #run(seconds: number): Promise<boolean> {
    const open = new Set(this.#steps);
    let failed = false;
    const closing = (async () => {
      for (const phase of PHASES)
        await Promise.all(
          this.#steps
            .filter((step) => step.phase === phase)
            .map(async (step) => {
              try {
                await step.close();
              } catch (error) {
                failed = true;
                this.log.error({ step: step.name, err: error }, 'could not be closed');
              }
              open.delete(step);
            }),
        );
    })();
    const inTime = (await within(closing, seconds * 1000)) !== undefined;
    if (!inTime) this.log.error({ open: [...open].map(({ name }) => name), seconds }, 'not closed in time');
    return inTime && !failed;
  }
}
