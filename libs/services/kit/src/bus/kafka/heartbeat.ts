/** Answers to a heart-beat after which the member's assignment won't last. */
const LOST = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'NOT_COORDINATOR_FOR_GROUP',
  'FENCED_INSTANCE_ID',
]);

/**
 * Keeps a member in its group while it handles a message for minutes. That a rebalance begins is no reason to
 * throw the work away: the broker waits for us, and we go on, beating. Only whoever waits for another try may
 * give way.
 */
export class Heartbeat {
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #reason: unknown;

  /**
   * @param interval milliseconds; kafkajs leaves out beats that come earlier, so the timer runs at twice its
   * rate
   */
  constructor(
    private readonly beat: () => Promise<void>,
    interval: number,
  ) {
    this.#timer = setInterval(() => void this.#beatOnce(), interval / 2);
  }

  /** Aborted when the broker wants the assignment back. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** With what the broker said so; kafkajs joins the group again when it is thrown. */
  get reason(): unknown {
    return this.#reason;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #beatOnce(): Promise<void> {
    try {
      await this.beat();
    } catch (error) {
      // Anything else is a broker that is away: the next beat connects again.
      if (!isLost(error)) return;
      this.#reason ??= error;
      this.#lost.abort();
    }
  }
}

/** Whether the broker's answer means that the assignment is over or about to be. */
export function isLost(error: unknown): boolean {
  const { type } = typeof error === 'object' && error !== null ? (error as { type?: unknown }) : {};
  return typeof type === 'string' && LOST.has(type);
}
