import type { InclusionToKeep } from '@solvent-por/services/database';

export interface DocumentKeeperOptions {
  readonly store: (proofs: readonly InclusionToKeep[]) => Promise<void>;
  /** Documents that were not kept are made again by whoever needs them next. */
  readonly onNotKept: (error: unknown) => void;
  /** Most documents that wait; those beyond are not kept. */
  readonly mostWaiting?: number;
}

/** Documents of one statement. */
const TOGETHER = 128;

/**
 * Keeps documents behind the answers: nobody waits for a disk. What comes while one statement runs goes with
 * the next, for each takes a commit.
 */
export class DocumentKeeper {
  readonly #waiting: InclusionToKeep[] = [];
  readonly #most: number;
  #running: Promise<void> | undefined;
  #ended = false;

  constructor(private readonly options: DocumentKeeperOptions) {
    this.#most = options.mostWaiting ?? 2048;
  }

  keep(proof: InclusionToKeep): void {
    if (this.#ended || this.#waiting.length >= this.#most) return;
    this.#waiting.push(proof);
    this.#running ??= this.#run();
  }

  /** Waits until all that came is kept; what comes later is not. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0)
      try {
        await this.options.store(this.#waiting.splice(0, TOGETHER));
      } catch (error) {
        this.options.onNotKept(error);
      }
    this.#running = undefined;
  }
}
