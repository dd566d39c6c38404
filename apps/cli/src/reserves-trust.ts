import { toHex } from '@solvent-por/kzg';
import {
  parsePlainJson,
  parsePricesFile,
  parseReserves,
  readKnownContracts,
  readManifest,
  type BlockHashes,
  type ContractKind,
  type Prices,
  type ReadManifest,
  type Reserves,
} from '@solvent-por/reserves';
import { MAX_MANIFEST_BYTES, readGivenHex, readOperatorKey } from '@solvent-por/verifier';
import { about, readBounded } from './files';
import { usage } from './reserves-outcome';

/** What a verifier of reserves brought along, as options. */
export interface ReservesTrustOptions {
  readonly operator?: string;
  readonly manifest?: string;
  readonly previous?: string;
  readonly tokens?: string;
  readonly contracts?: string;
  readonly prices?: string;
  readonly block?: readonly string[];
}

export interface ReservesTrust {
  readonly operator?: string;
  readonly manifest?: ReadManifest;
  readonly previous?: Reserves;
  readonly tokens?: unknown;
  readonly prices?: Prices;
  readonly blocks: BlockHashes;
}

const MOST_JSON_BYTES = 8 * 1024 * 1024;
const LF = 10;

/**
 * Reads what the options name.
 * @throws SolventError USAGE, FILE_UNREADABLE (kind usage), and what the files' readers throw
 */
export async function readReservesTrust(
  options: ReservesTrustOptions,
): Promise<{ readonly trust: ReservesTrust; readonly contracts: ReadonlyMap<string, ContractKind> }> {
  const { operator, manifest, previous, tokens, contracts, prices, block = [] } = options;
  const trust = {
    ...(operator !== undefined && { operator: toHex(readOperatorKey(operator).bytes) }),
    ...(manifest !== undefined && { manifest: await manifestOf(manifest) }),
    ...(previous !== undefined && {
      previous: about(previous, parseReserves.bind(undefined, await readBounded(previous, MOST_JSON_BYTES))),
    }),
    ...(tokens !== undefined && { tokens: await jsonOf(tokens) }),
    ...(prices !== undefined && { prices: await pricesOf(prices) }),
    blocks: blocksOf(block),
  };
  return { trust, contracts: readKnownContracts(contracts === undefined ? {} : await jsonOf(contracts)) };
}

/** The verifier's own prices. */
export async function pricesOf(file: string): Promise<Prices> {
  const value = await jsonOf(file);
  return about(file, () => parsePricesFile(value));
}

/** manifest.json, or the first line of a global proof. */
async function manifestOf(file: string): Promise<ReadManifest> {
  const bytes = await readBounded(file, MAX_MANIFEST_BYTES + 1);
  const end = bytes.indexOf(LF);
  const isLine = end >= 0 && end < bytes.length - 1;
  return about(file, () => readManifest(isLine ? bytes.subarray(0, end) : bytes));
}

export async function jsonOf(file: string): Promise<unknown> {
  const bytes = await readBounded(file, MOST_JSON_BYTES);
  return about(file, () => parsePlainJson(bytes, MOST_JSON_BYTES, 'the file'));
}

/** `network=HASH`, each network once. */
function blocksOf(given: readonly string[]): BlockHashes {
  const blocks: Record<string, string> = {};
  for (const text of given) {
    const at = text.indexOf('=');
    const network = text.slice(0, at);
    // Nothing of it is repeated: it may be the URL of a node, with a key.
    if (at <= 0) usage("--block must be a network, = and its block's hash, such as eip155:1=0x…");
    if (Object.hasOwn(blocks, network)) usage(`--block of ${network} is given twice: give it once`);
    blocks[network] = blockHash(text.slice(at + 1));
  }
  return blocks;
}

/** 0x and 64 digits. @throws SolventError USAGE */
export function blockHash(text: string): string {
  const read = readGivenHex(text, 32);
  return read ? toHex(read.bytes) : usage('the hash of a block must be 0x and 64 hex digits');
}
