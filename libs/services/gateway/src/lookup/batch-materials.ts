import { SolventError } from '@solvent-por/kzg';
import type { BatchPlace, InclusionTask } from '@solvent-por/prover';
import { isDamaged, type Kept } from '@solvent-por/services/database';
import type { Manifest } from '@solvent-por/verifier';
import { LRUCache } from 'lru-cache';
import { SingleFlight } from './single-flight';

/** What the accounts of a batch are proved from, but for its witness, which may have megabytes. */
export type BatchMaterial = Required<Pick<InclusionTask, 'manifest' | 'batch' | 'place' | 'cells'>>;

export interface BatchMaterialPorts {
  /** The manifest of a published snapshot. */
  readonly manifest: (snapshotId: string) => Promise<Manifest | undefined>;
  readonly place: (snapshotId: string, batch: number, batchCount: number) => Promise<BatchPlace>;
  readonly witness: (snapshotId: string, batch: number) => Promise<Uint8Array | null>;
  /** Cell openings that were kept. */
  readonly cells: (snapshotId: string, batch: number) => Promise<Kept>;
  /** @param repairs what is kept is damaged */
  readonly keepCells: (
    snapshotId: string,
    batch: number,
    cells: Uint8Array,
    repairs: boolean,
  ) => Promise<void>;
  /** Kept ones are damaged; they are made anew. */
  readonly onDamaged: (snapshotId: string, error: SolventError) => void;
  /** Makes them in a worker thread. */
  readonly makeCells: (task: Pick<InclusionTask, 'manifest' | 'witness' | 'batch'>) => Promise<Uint8Array>;
  /**
   * They could not be kept: they serve nevertheless, and are made again by the next gateway that needs them.
   */
  readonly onNotKept: (error: unknown) => void;
}

/** A batch's shared openings and path, and what their objects take. */
const MATERIAL_BYTES = 32 * 1024;

/**
 * Materials of the batches asked for last. A batch's cell openings, a quarter of a second's work, are made
 * for the first look-up of one of its accounts, once for all who wait, and kept in the database for all
 * gateways. Forgotten after a while, like documents.
 */
export class BatchMaterials {
  readonly #kept: LRUCache<string, BatchMaterial>;
  readonly #flights = new SingleFlight<BatchMaterial>();

  constructor(
    private readonly ports: BatchMaterialPorts,
    options: { readonly bytes: number; readonly seconds: number },
  ) {
    const max = Math.max(1, Math.floor(options.bytes / MATERIAL_BYTES));
    this.#kept = new LRUCache({ max, ttl: options.seconds * 1000, ttlResolution: 1000 });
  }

  /** @throws SolventError STORED_DATA_MISSING (internal) */
  async of(snapshotId: string, batch: number): Promise<BatchMaterial> {
    const key = `${snapshotId}/${batch}`;
    return this.#kept.get(key) ?? this.#flights.run(key, () => this.#load(snapshotId, batch, key));
  }

  /** @throws SolventError STORED_DATA_MISSING (internal), WITNESS_KEY_UNKNOWN | WITNESS_SEAL_BROKEN */
  async witness(snapshotId: string, batch: number): Promise<Uint8Array> {
    return (await this.ports.witness(snapshotId, batch)) ?? missing(snapshotId, 'witness');
  }

  async #load(snapshotId: string, batch: number, key: string): Promise<BatchMaterial> {
    const manifest = (await this.ports.manifest(snapshotId)) ?? missing(snapshotId, 'manifest');
    const [place, cells] = await Promise.all([
      this.ports.place(snapshotId, batch, manifest.batchCount),
      this.#cells(snapshotId, batch, manifest),
    ]);
    const material = { manifest, batch, place, cells };
    this.#kept.set(key, material);
    return material;
  }

  async #cells(snapshotId: string, batch: number, manifest: Manifest): Promise<Uint8Array> {
    const kept = await this.ports.cells(snapshotId, batch);
    if (kept !== null && !isDamaged(kept)) return kept;
    if (kept) this.ports.onDamaged(snapshotId, kept.damaged);
    const { makeCells, keepCells, onNotKept } = this.ports;
    const witness = await this.witness(snapshotId, batch);
    const cells = await makeCells({ manifest, batch, witness });
    await keepCells(snapshotId, batch, cells, kept !== null).catch(onNotKept);
    return cells;
  }
}

function missing(snapshotId: string, what: string): never {
  throw new SolventError('STORED_DATA_MISSING', 'internal', `snapshot ${snapshotId} has no ${what} any more`);
}
