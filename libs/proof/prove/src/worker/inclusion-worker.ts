import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { createKernels, SolventError, toHex, utf8, type OpeningTables } from '@solvent/algebra';
import { loadCommitter, nativeVerifier } from '@solvent/algebra/native';
import { PRIVATE, writeAtomic } from '@solvent/files';
import {
  canonicalJson,
  headerDigest,
  inclusionToJson,
  manifestChallenge,
  verifyInclusion,
  type Inclusion,
  type InclusionVerdict,
} from '@solvent/proof/verify';
import { InclusionProver } from '../inclusion-prover';
import { openingsOf } from '../openings/account-openings';
import { loadOpener } from '../openings/opener';
import { packEntries, sealEntry } from '../sealed/seal-entry';
import { Staging } from '../sealed/staging';
import { serve } from '../threads/serve';
import { WitnessDirectory } from '../witness-directory';

/** Accounts of one batch to write inclusion files for. */
export interface InclusionTask {
  readonly batch: number;
  readonly rows: readonly number[];
}

/** A batch to seal whole. */
export interface SealTask {
  readonly batch: number;
  /** Prefixes of its accounts' shards, row by row. */
  readonly prefixes: Uint16Array;
}

/** What every task of one pool shares. */
export interface InclusionWorkerData {
  readonly witness: string;
  /** Folder of the files, or where entries are kept until they are sorted into shards. */
  readonly output: string;
  readonly tables: OpeningTables;
}

const { witness, output, tables } = workerData as InclusionWorkerData;
const kernels = createKernels();
const ready = Promise.all([WitnessDirectory.open(witness), loadCommitter(), loadOpener(kernels, tables)]);

serve(ready, {
  /** Writes `<id>.json` for each row; returns how many. */
  async write({ batch, rows }: InclusionTask): Promise<number> {
    const prove = await prover(batch, rows);
    for (const [i, row] of rows.entries()) {
      const inclusion = prove(row, i === 0);
      const document = utf8(canonicalJson(inclusionToJson(inclusion)));
      await writeAtomic(join(output, `${toHex(inclusion.id)}.json`), document, PRIVATE);
    }
    return rows.length;
  },

  /** Seals every account of a batch into the staging folder of a bundle; returns how many. */
  async seal({ batch, prefixes }: SealTask): Promise<number> {
    const [{ manifest, layout }] = await ready;
    const rows = Array.from(prefixes.keys());
    const prove = await prover(batch, rows);
    const entries = rows.map((row) => sealEntry(prove(row, row === 0)));
    const packed = packEntries(entries, prefixes, layout.published.length);
    await new Staging(output, manifest).put(batch, packed);
    return entries.length;
  },
});

/** Proves rows of a batch, which are known before; `check` has the proof verified. */
async function prover(
  batch: number,
  rows: readonly number[],
): Promise<(row: number, check: boolean) => Inclusion> {
  const [directory, committer, opener] = await ready;
  const { manifest, layout } = directory;
  const stored = await directory.readBatch(batch);
  const gamma = manifestChallenge(manifest, headerDigest(manifest.header));
  const open = openingsOf({ kernels, committer, opener }, { layout, stored, gamma }, rows);
  const inclusions = new InclusionProver(manifest, stored, await directory.place(batch), open);
  return (row, check) => {
    const inclusion = inclusions.prove(row);
    // Batch and tree were checked against the manifest: what is left is this machine, and one of them shows it.
    if (check) refuseInvalid(verifyInclusion(inclusion, { manifest }, nativeVerifier()));
    return inclusion;
  };
}

function refuseInvalid(verdict: InclusionVerdict): void {
  if (!verdict.valid)
    throw new SolventError(
      'INCLUSION_SELF_CHECK',
      'internal',
      `a proof that was just made does not verify (${verdict.code}): it was not written; check this machine's memory, and give the command again`,
    );
}
