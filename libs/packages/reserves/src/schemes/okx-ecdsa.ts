import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, utf8 } from '@solvent-por/kzg';
import { refuseWithoutScript } from './bitcoin-message';
import { vs } from './compact-size';
import { ownershipMalformed, recoveryOf, RIGHT, signaturesOf, type Claim, type Scheme } from './evidence';
import { judgeRsv } from './ethereum-message';
import { countSigners, readScript } from './multisig';
import { recoverKey } from './secp256k1';

/** Of everything that OKX signs in its own way. */
export const OKX_PREFIX = vs(utf8('OKX Signed Message:\n'));

/** OKX's own message over any network with secp256k1 keys. */
export const OKX_ECDSA: Scheme = {
  required: ['signatures'],
  optional: ['script'],
  fits: ({ ofSecp256k1 }) => ofSecp256k1 !== undefined,
  judge: (claim) => {
    const hash = keccak_256(concat(OKX_PREFIX, vs(claim.text)));
    const utxo = claim.network.family === 'utxo';
    if (Object.hasOwn(claim.ownership, 'script')) {
      if (!utxo) ownershipMalformed('a script is for UTXO networks alone');
      return judgeScript(claim, hash);
    }
    if (utxo) refuseWithoutScript(claim);
    return judgeRsv(claim, hash);
  },
};

function judgeScript(claim: Claim, hash: Uint8Array): typeof RIGHT {
  const script = readScript(claim.ownership.script, claim.account, claim.network);
  const signatures = signaturesOf(claim, 1, 16, 65);
  if (signatures.some(({ length }) => length !== 65)) ownershipMalformed('a signature must have 65 bytes');
  const read = signatures.map((rsv) => ({ rsv, recovery: recoveryOf(rsv) }));
  countSigners(
    script,
    read.map(({ rsv, recovery }) => recoverKey(hash, rsv, recovery)),
  );
  return RIGHT;
}
