import type { SolvencyVerdict } from '@solvent-por/reserves';
import { boundedText } from './bounded-text';

/** What a gateway says of its own exchange: its word, and no check. */
export interface ServerSolvency {
  readonly verdict: SolvencyVerdict;
  readonly assets: readonly {
    readonly symbol: string;
    readonly verdict: SolvencyVerdict;
    readonly by?: 'proved' | 'checked';
  }[];
  /** Where everything is compared in one unit. */
  readonly unit?: { readonly verdict: SolvencyVerdict; readonly by?: 'proved' | 'checked' };
}

const QUERY = `query Solvency($snapshotId: String!) {
  solvency(snapshotId: $snapshotId) { verdict assets { symbol verdict by } unit { verdict by } }
}`;

const VERDICTS: Readonly<Record<string, SolvencyVerdict>> = {
  SHORT: 'short',
  NOT_COVERED_ON_CHAIN: 'not covered on chain',
  NOT_COMPARABLE: 'not comparable',
  CLAIMED: 'claimed',
  COVERED: 'covered',
};
const LEVELS: Readonly<Record<string, 'proved' | 'checked'>> = { PROVED: 'proved', CHECKED: 'checked' };
const [LONGEST, MOST_ASSETS] = [2_000_000, 4096];

/**
 * Asks a gateway what it says. Nobody is told of the account: the question is about the snapshot.
 * @returns null where no reserves are published; undefined where there is no word of it: an older gateway, one
 *   that cannot be reached, rubbish
 */
export async function readServerSolvency(
  address: string,
  snapshot: string,
  { fetched = fetch, signal }: { readonly fetched?: typeof fetch; readonly signal?: AbortSignal } = {},
): Promise<ServerSolvency | null | undefined> {
  try {
    const response = await fetched(`${address}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        operationName: 'Solvency',
        query: QUERY,
        variables: { snapshotId: snapshot },
      }),
      ...(signal && { signal }),
    });
    const text = await boundedText(response, LONGEST);
    return response.ok && text !== undefined ? solvencyIn(text) : undefined;
  } catch {
    return undefined;
  }
}

function solvencyIn(text: string): ServerSolvency | null | undefined {
  const { data, errors } = members(JSON.parse(text));
  if (errors !== undefined) return undefined;
  const { solvency } = members(data);
  if (solvency === null) return null;
  const { assets, unit } = members(solvency);
  const whole = comparedIn(solvency);
  if (!whole || !Array.isArray(assets) || assets.length > MOST_ASSETS) return undefined;
  const read = assets.flatMap((asset: unknown) => {
    const { symbol } = members(asset);
    const compared = comparedIn(asset);
    // What is held and not owed changes nothing.
    return typeof symbol === 'string' && symbol.length <= 64 && compared ? [{ symbol, ...compared }] : [];
  });
  const together = comparedIn(unit);
  return { verdict: whole.verdict, assets: read, ...(together && { unit: together }) };
}

function comparedIn(value: unknown): ServerSolvency['unit'] {
  const { verdict, by } = members(value);
  const [known, level] = [named(VERDICTS, verdict), named(LEVELS, by)];
  return known && { verdict: known, ...(level && { by: level }) };
}

function named<T>(names: Readonly<Record<string, T>>, name: unknown): T | undefined {
  return typeof name === 'string' && Object.hasOwn(names, name) ? names[name] : undefined;
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
