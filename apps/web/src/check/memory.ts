import { snapshotFacts } from './snapshot-facts';

/** What the browser keeps between visits: what is public, and nothing of the user's. */
export interface Seen {
  /** The key that signed: 0x and 64 hex digits. */
  readonly operator: string;
  /** The newest manifest that held, as its text. */
  readonly manifest: string;
}

/** As `localStorage`; reading and writing may throw, where a browser keeps nothing. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const PREFIX = 'solvent.seen:';
/** Longest manifest (specification, section 11). */
const LONGEST_CHARACTERS = 262_144;

/** What was seen of an exchange before. @param exchange where its proofs come from: an address */
export function recall(store: Store | undefined, exchange: string): Seen | undefined {
  try {
    const manifest = store?.getItem(PREFIX + exchange);
    if (!manifest || manifest.length > LONGEST_CHARACTERS) return undefined;
    const facts = snapshotFacts(manifest);
    return facts && { operator: facts.operator, manifest };
  } catch {
    return undefined;
  }
}

/**
 * Keeps a manifest whose signature and chain held, unless a newer one is kept. A key that changed is never
 * kept over the one that was seen first: it would be believed from then on.
 * @returns whether it is kept now
 */
export function remember(store: Store | undefined, exchange: string, manifest: string): boolean {
  const next = snapshotFacts(manifest);
  if (!store || !next || manifest.length > LONGEST_CHARACTERS) return false;
  const before = recall(store, exchange);
  const kept = before && snapshotFacts(before.manifest);
  if (kept && (kept.operator !== next.operator || kept.takenAt >= next.takenAt)) return false;
  try {
    store.setItem(PREFIX + exchange, manifest);
    return true;
  } catch {
    return false;
  }
}

/** Forgets an exchange: the next visit is a first one. */
export function forget(store: Store | undefined, exchange: string): void {
  try {
    store?.removeItem(PREFIX + exchange);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
