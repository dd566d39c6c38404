import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { concat, equalBytes } from '@solvent-por/kzg';
import { hash160 } from '../addresses/hashes';
import type { Account } from '../addresses/network';
import { networkOf, readAddress } from '../addresses/networks';
import { malformed, untrue } from '../failure';
import { bytesOf } from '../hex';
import { parseMultisig } from '../schemes/multisig';
import { uncompressed } from '../schemes/secp256k1';
import { verdictOf } from '../verify-ownership';
import { parsePlainYaml, type Plain } from './bitmex-yaml';
import type { ImportedLine, ImportedRow } from './imported';

/** What BitMEX's file claims of every script, and the keys that it says are its own. */
interface Claim {
  readonly m: number;
  readonly n: number;
  readonly keys: ReadonlySet<string>;
}

type Members = { readonly [name: string]: Plain };

/**
 * Reads BitMEX's file (validate_reserves.py): no signatures, so nobody shows control; but every script must
 * be its address's, m of n with its own keys, and come once.
 *
 * @returns a row for each address, then for each custodial one; and whether the total is their sum
 * @throws SolventError FILE_MALFORMED
 */
export function importBitmex(text: string): {
  readonly rows: readonly ImportedRow[];
  /** Of the whole file: undefined where `total` is the sum. */
  readonly problem?: string;
} {
  const file = members(parsePlainYaml(text), 'the file');
  if (of(file, 'chain') !== 'main')
    malformed('FILE_MALFORMED', 'chain is not main: other chains hold nothing');
  const claimed = members(file.claim ?? '', 'claim');
  const claim: Claim = {
    m: Number(integer(claimed.m, 'claim.m')),
    n: Number(integer(claimed.n, 'claim.n')),
    keys: new Set(list(file.keys, 'keys').map(keyOf)),
  };
  const seen = new Set<string>();
  const rows: ImportedRow[] = [];
  let sum = 0n;
  const take = (given: Plain, judge: (row: Members) => ImportedLine) => {
    const result = verdictOf(() => {
      const line = judge(members(given, 'the row'));
      sum += BigInt(line.amount);
      return { verdict: 'right' as const, line, decimals: 8 };
    });
    rows.push({ row: rows.length + 1, ...result });
  };
  for (const row of list(file.address, 'address')) take(row, (given) => scripted(given, claim, seen));
  for (const row of list(file.custodial ?? [], 'custodial')) take(row, (given) => custodial(given, seen));
  const total = integer(file.total, 'total');
  return sum === total ? { rows } : { rows, problem: `the balances add up to ${sum}, total says ${total}` };
}

const BITCOIN = networkOf('bitcoin');

function scripted(row: Members, { m, n, keys }: Claim, seen: Set<string>): ImportedLine {
  const account = readAddress(BITCOIN, of(row, 'addr'));
  const text = of(row, 'script').toLowerCase();
  const script = bytesOf(`0x${text}`, 1024) ?? malformed('ROW_MALFORMED', 'script is no hex');
  refuseTwice(seen, account.address);
  refuseTwice(seen, text);
  const type = of(row, 'addr_type');
  if (!isOf(script, account, type))
    untrue('ROW_UNTRUE', `the script does not hash to the address as ${type}`);
  const multisig = parseMultisig(script, type === 'sh');
  if (multisig?.m !== m || multisig.keys.length !== n)
    untrue('ROW_UNTRUE', `the script is not ${m} of ${n}, as is claimed of every one`);
  const points = new Set(multisig.keys.map((key) => keyOf(bytesToHex(key))));
  if (points.size !== n) untrue('ROW_UNTRUE', 'the script has the same key twice');
  const own = [...points].filter((key) => keys.has(key)).length;
  if (own < m) untrue('ROW_UNTRUE', `the script has ${own} of the keys, ${m} are needed`);
  return line(account, row, 'own');
}

function custodial(row: Members, seen: Set<string>): ImportedLine {
  const account = readAddress(BITCOIN, of(row, 'addr'));
  refuseTwice(seen, account.address);
  return line(account, row, 'custodian');
}

function line(account: Account, row: Members, as: 'own' | 'custodian'): ImportedLine {
  const amount = integer(row.balance, 'balance').toString();
  return { network: 'bitcoin', asset: 'BTC', address: account.address, amount, class: as };
}

function isOf(script: Uint8Array, { kind, payload }: Account, type: string): boolean {
  switch (type) {
    case 'sh':
      return kind === 'p2sh' && equalBytes(payload, hash160(script));
    case 'sh_wsh':
      return kind === 'p2sh' && equalBytes(payload, hash160(concat(Uint8Array.of(0, 32), sha256(script))));
    case 'wsh':
      return kind === 'p2wsh' && equalBytes(payload, sha256(script));
    default:
      return malformed('ROW_MALFORMED', `addr_type ${type.slice(0, 20)} is none of sh, sh_wsh, wsh`);
  }
}

function refuseTwice(seen: Set<string>, what: string): void {
  if (seen.has(what)) untrue('ROW_TWICE', `${what.slice(0, 80)} comes twice`);
  seen.add(what);
}

/** A key as a point, whatever its encoding. @throws SolventError ROW_MALFORMED */
function keyOf(text: Plain): string {
  const bytes = typeof text === 'string' ? bytesOf(`0x${text.toLowerCase()}`, 65) : undefined;
  const point = bytes && uncompressed(bytes);
  return point ? bytesToHex(point) : malformed('ROW_MALFORMED', 'a key is no point of secp256k1');
}

function members(value: Plain, what: string): Members {
  if (typeof value !== 'object' || Array.isArray(value))
    return malformed('FILE_MALFORMED', `${what} must have members`);
  return value as Members;
}

function list(value: Plain | undefined, what: string): readonly Plain[] {
  if (value === '') return [];
  return Array.isArray(value)
    ? (value as readonly Plain[])
    : malformed('FILE_MALFORMED', `${what} must be a list`);
}

function of(from: Members, name: string): string {
  const value = Object.hasOwn(from, name) ? from[name] : undefined;
  return typeof value === 'string' ? value : malformed('FILE_MALFORMED', `${name} is missing`);
}

function integer(value: Plain | undefined, what: string): bigint {
  return typeof value === 'string' && /^(?:0|[1-9][0-9]{0,30})$/.test(value)
    ? BigInt(value)
    : malformed('FILE_MALFORMED', `${what} must be an integer`);
}
