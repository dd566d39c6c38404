import { networkOf } from '../addresses/networks';
import { bytesOf } from '../hex';
import { BITCOIN_HEADER_BYTES, MOST_EVM_HEADER_BYTES } from '../proofs/block-header';
import { read, refuseUnsorted, time } from './reader';
import type { NetworkBlock } from './reserves';

const MAX_NETWORKS = 256;
const HEIGHT_BOUND = 1n << 64n;

/** @throws SolventError RESERVES_MALFORMED, NETWORK_UNKNOWN */
export function parseNetworks(value: unknown): readonly NetworkBlock[] {
  const networks = read.array(value, 'networks', 1, MAX_NETWORKS).map((given, i) => {
    const path = `networks[${i}]`;
    const n = read.object(given, path, ['network', 'height', 'block', 'time'], ['header']);
    const { name, family } = networkOf(n.network);
    const header = Object.hasOwn(n, 'header')
      ? { header: parseHeader(n.header, `${path}.header`, name, family === 'eip155') }
      : {};
    return Object.freeze({
      network: name,
      height: read.decimal(n.height, `${path}.height`, 0n, HEIGHT_BOUND).toString(),
      block: read.hex(n.block, `${path}.block`, 32),
      time: time(n.time, `${path}.time`),
      ...header,
    });
  });
  refuseUnsorted(
    networks.map(({ network }) => [network]),
    'networks',
    'name',
  );
  return Object.freeze(networks);
}

function parseHeader(value: unknown, path: string, network: string, evm: boolean): string {
  if (!evm && network !== 'bitcoin')
    read.fail(path, 'is for bitcoin and eip155 networks alone: leave it out');
  const bytes = bytesOf(value, MOST_EVM_HEADER_BYTES);
  if (!bytes || (!evm && bytes.length !== BITCOIN_HEADER_BYTES))
    read.fail(
      path,
      evm
        ? `must be at most ${MOST_EVM_HEADER_BYTES} bytes as 0x and lower-case hex`
        : `must be ${BITCOIN_HEADER_BYTES} bytes as 0x and lower-case hex`,
    );
  return value as string;
}
