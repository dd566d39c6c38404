const HOUR_MS = 3_600_000;
/** Lines of the audit: a key has one of each gateway so often, in an hour in which it looked something up. */
export const RECORDED_EVERY_MS = 600_000;

export interface LookupCount {
  /** API key id. */
  readonly actor: string;
  readonly action: 'lookups.count';
  /** The hour, as `2026-11-30T14Z`. */
  readonly target: string;
  readonly details: { readonly lookups: number };
}

/**
 * Counts look-ups by key and hour for the audit, written in batches; never whose. Several lines of an hour add
 * up.
 */
export class LookupCounts {
  #counts = new Map<string, { readonly keyId: string; readonly hour: string; lookups: number }>();

  constructor(
    private readonly record: (entry: LookupCount) => Promise<unknown>,
    private readonly onNotRecorded: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** The anonymous are counted by metrics alone. */
  add(keyId: string | undefined): void {
    if (keyId !== undefined) this.#add(keyId, hourOf(this.now()), 1);
  }

  /** Writes what was counted; what cannot be written is kept for the next time. */
  async write(): Promise<void> {
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    let failed: unknown;
    for (const { keyId, hour, lookups } of counts)
      try {
        if (failed !== undefined) throw failed;
        await this.record({ actor: keyId, action: 'lookups.count', target: hour, details: { lookups } });
      } catch (error) {
        failed = error;
        this.#add(keyId, hour, lookups);
      }
    if (failed !== undefined) this.onNotRecorded(failed);
  }

  #add(keyId: string, hour: string, lookups: number): void {
    const name = `${hour} ${keyId}`;
    const count = this.#counts.get(name);
    if (count) count.lookups += lookups;
    else this.#counts.set(name, { keyId, hour, lookups });
  }
}

function hourOf(at: number): string {
  return `${new Date(at - (at % HOUR_MS)).toISOString().slice(0, 13)}Z`;
}
