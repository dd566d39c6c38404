import { within } from '@solvent-por/services/kit';
import { LRUCache } from 'lru-cache';

/** Adds to counts that several gateways share. */
export interface SharedCounts {
  /**
   * @param minute since the epoch
   * @returns what each count is then, in the order of the counts
   */
  add(minute: number, counts: readonly SharedCount[]): Promise<readonly number[]>;
}

export interface SharedCount {
  readonly name: string;
  readonly taken: number;
}

/** What is told to the others together. */
interface Slice {
  /** Points of it that lay within the allowance, by the order in which gateways told theirs; all, unless said. */
  granted: number;
}

/** Of one minute. */
interface Count {
  readonly name: string;
  readonly minute: number;
  readonly allowance: number;
  /** Taken here, and told nobody. */
  own: number;
  /** What these will be told with. */
  slice: Slice;
  /** Taken here, on its way to the others. */
  sent: number;
  /** What all gateways together had taken when this one last looked; its own part is in it. */
  shared: number;
}

const MINUTE_MS = 60_000;
/** A caller may be ahead of what the gateways know together by this part of an allowance. */
const SLICES = 16;
/** Callers counted at once, in memory; those seen longest ago are forgotten first. */
const MOST_COUNTS = 200_000;
/** Counts in one statement. */
const MOST_SENT = 2000;
/** So long is waited for the other gateways' counts, and so long nobody asks them after they were not there. */
const PATIENCE_MS = 500;
const PAUSE_MS = 5000;

/**
 * Allowances a minute by name, that hold over several gateways: each counts by itself, and once a sixteenth
 * of an allowance was taken that the others do not know of, it tells them and learns what they took. So a
 * caller gets at most its allowance and a sixteenth of it from each gateway, and those who ask little cost the
 * database nothing. While the shared counts are away each gateway counts for itself.
 */
export class Allowances {
  readonly #counts = new LRUCache<string, Count>({ max: MOST_COUNTS });
  readonly #ahead = new Set<Count>();
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #pausedUntil = 0;

  /**
   * @param shared none where there is one gateway alone
   * @param now milliseconds since the epoch
   */
  constructor(
    private readonly shared: SharedCounts | undefined,
    private readonly onAway: (error: unknown) => void = () => undefined,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Takes from an allowance, or leaves it as it is.
   * @returns seconds until there is more, where there was too little; else 0
   */
  async take(name: string, allowance: number, points = 1): Promise<number> {
    const count = this.#of(name, allowance);
    if (takenOf(count) + points > allowance) return this.#wait();
    count.own += points;
    if (!this.shared || count.own + count.sent < Math.max(1, Math.floor(allowance / SLICES))) return 0;
    const { slice, own: end } = count;
    this.#ahead.add(count);
    await this.#share();
    return end > slice.granted ? this.#wait() : 0;
  }

  /** Gives back what was taken in this minute. */
  giveBack(name: string, points = 1): void {
    const count = this.#counts.get(name);
    if (count?.minute === this.#minute()) count.own -= points;
  }

  /** @param allowance always the same for a name */
  #of(name: string, allowance: number): Count {
    const minute = this.#minute();
    const known = this.#counts.get(name);
    if (known?.minute === minute) return known;
    const count = { name, minute, allowance, own: 0, slice: wholly(), sent: 0, shared: 0 };
    this.#counts.set(name, count);
    return count;
  }

  #minute(): number {
    return Math.floor(this.now() / MINUTE_MS);
  }

  /** Seconds to the end of the minute. */
  #wait(): number {
    return Math.max(1, Math.ceil((MINUTE_MS - (this.now() % MINUTE_MS)) / 1000));
  }

  /** One statement at a time; whoever comes while one is under way shares the next. */
  #share(): Promise<void> {
    if (Date.now() < this.#pausedUntil) {
      this.#ahead.clear();
      return Promise.resolve();
    }
    return (this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      this.#running = this.#send();
      return this.#running;
    }));
  }

  async #send(): Promise<void> {
    const all = [...this.#ahead];
    this.#ahead.clear();
    for (const minute of new Set(all.map((count) => count.minute))) {
      const ofMinute = all.filter((count) => count.minute === minute && count.own > 0);
      for (let at = 0; at < ofMinute.length; at += MOST_SENT)
        await this.#sendSome(minute, ofMinute.slice(at, at + MOST_SENT));
    }
  }

  async #sendSome(minute: number, counts: readonly Count[]): Promise<void> {
    const slices = counts.map(({ slice }) => slice);
    for (const count of counts) [count.sent, count.own, count.slice] = [count.own, 0, wholly()];
    const asked = this.shared!.add(
      minute,
      counts.map(({ name, sent }) => ({ name, taken: sent })),
    );
    try {
      const totals = await inTime(asked);
      counts.forEach((count, i) => {
        slices[i]!.granted = count.allowance - (totals[i]! - count.sent);
        [count.shared, count.sent] = [totals[i]!, 0];
      });
    } catch (error) {
      // They may have arrived all the same, so they are not sent again.
      for (const count of counts) [count.shared, count.sent] = [count.shared + count.sent, 0];
      this.#pausedUntil = Date.now() + PAUSE_MS;
      this.onAway(error);
    }
  }
}

function takenOf({ own, sent, shared }: Count): number {
  return own + sent + shared;
}

function wholly(): Slice {
  return { granted: Infinity };
}

/** @throws Error after PATIENCE_MS */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const answer = await within(work, PATIENCE_MS);
  if (!answer) throw new Error('the shared counts did not answer in time');
  return answer.value;
}
