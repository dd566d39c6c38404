import type { KzgVerifier } from '../kzg';
import { decodePoint } from './decode';
import { multiScalar } from './multi-scalar';
import { pairingHolds } from './pairing';

/** The verifier's backend in pure JavaScript, for any runtime (@noble/curves). */
export function nobleVerifier(): KzgVerifier {
  return {
    name: 'noble',
    decodePoints: (encoded) => encoded.map((bytes, i) => decodePoint(bytes, i)),
    multiScalar,
    pairingHolds,
  };
}
