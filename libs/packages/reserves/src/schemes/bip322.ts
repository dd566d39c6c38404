import { schnorr } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equalBytes, utf8 } from '@solvent-por/kzg';
import { hash160, sha256d } from '../addresses/hashes';
import type { Account } from '../addresses/network';
import { hexList, ownershipUntrue, RIGHT, UNSUPPORTED, type Judged, type Scheme } from './evidence';
import { vs } from './compact-size';
import { parseMultisig, withPoints } from './multisig';
import { verifyDer } from './secp256k1';

const SIGHASH_ALL = 1;
const MOST_ITEMS = 20;
/** A line has at most 65,535 bytes. */
const MOST_ITEM_BYTES = 32_768;

/**
 * BIP-322, simple: the witness of a transaction that spends one which nobody can send, and which commits to
 * the text.
 */
export const BIP322: Scheme = {
  required: ['witness'],
  fits: ({ name }) => name === 'bitcoin',
  judge: ({ account, text, ownership }) => {
    const witness = hexList(ownership.witness, 'witness', 0, MOST_ITEMS, MOST_ITEM_BYTES);
    const spent = toSpend(scriptPubKey(account), text);
    switch (account.kind) {
      case 'p2wpkh':
        return judgeKeyHash(account, witness, spent);
      case 'p2wsh':
        return judgeScriptHash(account, witness, spent);
      default:
        return judgeTaproot(account, witness, spent);
    }
  },
};

function judgeKeyHash(account: Account, witness: readonly Uint8Array[], spent: Uint8Array): Judged {
  const [signature, key] = witness;
  if (witness.length !== 2 || key!.length !== 33)
    return ownershipUntrue('the witness of a P2WPKH address is a signature and a key of 33 bytes');
  if (!equalBytes(hash160(key!), account.payload))
    ownershipUntrue('the key in the witness is not the one of the address');
  const code = concat(Uint8Array.of(0x76, 0xa9, 0x14), account.payload, Uint8Array.of(0x88, 0xac));
  refuseSignature(signature!, sighashV0(spent, code), key!);
  return RIGHT;
}

function judgeScriptHash(account: Account, witness: readonly Uint8Array[], spent: Uint8Array): Judged {
  const script = witness.at(-1);
  if (!script || !equalBytes(sha256(script), account.payload))
    return ownershipUntrue('the last item of the witness is not the script of the address');
  const parsed = parseMultisig(script, false);
  if (!parsed) return UNSUPPORTED;
  withPoints(parsed);
  const signatures = witness.slice(1, -1);
  if (witness[0]!.length !== 0 || signatures.length !== parsed.m)
    ownershipUntrue(`the witness must be an empty item, ${parsed.m} signatures and the script`);
  const hash = sighashV0(spent, script);
  let next = 0;
  for (const signature of signatures) {
    while (next < parsed.keys.length && !isSignature(signature, hash, parsed.keys[next]!)) next++;
    if (next++ === parsed.keys.length)
      ownershipUntrue('a signature is by no key of the script, or not in the order of its keys');
  }
  return RIGHT;
}

function judgeTaproot(account: Account, witness: readonly Uint8Array[], spent: Uint8Array): Judged {
  const [signature] = witness;
  if (witness.length > 1) return UNSUPPORTED; // an annex, or a path of scripts
  if (!signature || (signature.length !== 64 && !(signature.length === 65 && signature[64] === SIGHASH_ALL)))
    return ownershipUntrue(
      'the witness of a taproot address is one signature of 64 bytes, or 65 with a last 01',
    );
  const hash = sighashTaproot(spent, scriptPubKey(account), signature.length === 65);
  if (!isSchnorr(signature.subarray(0, 64), hash, account.payload))
    ownershipUntrue('the signature is not by the key of the address over this text');
  return RIGHT;
}

function isSchnorr(signature: Uint8Array, hash: Uint8Array, key: Uint8Array): boolean {
  try {
    return schnorr.verify(signature, hash, key);
  } catch {
    return false;
  }
}

function refuseSignature(signature: Uint8Array, hash: Uint8Array, key: Uint8Array): void {
  if (!isSignature(signature, hash, key))
    ownershipUntrue('the signature is not by the key of the address over this text');
}

/** DER and a last byte 01. */
function isSignature(signature: Uint8Array, hash: Uint8Array, key: Uint8Array): boolean {
  return signature.at(-1) === SIGHASH_ALL && verifyDer(hash, signature.subarray(0, -1), key);
}

function scriptPubKey({ kind, payload }: Account): Uint8Array {
  return concat(Uint8Array.of(kind === 'p2tr' ? 0x51 : 0x00, payload.length), payload);
}

/** Tagged hash of the text (BIP-340's way, tag `BIP0322-signed-message`): 32 bytes. */
export function bip322MessageHash(text: Uint8Array): Uint8Array {
  return taggedHash('BIP0322-signed-message', text);
}

/** Transaction id of `to_spend`, in the order of bytes in which transactions name it: 32 bytes. */
export function toSpend(script: Uint8Array, text: Uint8Array): Uint8Array {
  const input = concat(
    new Uint8Array(32),
    FINAL,
    vs(concat(Uint8Array.of(0x00, 0x20), bip322MessageHash(text))),
    ZERO4,
  );
  const output = concat(new Uint8Array(8), vs(script));
  return sha256d(concat(ZERO4, ONE, input, ONE, output, ZERO4));
}

/** Transaction id of `to_sign`, which spends it and pays nothing to OP_RETURN. */
export function toSign(spent: Uint8Array): Uint8Array {
  const input = concat(spent, ZERO4, Uint8Array.of(0), ZERO4);
  return sha256d(concat(ZERO4, ONE, input, ONE, OUTPUT, ZERO4));
}

/** BIP-143, SIGHASH_ALL. @param code the script that the signature is for */
function sighashV0(spent: Uint8Array, code: Uint8Array): Uint8Array {
  const outpoint = concat(spent, ZERO4);
  const parts = [ZERO4, sha256d(outpoint), sha256d(ZERO4), outpoint, vs(code), new Uint8Array(8), ZERO4];
  return sha256d(concat(...parts, sha256d(OUTPUT), ZERO4, Uint8Array.of(SIGHASH_ALL, 0, 0, 0)));
}

/** BIP-341, the key path without annex. @param all SIGHASH_ALL, else DEFAULT */
function sighashTaproot(spent: Uint8Array, script: Uint8Array, all: boolean): Uint8Array {
  return taggedHash(
    'TapSighash',
    ...[Uint8Array.of(0, all ? SIGHASH_ALL : 0), ZERO4, ZERO4],
    ...[sha256(concat(spent, ZERO4)), sha256(new Uint8Array(8)), sha256(vs(script)), sha256(ZERO4)],
    ...[sha256(OUTPUT), Uint8Array.of(0), ZERO4],
  );
}

function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = sha256(utf8(tag));
  return sha256(concat(hash, hash, ...parts));
}

const ZERO4 = new Uint8Array(4);
const ONE = Uint8Array.of(1);
const FINAL = Uint8Array.of(0xff, 0xff, 0xff, 0xff);
/** Value 0, OP_RETURN. */
const OUTPUT = concat(new Uint8Array(8), vs(Uint8Array.of(0x6a)));
