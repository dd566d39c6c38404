import { parseDecimal } from '@solvent-por/verifier';
import { networkOf } from '../addresses/networks';
import { DocumentReader } from '@solvent-por/verifier';
import { parseToken } from '../documents/parse-holdings';
import { CONTRACT_KINDS, KNOWN_CONTRACTS, type ContractKind } from './contracts';
import { KNOWN_COINS } from './coins';
import type { KnownCoin } from './known-coin';

const MAX_ENTRIES = 65_536;
const read = new DocumentReader('KNOWN_MALFORMED');

/** Coins by `network` or `network/token`; and which networks the verifier's own file knows. */
export interface KnownCoins {
  readonly coin: (network: string, token?: string) => KnownCoin | undefined;
  /** EVM networks whose own coin the verifier added: it says that keys there cannot be changed. */
  readonly own: ReadonlySet<string>;
}

/**
 * What is built in, extended or overridden by the verifier's own file.
 * @param value parsed JSON: { "<network>" or "<network>/<token>": { asset, decimals, slot?, bits?, code?,
 *   since? } }, tokens of eip155 and tron alone
 * @throws SolventError KNOWN_MALFORMED, NETWORK_UNKNOWN, ADDRESS_MALFORMED; kind malformed
 */
export function readKnownCoins(value: unknown = {}): KnownCoins {
  const given = new Map(
    entries(value, 'tokens').map(([key, coin]) => {
      const [name, ...rest] = key.split('/');
      const network = networkOf(name);
      if (rest.length > 0) {
        if (network.family !== 'eip155' && network.family !== 'tron')
          read.fail(key, 'must be a network, or a token on an eip155 network or tron');
        parseToken(rest.join('/'), key, network);
      }
      return [key, parseCoin(coin, key, network.family === 'eip155' && rest.length > 0)];
    }),
  );
  return {
    coin: (network, token) => {
      const key = token === undefined ? network : `${network}/${token}`;
      return given.get(key) ?? (Object.hasOwn(KNOWN_COINS, key) ? KNOWN_COINS[key] : undefined);
    },
    own: new Set([...given.keys()].filter((key) => !key.includes('/'))),
  };
}

function parseCoin(value: unknown, path: string, mayHaveSlot: boolean): KnownCoin {
  const c = read.object(value, path, ['asset', 'decimals'], ['slot', 'bits', 'code', 'since']);
  const coin = {
    asset: read.text(c.asset, `${path}.asset`, /^[A-Z0-9]{1,16}$/, '1 to 16 characters of A-Z and 0-9'),
    decimals: read.integer(c.decimals, `${path}.decimals`, 0, 36),
  };
  const has = (name: string) => Object.hasOwn(c, name);
  const together = ['slot', 'code', 'since'].map(has);
  if (!together.some((there) => there)) {
    if (has('bits')) read.fail(`${path}.bits`, 'needs slot, code and since');
    return coin;
  }
  if (!mayHaveSlot || !together.every((there) => there))
    read.fail(path, 'slot, code and since stand together, of a token on an eip155 network');
  return {
    ...coin,
    slot: decimal(c.slot, `${path}.slot`, 1n << 256n),
    ...(has('bits') ? { bits: read.integer(c.bits, `${path}.bits`, 1, 256) } : {}),
    code: parseCode(c.code, `${path}.code`),
    since: decimal(c.since, `${path}.since`, 1n << 64n),
  };
}

/** 1 to 8 hashes. @throws SolventError KNOWN_MALFORMED */
export function parseCode(value: unknown, path: string): readonly string[] {
  return read.array(value, path, 1, 8).map((hash, i) => read.hex(hash, `${path}[${i}]`, 32));
}

/**
 * Contracts that are known by the hash of their code, with the verifier's own.
 * @param value parsed JSON: { "<code hash>": "safe-proxy" | "safe" | "eip1271" }
 * @throws SolventError KNOWN_MALFORMED
 */
export function readKnownContracts(value: unknown = {}): ReadonlyMap<string, ContractKind> {
  const given = entries(value, 'contracts').map(([hash, kind]): [string, ContractKind] => {
    read.hex(hash, 'contracts', 32);
    const known = CONTRACT_KINDS.find((one) => one === kind);
    return [hash, known ?? read.fail(hash, `must be one of ${CONTRACT_KINDS.join(', ')}`)];
  });
  return new Map([...Object.entries(KNOWN_CONTRACTS), ...given]);
}

/** Decimal string below the bound. */
function decimal(value: unknown, path: string, bound: bigint): string {
  const number = parseDecimal(value, bound);
  return number === undefined ? read.fail(path, 'must be a decimal string in range') : number.toString();
}

function entries(value: unknown, what: string): readonly [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return read.fail(what, 'must be an object');
  const all = Object.entries(value);
  if (all.length > MAX_ENTRIES) read.fail(what, `must have at most ${MAX_ENTRIES} entries`);
  return all;
}
