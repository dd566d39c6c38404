import { utf8 } from '@solvent-por/kzg';
import { DocumentReader, parseCanonical } from '@solvent-por/verifier';
import type { Account, Network } from '../addresses/network';
import { networkOf, readAddress } from '../addresses/networks';
import { MAX_DEPTH } from './parse-reserves';
import { AMOUNT_BOUND } from './reader';
import type { Class } from './reserves';

/** In the order of the alphabet, in which lines rise. */
export const CLASSES = ['custodian', 'own', 'staked'] as const;

/** Longest line, without its LF. */
export const MAX_RESERVE_LINE_BYTES = 65_535;

/** One line of `reserve-addresses.ndjson`: its form is right, its evidence not yet judged. */
export interface Line {
  readonly network: Network;
  readonly account: Account;
  readonly asset: string;
  /** Absent for the network's own coin. */
  readonly token?: string;
  /** In the smallest units of the coin or token on that network. */
  readonly amount: bigint;
  readonly class: Class;
  readonly ownership?: unknown;
  readonly balance?: unknown;
}

const read = new DocumentReader('LINE_MALFORMED');

/**
 * @param input one line without its LF
 * @throws SolventError LINE_MALFORMED, NETWORK_UNKNOWN, ADDRESS_MALFORMED, DOCUMENT_*; all kind malformed
 */
export function parseLine(input: string | Uint8Array): Line {
  const bytes = typeof input === 'string' ? utf8(input) : input;
  const value = parseCanonical(bytes, MAX_RESERVE_LINE_BYTES, 'line', undefined, MAX_DEPTH);
  const l = read.object(
    value,
    'line',
    ['network', 'asset', 'address', 'amount', 'class'],
    ['token', 'ownership', 'balance'],
  );
  const network = networkOf(l.network);
  const given = CLASSES.find((name) => name === l.class);
  if (!given) return read.fail('class', `must be one of ${CLASSES.join(', ')}`);
  return {
    network,
    account: readAddress(network, l.address),
    asset: read.text(l.asset, 'asset', /^[A-Z0-9]{1,16}$/, '1 to 16 characters of A-Z and 0-9'),
    ...(Object.hasOwn(l, 'token')
      ? { token: read.text(l.token, 'token', /^[!-~]{1,128}$/, '1 to 128 printable ASCII characters') }
      : {}),
    amount: read.decimal(l.amount, 'amount', 0n, AMOUNT_BOUND),
    class: given,
    ...(Object.hasOwn(l, 'ownership') ? { ownership: l.ownership } : {}),
    ...(Object.hasOwn(l, 'balance') ? { balance: l.balance } : {}),
  };
}
