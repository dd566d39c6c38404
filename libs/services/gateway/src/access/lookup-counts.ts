const HOUR_MS = 3_600_000;
/** Lines of the audit: a key has one of each gateway so often, in an hour in which it asked for something. */
export const RECORDED_EVERY_MS = 600_000;

/** What is counted, and the action under which the audit has it. */
const ACTIONS = {
  /** Inclusion proofs. */
  lookups: 'lookups.count',
  /** Claim files, handed out or refused. */
  claimFiles: 'claim-files.count',
  /** Claims that were to be made here, which takes a claim file, too. */
  claimsMade: 'claims-made.count',
  claimChallenges: 'claim-challenges.count',
  /** Verifications of private claims. */
  claims: 'claims.count',
  /** Those that held, and took their challenge. */
  claimsTaken: 'claims-taken.count',
} as const;

export type Counted = keyof typeof ACTIONS;

export interface LookupCount {
  /** API key id. */
  readonly actor: string;
  readonly action: (typeof ACTIONS)[Counted];
  /** The hour, as `2026-11-30T14Z`. */
  readonly target: string;
  readonly details: { readonly [what in Counted]?: number };
}

interface Count {
  readonly keyId: string;
  readonly hour: string;
  readonly what: Counted;
  count: number;
}

/**
 * Counts look-ups, and what is asked for about claims, by key and hour for the audit, written in batches; never
 * whose. Several lines of an hour add up.
 */
export class LookupCounts {
  #counts = new Map<string, Count>();

  constructor(
    private readonly record: (entry: LookupCount) => Promise<unknown>,
    private readonly onNotRecorded: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** The anonymous are counted by metrics alone. */
  add(keyId: string | undefined, what: Counted = 'lookups'): void {
    if (keyId !== undefined) this.#add({ keyId, hour: hourOf(this.now()), what, count: 1 });
  }

  /** Writes what was counted; what cannot be written is kept for the next time. */
  async write(): Promise<void> {
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    let failed: unknown;
    for (const counted of counts)
      try {
        if (failed !== undefined) throw failed;
        const { keyId, hour, what, count } = counted;
        const details = { [what]: count };
        await this.record({ actor: keyId, action: ACTIONS[what], target: hour, details });
      } catch (error) {
        failed = error;
        this.#add(counted);
      }
    if (failed !== undefined) this.onNotRecorded(failed);
  }

  #add(counted: Count): void {
    const name = `${counted.hour} ${counted.what} ${counted.keyId}`;
    const known = this.#counts.get(name);
    if (known) known.count += counted.count;
    else this.#counts.set(name, { ...counted });
  }
}

function hourOf(at: number): string {
  return `${new Date(at - (at % HOUR_MS)).toISOString().slice(0, 13)}Z`;
}
