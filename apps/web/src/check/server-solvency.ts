import {
  createClient,
  type AssetSolvency,
  type Solvency,
  type SolvencyVerdict as Theirs,
} from '@solvent-por/client';
import type { SolvencyVerdict } from '@solvent-por/reserves';

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

const VERDICTS: Readonly<Record<Theirs, SolvencyVerdict | undefined>> = {
  SHORT: 'short',
  NOT_COVERED_ON_CHAIN: 'not covered on chain',
  NOT_COMPARABLE: 'not comparable',
  CLAIMED: 'claimed',
  COVERED: 'covered',
  // What is held and not owed changes nothing.
  NOT_OWED: undefined,
};
const LEVELS = { PROVED: 'proved', CHECKED: 'checked' } as const;
const [LONGEST_BYTES, MOST_ASSETS, LONGEST_SYMBOL_CHARACTERS] = [2_000_000, 4096, 64];

/**
 * Asks a gateway what it says. Nobody is told of the account: the question is about the snapshot.
 * @returns null where no reserves are published; undefined where there is no word of it: an older gateway, one
 *   that cannot be reached, rubbish
 */
export async function readServerSolvency(
  address: string,
  snapshot: string,
  { fetched, signal }: { readonly fetched?: typeof fetch; readonly signal?: AbortSignal } = {},
): Promise<ServerSolvency | null | undefined> {
  try {
    const client = createClient({ endpoint: address, fetch: fetched, maxResponseBytes: LONGEST_BYTES });
    const said = await client.solvency(snapshot, { signal });
    return said && inOurWords(said);
  } catch {
    return undefined;
  }
}

function inOurWords({ assets, unit, ...whole }: Solvency): ServerSolvency | undefined {
  const together = unit && compared(unit);
  const verdict = compared(whole);
  if (!verdict || assets.length > MOST_ASSETS) return undefined;
  return {
    verdict: verdict.verdict,
    assets: assets.flatMap(({ symbol, ...asset }) => {
      const known = symbol.length <= LONGEST_SYMBOL_CHARACTERS ? compared(asset) : undefined;
      return known ? [{ symbol, ...known }] : [];
    }),
    ...(together && { unit: together }),
  };
}

function compared({ verdict, by }: Pick<AssetSolvency, 'verdict' | 'by'>): ServerSolvency['unit'] {
  const [known, level] = [VERDICTS[verdict], by === 'PROVED' || by === 'CHECKED' ? by : undefined];
  return known && { verdict: known, ...(level && { by: LEVELS[level] }) };
}
