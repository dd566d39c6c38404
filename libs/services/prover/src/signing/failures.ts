/** Errors that are nobody's fault, of one piece of work, after which it is given up. */
const MOST = 5;

/**
 * Counts what went wrong with a piece of work, whoever asked for it: a message, which anybody may have sent, or
 * the sweep.
 */
export class Failures {
  readonly #counts = new Map<string, number>();

  /** Counts one more. @returns whether it is not to be tried again; it is then forgotten */
  isLast(work: string): boolean {
    const count = (this.#counts.get(work) ?? 0) + 1;
    if (count < MOST) this.#counts.set(work, count);
    else this.#counts.delete(work);
    return count >= MOST;
  }
}
