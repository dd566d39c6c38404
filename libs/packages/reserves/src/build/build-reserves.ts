import { sha256 } from '@noble/hashes/sha2.js';
import { SolventError, utf8 } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import { parseLine } from '../documents/line';
import { parseUnsignedReserves } from '../documents/parse-reserves';
import { compareKeys } from '../documents/reader';
import { CLASSES, RESERVES_PROTOCOL, type Class, type UnsignedReserves } from '../documents/reserves';
import { statement } from '../documents/texts';
import { hexOf } from '../hex';
import { KNOWN_COINS } from '../known/coins';
import { rescale } from '../verify/check-reserves';

/** What an operator decides; everything that follows from the lines is added up from them. */
export interface ReservesDraft extends Omit<
  UnsignedReserves,
  'protocol' | 'statement' | 'holdings' | 'assets' | 'addresses'
> {
  readonly assets: readonly { readonly symbol: string; readonly scale: number; readonly price?: string }[];
  /** Decimals of coins and tokens that are not built in, and the account proofs of tokens. */
  readonly holdings?: readonly {
    readonly network: string;
    readonly asset: string;
    readonly token?: string;
    readonly decimals?: number;
    readonly storage?: readonly string[];
  }[];
}

/** The members of a line, yet to be sorted in. */
export type DraftedLine = Readonly<Record<string, unknown>>;

interface Sum {
  readonly network: string;
  readonly asset: string;
  readonly token: string | undefined;
  lines: number;
  readonly totals: Record<Class, bigint>;
}

/**
 * Sorts lines, adds them up, and makes the document that is to be signed; whether evidence is right is for
 * `ReservesVerifier`, which an operator runs before publishing.
 *
 * @returns the unsigned document, and the file's lines without their LFs
 * @throws SolventError LINE_MALFORMED, RESERVES_MALFORMED, … (kind malformed); DECIMALS_MISSING (kind usage): a
 *   coin or token that is not built in, and that no holding of the draft describes
 */
export function buildReserves(
  draft: ReservesDraft,
  given: Iterable<DraftedLine>,
): { readonly unsigned: UnsignedReserves; readonly lines: readonly string[] } {
  const sums = new Map<string, Sum>();
  const sorted = [...given]
    .map((members) => {
      const text = canonicalJson(members);
      const { network, asset, token, account, amount, class: of } = parseLine(text);
      const key = [network.name, asset, token ?? '', account.address, of];
      const name = key.slice(0, 3).join(' ');
      const sum = sums.get(name) ?? {
        ...{ network: network.name, asset, token, lines: 0 },
        totals: { custodian: 0n, own: 0n, staked: 0n },
      };
      sums.set(name, sum);
      sum.lines++;
      sum.totals[of] += amount;
      return { key, text };
    })
    .sort((a, b) => compareKeys(a.key, b.key));
  const lines = sorted.map(({ text }) => text);
  const { assets, holdings, ...rest } = draft;
  const held = [...sums.values()]
    .sort((a, b) => compareKeys([a.network, a.asset, a.token ?? ''], [b.network, b.asset, b.token ?? '']))
    .map((sum) => holdingOf(sum, holdings ?? []));
  const unsigned = parseUnsignedReserves({
    ...rest,
    protocol: RESERVES_PROTOCOL,
    statement: statement(draft),
    holdings: held,
    assets: assets.map((asset) => ({ ...asset, totals: totalsOf(asset, held) })),
    addresses: fileOf(lines),
  });
  return { unsigned, lines };
}

function holdingOf(
  { network, asset, token, lines, totals }: Sum,
  described: NonNullable<ReservesDraft['holdings']>,
) {
  const own = described.find(
    (holding) => holding.network === network && holding.asset === asset && holding.token === token,
  );
  const key = token === undefined ? network : `${network}/${token}`;
  const decimals =
    own?.decimals ?? (Object.hasOwn(KNOWN_COINS, key) ? KNOWN_COINS[key]!.decimals : undefined);
  if (decimals === undefined)
    throw new SolventError(
      'DECIMALS_MISSING',
      'usage',
      `${key} is not known here: add it with its decimals to "holdings" of the configuration`,
    );
  return {
    ...{ network, asset, decimals, lines },
    ...(token === undefined ? {} : { token }),
    totals: Object.fromEntries(CLASSES.map((name) => [name, totals[name].toString()])) as Record<
      Class,
      string
    >,
    ...(own?.storage ? { storage: own.storage } : {}),
  };
}

function totalsOf(
  { symbol, scale }: { readonly symbol: string; readonly scale: number },
  held: readonly ReturnType<typeof holdingOf>[],
): Record<Class, string> {
  const total = (name: Class) =>
    held
      .filter(({ asset }) => asset === symbol)
      .reduce((sum, { totals, decimals }) => sum + rescale(BigInt(totals[name]), decimals, scale), 0n);
  return {
    custodian: total('custodian').toString(),
    own: total('own').toString(),
    staked: total('staked').toString(),
  };
}

function fileOf(lines: readonly string[]): UnsignedReserves['addresses'] {
  const hash = sha256.create();
  let bytes = 0;
  for (const line of lines) {
    const encoded = utf8(`${line}\n`);
    bytes += encoded.length;
    hash.update(encoded);
  }
  return { lines: lines.length, bytes, digest: hexOf(hash.digest()) };
}
