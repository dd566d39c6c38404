import { workerData } from 'node:worker_threads';
import { concat, createKernels, SolventError } from '@solvent/algebra';
import { loadCommitter, nativeVerifier } from '@solvent/algebra/native';
import {
  foldValues,
  headerDigest,
  layoutOf,
  manifestChallenge,
  parseInclusion,
  parseManifest,
  verifyInclusion,
  type Inclusion,
  type InclusionVerdict,
} from '@solvent/proof/verify';
import { foldedColumn } from '../folded-column';
import type {
  CellsTask,
  DocumentWorkerData,
  InclusionTask,
  KeptTask,
  SealBatchTask,
  VerificationAnswer,
  VerificationTask,
} from '../inclusion-pool';
import { InclusionProver } from '../inclusion-prover';
import { InclusionProvers } from '../inclusion-provers';
import { headerOrigin } from '../origin';
import { keptOpenings, openingsOf, sharedOpenings, type OpenedBatch } from '../openings/account-openings';
import { loadOpener } from '../openings/opener';
import { plainOpening } from '../openings/plain-opening';
import { byPrefix, sealEntry } from '../sealed/seal-entry';
import { serve } from '../threads/serve';
import { InclusionText } from '../user-proofs/inclusion-text';
import { publishedValues } from '../witness';
import { decodeStoredBatch } from '../witness-file';

const { tables, committing, eager } = workerData as DocumentWorkerData;
const kernels = createKernels();
const loading = Promise.all([
  loadCommitter({ eager, ...(committing && { tables: committing }) }),
  loadOpener(kernels, tables),
]);
const provers = new InclusionProvers();
const text = new InclusionText();

serve(loading, {
  async prove(task: InclusionTask): Promise<Uint8Array[]> {
    const { manifest, witness, batch, place, cells, rows } = task;
    const [committer, opener] = await loading;
    const key = cells ? keptKey(manifest.signature, batch) : `${manifest.signature}/${batch}/${rows.join()}`;
    const prover = provers.get(key, witness.length, () => {
      const opened = open(task);
      const openings = cells
        ? keptOpenings(opener, opened, cells)
        : openingsOf({ kernels, committer, opener }, opened, rows);
      return new InclusionProver(manifest, opened.stored, place, openings);
    });
    return documentsOf(prover, rows);
  },

  async proveKept({ manifest, batch, rows }: KeptTask): Promise<Uint8Array[] | undefined> {
    const prover = provers.find(keptKey(manifest, batch));
    return prover && documentsOf(prover, rows);
  },

  async cells(task: CellsTask): Promise<Uint8Array> {
    const [committer, opener] = await loading;
    return sharedOpenings({ kernels, committer, opener }, open(task));
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

  async seal(task: SealBatchTask): Promise<Uint8Array> {
    const [committer, opener] = await loading;
    const { manifest, place, prefixes } = task;
    const opened = open(task);
    const { count } = opened.stored.accounts;
    refuseOtherPrefixes(prefixes, count, task.batch);
    if (count === 0) return new Uint8Array(0);
    const rows = Array.from({ length: count }, (_, row) => row);
    const openings = openingsOf({ kernels, committer, opener }, opened, rows);
    const prover = new InclusionProver(manifest, opened.stored, place, openings);
    const inclusions = rows.map((row) => prover.prove(row));
    // What is stored belongs together, as the verdict on one of them shows, and this machine computes.
    refuseInvalid(verifyInclusion(inclusions[0]!, { manifest }, nativeVerifier()));
    return concat(...byPrefix(inclusions.map(sealEntry), prefixes));
  },

  async verify({ document, ...given }: VerificationTask): Promise<VerificationAnswer> {
    // What is there but undefined stays there, and is refused below.
    const trusted = { ...given, manifest: parseManifest(given.manifest) };
    // Pairings are those of c-kzg once its set-up is loaded.
    await loading;
    return verdictOn(document, (inclusion) => verifyInclusion(inclusion, trusted, nativeVerifier()));
  },
});

/** @throws SolventError SEALED_PREFIXES_MISSING (invalid) */
function refuseOtherPrefixes({ length }: Uint16Array, count: number, batch: number): void {
  if (length !== count)
    throw new SolventError(
      'SEALED_PREFIXES_MISSING',
      'invalid',
      `batch ${batch} has ${count} accounts, and ${length} shard prefixes`,
      { batch },
    );
}

/** @throws SolventError INCLUSION_SELF_CHECK (internal) */
function refuseInvalid(verdict: InclusionVerdict): void {
  if (!verdict.valid)
    throw new SolventError(
      'INCLUSION_SELF_CHECK',
      'internal',
      `a proof that was just made does not verify (${verdict.code}): nothing of its batch is kept; check this machine's memory, and what the database holds of the snapshot`,
    );
}

function keptKey(signature: string, batch: number): string {
  return `${signature}/${batch}/kept`;
}

function documentsOf(prover: InclusionProver, rows: readonly number[]): Uint8Array[] {
  return rows.map((row) => text.bytes(prover.prove(row)));
}

function open({ manifest, witness, batch }: CellsTask): OpenedBatch {
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
