import type * as blstModule from '@chainsafe/blst';
import { createRequire } from 'node:module';
import {
  createMultiScalar,
  decodePointWith,
  encodePoints,
  fromBytes,
  nobleVerifier,
  pointFromAffine,
  type G1Point,
  type KzgVerifier,
} from '@solvent-por/kzg';
import { forcedBackend } from './choice';
import { loadedCKzg } from './committer';

type Blst = typeof blstModule;

const ZERO_SCALAR = new Uint8Array(32);
const requireNative = createRequire(__filename);
let multiScalar: KzgVerifier['multiScalar'] | undefined;

/**
 * The verifier's backend for Node: blst decodes, c-kzg pairs once its set-up has been loaded by loadCommitter
 * (loading it for one pairing would cost far more than it saves), our own kernel multiplies, @noble/curves
 * does the rest. Where a native library is missing or SOLVENT_KZG says so, noble takes its place, with the
 * same results.
 * @throws SolventError KZG_BACKEND_UNKNOWN (usage)
 */
export function nativeVerifier(): KzgVerifier {
  const noble = nobleVerifier();
  const forced = forcedBackend();
  if (forced === 'noble') return noble;
  const blst = loadBlst();
  return {
    name: 'native',
    decodePoints: blst
      ? (encoded) => encoded.map((bytes, i) => decodePointWith((point) => blstDecode(blst, point), bytes, i))
      : noble.decodePoints,
    multiScalar: (multiScalar ??= createMultiScalar()),
    pairingHolds: (a, b, b8, b64) => {
      const cKzg = forced === 'wasm' ? undefined : loadedCKzg();
      // c-kzg pairs with [1]₂ and [τ]₂ only.
      const more = [b8, b64].some((point) => point && !point.is0());
      if (!cKzg || more) return noble.pairingHolds(a, b, b8, b64);
      // "f(0) = 0 is proved by b for commitment a" is the very equation e(a, [1]₂) = e(b, [τ]₂).
      const [commitment, proof] = encodePoints([a, b]) as [Uint8Array, Uint8Array];
      return cKzg.verifyKzgProof(commitment, ZERO_SCALAR, ZERO_SCALAR, proof);
    },
  };
}

/** Curve and subgroup are checked by blst, so the affine coordinates it returns need no second check. */
function blstDecode(blst: Blst, bytes: Uint8Array): G1Point {
  const affine = blst.PublicKey.fromBytes(bytes, true).toBytes(false);
  return pointFromAffine(fromBytes(affine.subarray(0, 48)), fromBytes(affine.subarray(48)));
}

function loadBlst(): Blst | undefined {
  try {
    return requireNative('@chainsafe/blst') as Blst;
  } catch {
    return undefined;
  }
}
