import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, utf8 } from '@solvent-por/kzg';
import type { Scheme } from './evidence';
import { judgeRsv } from './ethereum-message';

/** keccak256("\x19TRON Signed Message:\n" ‖ length ‖ content). */
function tronHash(content: Uint8Array): Uint8Array {
  return keccak_256(concat(utf8(`\x19TRON Signed Message:\n${content.length}`), content));
}

function signed(content: (text: Uint8Array) => Uint8Array): Scheme {
  return {
    required: ['signatures'],
    fits: ({ family }) => family === 'tron',
    judge: (claim) => judgeRsv(claim, tronHash(content(claim.text))),
  };
}

/** TronWeb's signMessageV2: the text itself. */
export const TRON_MESSAGE = signed((text) => text);
/** The text's hash, as older wallets and OKX sign. */
export const TRON_HASH = signed(keccak_256);
