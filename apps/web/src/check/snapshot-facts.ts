/**
 * What the first screen shows of a manifest before anything is verified. It is read here with bounds and
 * nothing else, so that the verifier need not be loaded for it; whatever is shown as checked comes from there.
 */
export interface SnapshotFacts {
  readonly snapshot: string;
  readonly takenAt: string;
  readonly operator: string;
  readonly batchCount: number;
  readonly assets: readonly string[];
  /** Whether private claims can be made about it. */
  readonly claims: boolean;
}

/** Account rows of a batch: an upper bound of its accounts. */
export const ROWS_PER_BATCH = 4080;

const [MOST_BATCHES, MOST_ASSETS, MOST_SYMBOL] = [65_536, 1024, 64];

/** @returns undefined for anything that is not shaped like a manifest */
export function snapshotFacts(text: string): SnapshotFacts | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { header, batchCount, claimRoot } = members(document);
  const { snapshot, takenAt, operator, assets } = members(header);
  if (typeof snapshot !== 'string' || snapshot.length > 100) return undefined;
  if (typeof takenAt !== 'string' || !/^[2-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(takenAt))
    return undefined;
  if (Number.isNaN(Date.parse(takenAt))) return undefined;
  if (typeof operator !== 'string' || !/^0x[0-9a-f]{64}$/.test(operator)) return undefined;
  if (!Number.isInteger(batchCount) || (batchCount as number) < 1 || (batchCount as number) > MOST_BATCHES)
    return undefined;
  if (!Array.isArray(assets) || assets.length > MOST_ASSETS) return undefined;
  const symbols = assets.map((asset) => members(asset)['symbol']);
  if (!symbols.every((symbol) => typeof symbol === 'string' && symbol.length <= MOST_SYMBOL))
    return undefined;
  const claims = typeof claimRoot === 'string';
  return {
    snapshot,
    takenAt,
    operator,
    batchCount: batchCount as number,
    assets: symbols as string[],
    claims,
  };
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
