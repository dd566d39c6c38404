/** Messages a second, and how many may come at once: more than any client of ours needs. */
const A_SECOND = 20;
const AT_ONCE = 60;

/** How many messages one connection may still send, of whatever kind. */
export class MessageRate {
  #left = AT_ONCE;
  #last: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.#last = now();
  }

  /** @returns false for one too many */
  take(): boolean {
    const now = this.now();
    this.#left = Math.min(AT_ONCE, this.#left + ((now - this.#last) / 1000) * A_SECOND);
    this.#last = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
