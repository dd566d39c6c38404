import { workerData } from 'node:worker_threads';
import { nativeVerifier } from '@solvent/algebra/native';
import {
  headerDigest,
  layoutOf,
  verifyProofLine,
  type Header,
  type Invalid,
  type VerifiedLine,
} from '@solvent/proof/verify';
import { serve } from '../threads/serve';

const { header } = workerData as { readonly header: Header };
const context = { layout: layoutOf(header), headerDigest: headerDigest(header), kzg: nativeVerifier() };

serve(Promise.resolve(), {
  /** One line of a global proof file. */
  async verify(line: Uint8Array): Promise<VerifiedLine | Invalid> {
    return verifyProofLine(line, context);
  },
});
