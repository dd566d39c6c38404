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
} from '@solvent-por/kzg';
import { forcedBackend } from './choice';
import { checkSelfTest, checkSetUp, parseSetUpText, type KzgSetUp } from './set-up';
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
  /** Load c-kzg's set-up at once, for whoever would rather wait now than at the first request. */
  readonly eager?: boolean;
}

/** A committer, and what of it is left to load. */
interface Loaded {
  readonly committer: KzgCommitter;
  readonly complete: () => void;
}

type CKzg = typeof cKzgModule;

/** Cells of a column; the library's others are of its extension to 8,192 rows. */
const CELLS = 64;

/**
 * Up to so many points to add (1,100 full-size rows, or a column of small numbers) our own kernel is faster
 * than c-kzg (measured).
 */
const SPARSE_ENTRIES = 24_000;

/**
 * Dense columns that our own kernel commits to before c-kzg's set-up is loaded: it takes a third longer for
 * each, and loading takes the time of forty. Whoever has few of them never loads it, and whoever has many
 * loses as much again at most.
 */
const DENSE_BEFORE_SET_UP = 100;

// c-kzg is optional and native: it must be looked up when the program runs, also out of a bundle.
const requireNative = createRequire(__filename);
const loaded = new Map<CommitterBackend, Promise<Loaded>>();
let readyCKzg: CKzg | undefined;

/** c-kzg with its set-up in place, or undefined while no committer of it has loaded that. */
export function loadedCKzg(): CKzg | undefined {
  return readyCKzg;
}

/**
 * Loads a committer over Ethereum's mainnet set-up, once a backend and thread; later calls return the same
 * one. The set-up's digest is checked first, one known commitment before any other. c-kzg's set-up, which
 * blocks the thread for 1.4 seconds, is loaded when it pays, or at once where it is asked for; where no
 * tables are given, those of our own kernel, which commits until then, to sparse columns, and where c-kzg is
 * missing, take 0.7 seconds at the first commitment.
 *
 * @throws SolventError KZG_BACKEND_UNAVAILABLE, KZG_BACKEND_UNKNOWN (usage), SETUP_DIGEST_MISMATCH,
 *   KZG_SELF_TEST_FAILED (internal), which the commitment that loads c-kzg may throw too
 */
export async function loadCommitter(options: CommitterOptions = {}): Promise<KzgCommitter> {
  const forced = options.backend ?? forcedBackend();
  const tables = options.tables ?? {};
  if (forced === 'c-kzg') {
    const { committer, complete } = await once('c-kzg', () => loadCKzg(tables));
    complete();
    return committer;
  }
  if (forced) return (await once('wasm', () => loadWasm(tables))).committer;
  try {
    const { committer, complete } = await once('c-kzg', () => loadCKzg(tables));
    if (options.eager) complete();
    return committer;
  } catch (error) {
    // A wrong set-up is never worked around: only a missing library is.
    if (!(error instanceof SolventError) || error.code !== 'KZG_BACKEND_UNAVAILABLE') throw error;
    options.onWarning?.(
      'c-kzg could not be loaded (it is compiled at install time and needs Python 3, make and a C++ compiler): ' +
        'our own WebAssembly kernel takes over, with the same results and somewhat slower',
    );
    return (await once('wasm', () => loadWasm(tables))).committer;
  }
}

function once(backend: CommitterBackend, load: () => Promise<Loaded>): Promise<Loaded> {
  const known = loaded.get(backend);
  if (known) return known;
  const loading = load();
  loaded.set(backend, loading);
  return loading;
}

async function loadCKzg(tables: CommitterTables): Promise<Loaded> {
  let library: CKzg & { readonly DEFAULT_TRUSTED_SETUP_PATH: string };
  try {
    library = requireNative('c-kzg') as typeof library;
  } catch (error) {
    throw unavailable('c-kzg', error);
  }
  const path = library.DEFAULT_TRUSTED_SETUP_PATH;
  const setUp = parseSetUpText(readFileSync(path, 'utf8'));
  checkSetUp(setUp, 'c-kzg');
  const commitDense = (blob: Uint8Array): Uint8Array => new Uint8Array(library.blobToKzgCommitment(blob));
  const complete = (): void => {
    if (readyCKzg) return;
    loadSetUp(library, path);
    checkSelfTest(commitDense(identityBlob()), 'c-kzg');
    readyCKzg = library;
  };
  // Made at the first commitment: who only pairs doesn't pay for it.
  let columns: ColumnCommitter | undefined;
  const own = (): ColumnCommitter => (columns ??= ownCommitter(tables, setUp));
  let dense = 0;
  return {
    complete,
    committer: {
      name: 'c-kzg',
      commit(blob) {
        const sparse = own().commitWithin(blob, SPARSE_ENTRIES);
        if (sparse) return sparse;
        if (!readyCKzg && dense++ < DENSE_BEFORE_SET_UP) return own().commit(blob);
        complete();
        return commitDense(blob);
      },
      commitSmall: (small) => own().commitSmall(small),
      cellProofs(blob) {
        complete();
        const [, proofs] = library.computeCellsAndKzgProofs(blob);
        return proofs.slice(0, CELLS).map((proof) => new Uint8Array(proof));
      },
    },
  };
}

function loadSetUp(library: CKzg, path: string): void {
  try {
    // 0: tables for cell proofs (EIP-7594) would make those a third cheaper, for 100 MB a thread and half a
    // second more.
    library.loadTrustedSetup(0, path);
  } catch (error) {
    // Another library of this process may have loaded a set-up before us, which c-kzg says in words alone:
    // the self-test tells whether it is the right one.
    if (!/already loaded/.test(messageOf(error))) throw unavailable('c-kzg', error);
  }
}

function ownCommitter({ lagrange }: CommitterTables, { g1Lagrange }: KzgSetUp): ColumnCommitter {
  const points = (): Uint8Array => new Uint8Array(Buffer.from(g1Lagrange.join(''), 'hex'));
  const committer = new ColumnCommitter(lagrange ?? buildLagrangeTables(points()));
  checkSelfTest(committer.commit(identityBlob()), 'wasm');
  return committer;
}

async function loadWasm(tables: CommitterTables): Promise<Loaded> {
  const committer = await loadWasmCommitter(tables);
  checkSelfTest(committer.commit(identityBlob()), 'wasm');
  return { committer, complete: () => undefined };
}

/** The column whose row i is ω^i, as a blob: it commits to [τ]₁. */
function identityBlob(): Uint8Array {
  const blob = new Uint8Array(ROWS * SCALAR_BYTES);
  for (let i = 0; i < ROWS; i++) blob.set(toBytes(rowPoint(i)), bitReverse12(i) * SCALAR_BYTES);
  return blob;
}

function unavailable(backend: CommitterBackend, cause: unknown): SolventError<'KZG_BACKEND_UNAVAILABLE'> {
  // The first line only: the others list paths of the instance.
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
