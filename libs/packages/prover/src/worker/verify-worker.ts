import { workerData } from 'node:worker_threads';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  lineContext,
  verifyProofLine,
  type Invalid,
  type Manifest,
  type VerifiedLine,
} from '@solvent-por/verifier';
import { serve } from '../threads/serve';

const { manifest } = workerData as { readonly manifest: Manifest };
const context = lineContext(manifest, nativeVerifier());

serve(Promise.resolve(), {
  /** One line of a global proof file. */
  async verify(line: Uint8Array): Promise<VerifiedLine | Invalid> {
    return verifyProofLine(line, context);
  },
});
