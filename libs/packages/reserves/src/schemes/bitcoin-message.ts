import { concat, equalBytes, utf8 } from '@solvent-por/kzg';
import { compressed, hash160, sha256d } from '../addresses/hashes';
import { wrappedKey } from '../addresses/utxo';
import {
  ownershipMalformed,
  ownershipUntrue,
  oneSignature,
  RIGHT,
  signaturesOf,
  type Claim,
  type Scheme,
} from './evidence';
import { vs } from './compact-size';
import { countSigners, readScript } from './multisig';
import { recoverKey } from './secp256k1';

/** Which kinds of BIP-137 an address takes: 0 P2PKH of 65 bytes, 1 of 33, 2 P2SH-P2WPKH, 3 P2WPKH. */
const KINDS: Readonly<Record<string, readonly number[]>> = {
  p2pkh: [0, 1],
  p2sh: [1, 2],
  p2wpkh: [1, 3],
};

/** Bitcoin Core's signmessage, and what BIP-137 made of it for segwit; m of n by the script. */
export const BITCOIN_MESSAGE: Scheme = {
  required: ['signatures'],
  optional: ['script'],
  fits: ({ family }) => family === 'utxo',
  judge: (claim) => {
    const hash = messageHash(claim);
    if (Object.hasOwn(claim.ownership, 'script')) {
      const script = readScript(claim.ownership.script, claim.account, claim.network);
      const read = signaturesOf(claim, 1, 16, 65).map(readSignature);
      if (read.some(({ kind }) => kind > 1))
        ownershipUntrue('a signature under a script is of a kind for single keys of segwit');
      countSigners(
        script,
        read.map(({ rs, recovery }) => recoverKey(hash, rs, recovery)),
      );
      return RIGHT;
    }
    refuseWithoutScript(claim);
    const { kind, rs, recovery } = readSignature(oneSignature(claim, 65));
    if (!KINDS[claim.account.kind]!.includes(kind))
      ownershipUntrue(`the first byte of the signature is for another kind of address`);
    if (!isOfKind(claim, recoverKey(hash, rs, recovery), kind))
      ownershipUntrue('the key that signed is not the one of the address');
    return RIGHT;
  },
};

/** Taproot needs BIP-322, P2WSH a script, and P2SH too where there is no segwit. */
export function refuseWithoutScript({ account, network }: Claim): void {
  if (account.kind === 'p2tr') ownershipMalformed('a taproot address needs the scheme bip322');
  if (account.kind === 'p2wsh' || (account.kind === 'p2sh' && network.utxo?.segwit !== true))
    ownershipMalformed('the address needs the script that it is the hash of');
}

function messageHash({ network, text }: Claim): Uint8Array {
  return sha256d(concat(vs(utf8(network.utxo!.prefix)), vs(text)));
}

function readSignature(signature: Uint8Array): {
  readonly kind: number;
  readonly recovery: number;
  readonly rs: Uint8Array;
} {
  const first = signature[0]! - 27;
  if (signature.length !== 65) ownershipMalformed('a signature must have 65 bytes');
  if (!(first >= 0 && first < 16)) ownershipMalformed('the first byte of a signature must be 27 to 42');
  return { kind: first >> 2, recovery: first & 3, rs: signature.subarray(1) };
}

function isOfKind({ account: { kind: of, payload } }: Claim, key: Uint8Array, kind: number): boolean {
  const keyHash = hash160(kind === 0 ? key : compressed(key));
  return equalBytes(payload, of === 'p2sh' ? wrappedKey(keyHash) : keyHash);
}
