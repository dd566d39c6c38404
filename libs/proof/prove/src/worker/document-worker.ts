import { createKernels, SolventError, utf8 } from '@solvent/algebra';
import { loadCommitter, loadLowDegreeCommitter, nativeVerifier } from '@solvent/algebra/native';
import {
  canonicalJson,
  foldValues,
  headerDigest,
  inclusionToJson,
  layoutOf,
  manifestChallenge,
  parseInclusion,
  parseManifest,
  verifyInclusion,
  type Inclusion,
  type InclusionVerdict,
} from '@solvent/proof/verify';
import { foldedColumn } from '../folded-column';
import type { CellsTask, InclusionTask, VerificationAnswer, VerificationTask } from '../inclusion-pool';
import { InclusionProver } from '../inclusion-prover';
import { InclusionProvers } from '../inclusion-provers';
import { headerOrigin } from '../origin';
import { allCells, batchCells, cellsOf } from '../openings/batch-cells';
import { plainOpening } from '../openings/plain-opening';
import { serve } from '../threads/serve';
import { publishedValues } from '../witness';
import { decodeStoredBatch } from '../witness-file';

const loading = Promise.all([loadCommitter(), loadLowDegreeCommitter()]);
const kernels = createKernels();
const provers = new InclusionProvers();

serve(loading, {
  async prove(task: InclusionTask): Promise<Uint8Array[]> {
    const { manifest, witness, batch, place, cells, rows } = task;
    const [committer, low] = await loading;
    // The signature names the whole manifest.
    const key = `${manifest.signature}/${batch}/${cells ? 'kept' : rows.join()}`;
    const prover = provers.get(key, witness.length, () => {
      const { layout, stored, gamma } = open(task);
      const quotient = cells ? cellsOf(cells) : batchCells(kernels, committer, layout, stored, gamma, rows);
      return new InclusionProver(manifest, stored, place, quotient, low);
    });
    return prover.prove(rows).map((inclusion) => utf8(canonicalJson(inclusionToJson(inclusion))));
  },

  async cells(task: CellsTask): Promise<Uint8Array> {
    const [committer] = await loading;
    const { layout, stored, gamma } = open(task);
    return allCells(kernels, committer, layout, stored, gamma);
  },

  async plain(task: CellsTask & { readonly row: number }): Promise<Uint8Array> {
    const [committer] = await loading;
    const { layout, stored, gamma } = open(task);
    const mark = kernels.mark();
    try {
      const value = foldValues(gamma, publishedValues(layout, stored.accounts, task.row));
      const column = foldedColumn(kernels, layout, stored, gamma);
      return plainOpening(kernels, committer, column, task.row, value);
    } finally {
      kernels.release(mark);
    }
  },

  async verify({ document, ...given }: VerificationTask): Promise<VerificationAnswer> {
    // What is there but undefined stays there, and is refused below.
    const trusted = { ...given, manifest: parseManifest(given.manifest) };
    // Pairings are those of c-kzg once its set-up is loaded.
    await loading;
    return verdictOn(document, (inclusion) => verifyInclusion(inclusion, trusted, nativeVerifier()));
  },
});

function open({ manifest, witness, batch }: CellsTask) {
  const { header } = manifest;
  const layout = layoutOf(header);
  const stored = decodeStoredBatch(witness, layout, headerOrigin(header), batch);
  return { layout, stored, gamma: manifestChallenge(manifest, headerDigest(header)) };
}

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
