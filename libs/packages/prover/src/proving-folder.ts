import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, SolventError, utf8 } from '@solvent-por/kzg';
import {
  contentsOf,
  decodeLabelled,
  encodeLabelled,
  labelDigest,
  PRIVATE,
  PRIVATE_DIRECTORY,
  removeTemporary,
  writeAtomic,
  type Origin,
} from '@solvent-por/snapshot/files';
import { layoutOf, type Header } from '@solvent-por/verifier';
import { batchFile, OUTPUT, proofFile } from './files';
import { headerOrigin } from './origin';
import { planProofs, type ProofPlan } from './plan';
import { decodeProofFile, encodeProofFile } from './proof-file';
import type { ProvedJob } from './proof-pool';
import { decodeStoredBatch } from './witness-file';

/** How a run is divided into proofs: written once, a run that goes on keeps it. */
const PLAN_FILE = 'plan.bin';
const PLAN = 'plan';

export interface ProvingFolderOptions {
  readonly header: Header;
  readonly directory: string;
  readonly accounts: number;
  readonly workers: number;
  /** What a run that goes on must have in common with this one. */
  readonly run: Origin;
}

/**
 * The output folder while a snapshot is being proved: gets proofs and witness as they are made, and says what
 * an earlier run left.
 */
export class ProvingFolder {
  private constructor(
    private readonly options: ProvingFolderOptions,
    readonly plan: ProofPlan,
  ) {}

  /**
   * Makes it ready, or finds what an earlier run left there.
   * @throws SolventError OUTPUT_EXISTS | OUTPUT_NOT_EMPTY | RESUME_MISMATCH | RESUME_DAMAGED (usage)
   */
  static async open(options: ProvingFolderOptions): Promise<ProvingFolder> {
    return new ProvingFolder(options, await openOutput(options));
  }

  /**
   * Whether an earlier run left this proof and its witness whole: what a crash or a disk has damaged is
   * proved again.
   */
  async has(first: number, batches: number): Promise<boolean> {
    const { directory, header, run } = this.options;
    const [layout, origin] = [layoutOf(header), headerOrigin(header)];
    try {
      const kept = decodeProofFile(await readFile(proofFile(directory, first)), run, first);
      if (kept.batches.length !== batches) return false;
      for (const [i, digest] of kept.batches.entries()) {
        const file = await readFile(this.#batchFile(first + i));
        decodeStoredBatch(file, layout, origin, first + i);
        if (!equalBytes(labelDigest(file), digest)) return false;
      }
      return true;
    } catch (error) {
      if (error instanceof SolventError || (error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  /**
   * Writes the batches' witness, then the proof: it says that all is there.
   * @throws SolventError STORAGE_FAILED (internal)
   */
  async store({ first, proof, batches }: ProvedJob): Promise<void> {
    const { directory, run } = this.options;
    for (const { batch, witness } of batches) await writeAtomic(this.#batchFile(batch), witness, PRIVATE);
    const kept = { proof, batches: batches.map(({ witness }) => labelDigest(witness)) };
    await writeAtomic(proofFile(directory, first), encodeProofFile(kept, run, first), PRIVATE);
  }

  #batchFile(batch: number): string {
    return batchFile(join(this.options.directory, OUTPUT.witness), batch);
  }
}

async function openOutput(options: ProvingFolderOptions): Promise<ProofPlan> {
  const { directory, header, accounts, workers, run } = options;
  if (existsSync(join(directory, OUTPUT.manifest)))
    throw new SolventError(
      'OUTPUT_EXISTS',
      'usage',
      `${directory} already holds a finished snapshot (${OUTPUT.manifest}): give another output folder`,
    );
  const witness = join(directory, OUTPUT.witness);
  const planFile = join(directory, OUTPUT.progress, PLAN_FILE);
  if (existsSync(planFile)) {
    const plan = await readPlan(planFile, run, directory);
    await mkdir(witness, { recursive: true, mode: PRIVATE_DIRECTORY });
    for (const folder of [directory, witness, join(directory, OUTPUT.progress)])
      await removeTemporary(folder);
    return plan;
  }
  if (contentsOf(directory).some((name) => name !== OUTPUT.progress))
    throw new SolventError(
      'OUTPUT_NOT_EMPTY',
      'usage',
      `${directory} is not empty: give a new output folder`,
    );
  const plan = planProofs(layoutOf(header), accounts, workers);
  await mkdir(join(directory, OUTPUT.progress), { recursive: true, mode: PRIVATE_DIRECTORY });
  const label = { kind: PLAN, origin: run, count: plan.batchCount };
  await writeAtomic(planFile, encodeLabelled(utf8(JSON.stringify(plan)), label), PRIVATE);
  await mkdir(witness, { recursive: true, mode: PRIVATE_DIRECTORY });
  return plan;
}

/** @throws SolventError RESUME_MISMATCH | RESUME_DAMAGED (usage) */
async function readPlan(file: string, run: Origin, directory: string): Promise<ProofPlan> {
  const remedy = `give another output folder, or remove ${directory}`;
  const bytes = await readFile(file);
  try {
    const { content } = decodeLabelled(bytes, { kind: PLAN, origin: run, name: file, remedy });
    return JSON.parse(new TextDecoder().decode(content)) as ProofPlan;
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    if (error.code !== 'WITNESS_FILE_FOREIGN')
      throw new SolventError('RESUME_DAMAGED', 'usage', error.message);
    throw new SolventError(
      'RESUME_MISMATCH',
      'usage',
      `${directory} holds an unfinished run of another configuration, key or input: ${remedy}`,
    );
  }
}
