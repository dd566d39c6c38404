import { evmAddressBytes } from '../addresses/evm';
import type { Network } from '../addresses/network';
import { networkOf, readAddress } from '../addresses/networks';
import { OWN_COIN_ONCE_MORE } from '../known/ledgers';
import { proofNodes } from '../proofs/evm-balance';
import { parseTotals } from './parse-assets';
import { read, refuseUnsorted } from './reader';
import type { Holding, NetworkBlock, ReserveAsset } from './reserves';

const MAX_HOLDINGS = 4096;
const EVM_DECIMALS = 18;

/** @throws SolventError RESERVES_MALFORMED, STATE_PROOF_MALFORMED, ADDRESS_MALFORMED */
export function parseHoldings(
  value: unknown,
  networks: readonly NetworkBlock[],
  assets: readonly ReserveAsset[],
): readonly Holding[] {
  const blocks = new Map(networks.map((block) => [block.network, block]));
  const symbols = new Set(assets.map(({ symbol }) => symbol));
  const holdings = read
    .array(value, 'holdings', 1, MAX_HOLDINGS)
    .map((given, i) => parseHolding(given, `holdings[${i}]`, blocks, symbols));
  refuseUnsorted(
    holdings.map(({ network, asset, token = '' }) => [network, asset, token]),
    'holdings',
    'network, asset and token',
  );
  refuseTwice(holdings);
  const held = new Set(holdings.map(({ asset }) => asset));
  assets.forEach(({ symbol }, i) => {
    if (!held.has(symbol)) read.fail(`assets[${i}]`, 'has no holding: leave it out');
  });
  return Object.freeze(holdings);
}

function parseHolding(
  given: unknown,
  path: string,
  blocks: ReadonlyMap<string, NetworkBlock>,
  symbols: ReadonlySet<string>,
): Holding {
  const h = read.object(
    given,
    path,
    ['network', 'asset', 'decimals', 'lines', 'totals'],
    ['token', 'storage'],
  );
  const network = networkOf(h.network);
  const block = blocks.get(network.name);
  if (!block) return read.fail(`${path}.network`, 'must be one of the networks');
  if (typeof h.asset !== 'string' || !symbols.has(h.asset))
    read.fail(`${path}.asset`, 'must be the symbol of one of the assets');
  const token = Object.hasOwn(h, 'token') ? parseToken(h.token, `${path}.token`, network) : undefined;
  const decimals = read.integer(h.decimals, `${path}.decimals`, 0, 36);
  if (network.family === 'eip155' && token === undefined && decimals !== EVM_DECIMALS)
    read.fail(`${path}.decimals`, `of an EVM network's own coin must be ${EVM_DECIMALS}`);
  const storage = Object.hasOwn(h, 'storage');
  if (storage) {
    if (network.family !== 'eip155' || token === undefined || block.header === undefined)
      read.fail(`${path}.storage`, 'is for tokens on EVM networks with a header alone: leave it out');
    proofNodes(h.storage, `${path}.storage`);
  }
  return Object.freeze({
    network: network.name,
    asset: h.asset as string,
    ...(token === undefined ? {} : { token }),
    decimals,
    lines: read.integer(h.lines, `${path}.lines`, 1, 2 ** 32),
    totals: parseTotals(h.totals, `${path}.totals`),
    ...(storage ? { storage: h.storage as readonly string[] } : {}),
  });
}

/** In its one spelling, where the network has one; and not the network's own coin under an address. */
export function parseToken(value: unknown, path: string, network: Network): string {
  const token = read.text(value, path, /^[!-~]{1,128}$/, '1 to 128 printable ASCII characters without space');
  if (network.family === 'tron') readAddress(network, token);
  if (network.family !== 'eip155') return token;
  if (!evmAddressBytes(network.name, token)) read.fail(path, 'must be 20 bytes as 0x and lower-case hex');
  const ownCoins = [...OWN_COIN_ONCE_MORE['']!, ...ownCoinsOf(network.name)];
  if (ownCoins.includes(token))
    read.fail(path, `is ${network.name}'s own coin once more: it would count twice`);
  return token;
}

function ownCoinsOf(network: string): readonly string[] {
  return Object.hasOwn(OWN_COIN_ONCE_MORE, network) ? OWN_COIN_ONCE_MORE[network]! : [];
}

/** Else coins would count for two assets. */
function refuseTwice(holdings: readonly Holding[]): void {
  const seen = new Set<string>();
  holdings.forEach(({ network, token = '' }, i) => {
    const key = `${network}/${token}`;
    if (seen.has(key))
      read.fail(`holdings[${i}]`, 'is a coin or token that another holding has: it would count twice');
    seen.add(key);
  });
}
