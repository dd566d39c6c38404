import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  lineContext,
  verifyProofLine,
  type Invalid,
  type Manifest,
  type VerifiedLine,
} from '@solvent-por/verifier';

/** What every thread that verifies is given. */
export interface VerifyingData {
  readonly manifest: Manifest;
}

/** Verifies lines of one global proof file, without any set-up. */
export async function start({ manifest }: VerifyingData) {
  const context = lineContext(manifest, nativeVerifier());
  return {
    async verify(line: Uint8Array): Promise<VerifiedLine | Invalid> {
      return verifyProofLine(line, context);
    },
  };
}
