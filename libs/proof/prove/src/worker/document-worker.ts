import { SolventError, utf8 } from '@solvent/algebra';
import { loadCommitter, nativeVerifier } from '@solvent/algebra/native';
import {
  canonicalJson,
  inclusionToJson,
  layoutOf,
  parseInclusion,
  parseManifest,
  verifyInclusion,
  type Inclusion,
  type InclusionVerdict,
  type TrustedInclusion,
} from '@solvent/proof/verify';
import type { InclusionTask, VerificationAnswer, VerificationTask } from '../inclusion-pool';
import { InclusionProver } from '../inclusion-prover';
import { InclusionProvers } from '../inclusion-provers';
import { headerOrigin } from '../origin';
import { serve } from '../threads/serve';
import { decodeStoredBatch } from '../witness-file';

const committer = loadCommitter();
const provers = new InclusionProvers();

serve(committer, {
  async prove({ manifest, witness, batch, place, rows }: InclusionTask): Promise<Uint8Array[]> {
    const { header } = manifest;
    const kzg = await committer;
    // The signature names the whole manifest.
    const prover = provers.get(`${manifest.signature}/${batch}`, header, (kernels) => {
      const stored = decodeStoredBatch(witness, layoutOf(header), headerOrigin(header), batch);
      return new InclusionProver(manifest, stored, place, kernels, kzg);
    });
    return rows.map((row) => utf8(canonicalJson(inclusionToJson(prover.prove(row)))));
  },

  async verify({ document, ...given }: VerificationTask): Promise<VerificationAnswer> {
    // What is there but undefined stays there, and is refused below.
    const trusted = {
      ...given,
      ...('manifest' in given && { manifest: parseManifest(given.manifest) }),
    } as TrustedInclusion;
    // Pairings are those of c-kzg once its set-up is loaded.
    await committer;
    return verdictOn(document, (inclusion) => verifyInclusion(inclusion, trusted, nativeVerifier()));
  },
});

/** What cannot be read is an answer too, not a failure of the thread. */
function verdictOn(
  document: Uint8Array,
  verify: (inclusion: Inclusion) => InclusionVerdict,
): VerificationAnswer {
  try {
    return verify(parseInclusion(document));
  } catch (error) {
    if (!(error instanceof SolventError) || error.kind !== 'malformed') throw error;
    return { malformed: error.message, code: error.code };
  }
}
