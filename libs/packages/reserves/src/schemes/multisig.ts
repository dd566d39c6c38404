import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { concat, equalBytes } from '@solvent-por/kzg';
import { hash160 } from '../addresses/hashes';
import type { Account, Network } from '../addresses/network';
import { bytesOf } from '../hex';
import { ownershipMalformed, ownershipUntrue } from './evidence';
import { uncompressed } from './secp256k1';

/** An m-of-n script, its keys as 65 bytes each, in the script's order. */
export interface Multisig {
  readonly m: number;
  readonly keys: readonly Uint8Array[];
}

const OP_1 = 0x51;
const OP_CHECKMULTISIG = 0xae;
/** Longest script that P2SH can spend; 16 keys of 33 bytes under P2WSH take 547. */
const MOST_P2SH_BYTES = 520;
const MOST_BYTES = 1024;

/**
 * The script of the evidence, which must be the address's and m of n.
 * @throws SolventError OWNERSHIP_MALFORMED: not for such an address, or another script; OWNERSHIP_UNTRUE: not
 *   the address's, a key off the curve, a key twice
 */
export function readScript(value: unknown, account: Account, network: Network): Multisig {
  const script = bytesOf(value, MOST_BYTES);
  if (!script) return ownershipMalformed(`script must be 0x and hex of at most ${MOST_BYTES} bytes`);
  if (account.kind !== 'p2sh' && account.kind !== 'p2wsh')
    ownershipMalformed('a script is for P2SH and P2WSH addresses alone');
  const bare = account.kind === 'p2sh' && equalBytes(account.payload, hash160(script));
  if (!bare && !isWitnessScript(script, account, network))
    ownershipUntrue('the script does not hash to the address');
  const multisig = parseMultisig(script, bare);
  if (!multisig)
    return ownershipMalformed(
      'the script must be OP_m, n keys, OP_n, OP_CHECKMULTISIG and nothing else, m not above n',
    );
  return withPoints(multisig);
}

/** Every key a point, and all of them different. @throws SolventError OWNERSHIP_UNTRUE */
export function withPoints({ m, keys }: Multisig): Multisig {
  const points = keys.map(
    (key) => uncompressed(key) ?? ownershipUntrue('a key of the script is no point of the curve'),
  );
  if (new Set(points.map(bytesToHex)).size !== points.length)
    ownershipUntrue('the script has the same key twice');
  return { m, keys: points };
}

/** P2WSH, or the same within P2SH. */
function isWitnessScript(script: Uint8Array, { kind, payload }: Account, network: Network): boolean {
  const program = sha256(script);
  if (kind === 'p2wsh') return equalBytes(payload, program);
  const wrapped = hash160(concat(Uint8Array.of(0x00, 0x20), program));
  return network.utxo?.segwit === true && equalBytes(payload, wrapped);
}

/**
 * Exactly OP_m, pushes of n keys, OP_n, OP_CHECKMULTISIG; the keys as they stand there.
 * @param bare whether P2SH spends it itself: at most 15 keys and 520 bytes, keys of 65 bytes too
 */
export function parseMultisig(script: Uint8Array, bare: boolean): Multisig | undefined {
  if (bare && script.length > MOST_P2SH_BYTES) return undefined;
  const [m, n] = [script[0]! - OP_1 + 1, script[script.length - 2]! - OP_1 + 1];
  if (script[script.length - 1] !== OP_CHECKMULTISIG) return undefined;
  if (!(m >= 1 && m <= n && n <= (bare ? 15 : 16))) return undefined;
  const keys: Uint8Array[] = [];
  let at = 1;
  while (at < script.length - 2) {
    const length = script[at]!;
    const key = script.subarray(at + 1, at + 1 + length);
    const first = key[0];
    const fits = length === 33 ? first === 2 || first === 3 : bare && length === 65 && first === 4;
    if (!fits || key.length !== length) return undefined;
    keys.push(key);
    at += 1 + length;
  }
  return at === script.length - 2 && keys.length === n ? { m, keys } : undefined;
}

/**
 * Whether the keys that made the signatures are of the script, none twice, and enough.
 * @param signers 65 bytes each
 * @throws SolventError OWNERSHIP_UNTRUE
 */
export function countSigners({ m, keys }: Multisig, signers: readonly Uint8Array[]): void {
  const known = new Set(keys.map(bytesToHex));
  const seen = new Set<string>();
  for (const signer of signers.map(bytesToHex)) {
    if (!known.has(signer)) ownershipUntrue('a signature is by none of the keys of the script');
    if (seen.has(signer)) ownershipUntrue('two signatures are by the same key');
    seen.add(signer);
  }
  if (seen.size < m) ownershipUntrue(`${seen.size} of the keys signed, the script asks for ${m}`);
}
