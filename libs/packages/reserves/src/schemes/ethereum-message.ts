import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, utf8 } from '@solvent-por/kzg';
import { ownershipUntrue, oneSignature, recoveryOf, RIGHT, type Claim, type Scheme } from './evidence';
import { recoverKey } from './secp256k1';

/** keccak256("\x19Ethereum Signed Message:\n" ‖ length ‖ content): 32 bytes. */
export function ethereumHash(content: Uint8Array): Uint8Array {
  return keccak_256(concat(utf8(`\x19Ethereum Signed Message:\n${content.length}`), content));
}

/** What `eip191` (the text) and `okx-evm` (its hash) sign. */
export const FORMS: Readonly<Record<string, (text: Uint8Array) => Uint8Array>> = {
  eip191: ethereumHash,
  'okx-evm': (text) => ethereumHash(keccak_256(text)),
};

export const EIP191 = signed(FORMS.eip191!);
export const OKX_EVM = signed(FORMS['okx-evm']!);

function signed(hash: (text: Uint8Array) => Uint8Array): Scheme {
  return {
    required: ['signatures'],
    fits: ({ family }) => family === 'eip155',
    judge: (claim) => judgeRsv(claim, hash(claim.text)),
  };
}

/** One r ‖ s ‖ v by the key that makes the account. */
export function judgeRsv(claim: Claim, hash: Uint8Array): typeof RIGHT {
  const signature = oneSignature(claim, 65);
  const key = recoverKey(hash, signature, recoveryOf(signature));
  if (!claim.network.ofSecp256k1!(claim.account, key))
    ownershipUntrue('the key that signed is not the one of the address');
  return RIGHT;
}
