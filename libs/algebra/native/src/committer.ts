import type * as cKzgModule from 'c-kzg';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  ColumnCommitter,
  ROWS,
  SCALAR_BYTES,
  SolventError,
  bitReverse12,
  buildLagrangeTables,
  rowPoint,
  toBytes,
  type KzgCommitter,
} from '@solvent/algebra';
import { forcedBackend } from './choice';
import { checkSelfTest, checkSetUp, parseSetUpText, type SetUp } from './set-up';
import { loadWasmCommitter, type CommitterTables } from './wasm-committer';

/** Which library commits. */
export type CommitterBackend = 'c-kzg' | 'wasm';

export interface CommitterOptions {
  /** Use this library and no other; without it SOLVENT_KZG decides, else c-kzg where it can be loaded. */
  readonly backend?: CommitterBackend;
  /** Told where the fast library is missing and the slow one takes over; never told of anything secret. */
  readonly onWarning?: (message: string) => void;
  /** Of buildCommitterTables, so that threads share them; only the first call in a thread looks at them. */
  readonly tables?: CommitterTables;
}

type CKzg = typeof cKzgModule;

/** Cells of a column; the library's others are of its extension to 8,192 rows. */
const CELLS = 64;

/** Up to so many points to add (1,100 full-size rows, or a column of small numbers) our own kernel is faster than c-kzg (measured). */
const SPARSE_ENTRIES = 24_000;

// c-kzg is optional and native: it must be looked up when the program runs, also out of a bundle.
const requireNative = createRequire(__filename);
const loaded = new Map<CommitterBackend, Promise<KzgCommitter>>();
let readyCKzg: CKzg | undefined;

/** c-kzg with its set-up in place, or undefined while nobody has loaded a committer of it. */
export function loadedCKzg(): CKzg | undefined {
  return readyCKzg;
}

/**
 * Loads a committer over Ethereum's mainnet set-up, once a backend and thread; later calls return the same one. The set-up's digest and one known
 * commitment are checked first. Loading c-kzg blocks the thread for 1.3 seconds; where no tables are given, those of our own kernel, which commits to
 * sparse columns and where c-kzg is missing, take 0.7 seconds at the first commitment.
 *
 * @throws SolventError KZG_BACKEND_UNAVAILABLE, KZG_BACKEND_UNKNOWN (usage), SETUP_DIGEST_MISMATCH, KZG_SELF_TEST_FAILED (internal)
 */
export async function loadCommitter(options: CommitterOptions = {}): Promise<KzgCommitter> {
  const forced = options.backend ?? forcedBackend();
  const tables = options.tables ?? {};
  if (forced === 'c-kzg') return once('c-kzg', () => loadCKzg(tables));
  if (forced) return once('wasm', () => loadWasm(tables));
  try {
    return await once('c-kzg', () => loadCKzg(tables));
  } catch (error) {
    // A wrong set-up is never worked around: only a missing library is.
    if (!(error instanceof SolventError) || error.code !== 'KZG_BACKEND_UNAVAILABLE') throw error;
    options.onWarning?.(
      'c-kzg could not be loaded (it is compiled at install time and needs Python 3, make and a C++ compiler): ' +
        'our own WebAssembly kernel takes over, with the same results and somewhat slower',
    );
    return once('wasm', () => loadWasm(tables));
  }
}

function once(backend: CommitterBackend, load: () => Promise<KzgCommitter>): Promise<KzgCommitter> {
  const known = loaded.get(backend);
  if (known) return known;
  const loading = load();
  loaded.set(backend, loading);
  return loading;
}

async function loadCKzg(tables: CommitterTables): Promise<KzgCommitter> {
  let library: CKzg & { readonly DEFAULT_TRUSTED_SETUP_PATH: string };
  try {
    library = requireNative('c-kzg') as typeof library;
  } catch (error) {
    throw unavailable('c-kzg', error);
  }
  const path = library.DEFAULT_TRUSTED_SETUP_PATH;
  const setUp = parseSetUpText(readFileSync(path, 'utf8'));
  checkSetUp(setUp, 'c-kzg');
  try {
    // 0: tables for cell proofs (EIP-7594) would make those a third cheaper, for 100 MB a thread and half a second more.
    library.loadTrustedSetup(0, path);
  } catch (error) {
    // Another library of this process may have loaded a set-up before us: the self-test below tells whether it is the right one.
    if (!/already loaded/.test(messageOf(error))) throw unavailable('c-kzg', error);
  }
  const commitDense = (blob: Uint8Array): Uint8Array => new Uint8Array(library.blobToKzgCommitment(blob));
  checkSelfTest(commitDense(identityBlob()), 'c-kzg');
  readyCKzg = library;
  // Made at the first commitment: who only pairs doesn't pay for it.
  let columns: ColumnCommitter | undefined;
  const sparse = (): ColumnCommitter => (columns ??= sparseCommitter(tables, setUp));
  const commit = (blob: Uint8Array): Uint8Array =>
    sparse().commitWithin(blob, SPARSE_ENTRIES) ?? commitDense(blob);
  const cellProofs = (blob: Uint8Array): Uint8Array[] =>
    library
      .computeCellsAndKzgProofs(blob)[1]
      .slice(0, CELLS)
      .map((proof) => new Uint8Array(proof));
  return { name: 'c-kzg', commit, commitSmall: (small) => sparse().commitSmall(small), cellProofs };
}

function sparseCommitter({ lagrange }: CommitterTables, { g1Lagrange }: SetUp): ColumnCommitter {
  const points = (): Uint8Array => new Uint8Array(Buffer.from(g1Lagrange.join(''), 'hex'));
  const committer = new ColumnCommitter(lagrange ?? buildLagrangeTables(points()));
  checkSelfTest(committer.commit(identityBlob()), 'wasm');
  return committer;
}

async function loadWasm(tables: CommitterTables): Promise<KzgCommitter> {
  const committer = await loadWasmCommitter(tables);
  checkSelfTest(committer.commit(identityBlob()), 'wasm');
  return committer;
}

/** The column whose row i is ω^i, as a blob: it commits to [τ]₁. */
function identityBlob(): Uint8Array {
  const blob = new Uint8Array(ROWS * SCALAR_BYTES);
  for (let i = 0; i < ROWS; i++) blob.set(toBytes(rowPoint(i)), bitReverse12(i) * SCALAR_BYTES);
  return blob;
}

function unavailable(backend: CommitterBackend, cause: unknown): SolventError<'KZG_BACKEND_UNAVAILABLE'> {
  // The first line only: the others list paths of the machine.
  const reason = messageOf(cause).split('\n')[0]!;
  return new SolventError('KZG_BACKEND_UNAVAILABLE', 'usage', `${backend} could not be loaded: ${reason}`, {
    backend,
  });
}

/** Not by instanceof: an error of a native library may belong to another realm (jest's, for one). */
function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : 'unknown reason';
}
