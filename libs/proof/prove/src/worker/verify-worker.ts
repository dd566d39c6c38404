import { workerData as piscinaData } from 'piscina';
import { nativeVerifier } from '@solvent/algebra/native';
import {
  lineContext,
  verifyProofLine,
  type Invalid,
  type Manifest,
  type VerifiedLine,
} from '@solvent/proof/verify';

const { manifest } = piscinaData as { manifest: Manifest };
const context = lineContext(manifest, nativeVerifier());

/** Verifies one line of a global proof file. A malformed line's error keeps its code and kind on the way back. */
export default function verify(
  line: Uint8Array,
): VerifiedLine | Invalid | { malformed: string; code: string } {
  try {
    return verifyProofLine(line, context);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (typeof code !== 'string') throw error;
    return { malformed: message, code };
  }
}
