// Speed of the wasm kernels, one thread: node scripts/build.mjs --kernels && node
// libs/dev/benchmarks/kernels.mjs Prints a table on stderr and JSON on stdout. Each figure is the best of
// many batches of about 5 ms, so that other load on the machine counts as little as possible.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const ROWS = 4096;
const R = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
/** Products in one radix-2 transform of 4,096: interpolate() has trivial twiddles at two levels. */
const COSET_PRODUCTS = 12 * 2048;

const kernels = (await load()).createKernels();

const numbers = (seed) =>
  Array.from({ length: ROWS }, (_, i) => (BigInt(seed * 7919 + i + 1) ** 17n * 0x9e3779b97f4a7c15n) % R);
const column = (seed) => {
  const vector = kernels.allocate(ROWS);
  kernels.load(vector, 0, numbers(seed));
  return vector;
};
const [a, b, c, d, e] = [1, 2, 3, 4, 5].map(column);
const values = kernels.allocate(4 * ROWS);
kernels.fill(values, 4 * ROWS, 12345n);
const factor = numbers(9)[0];
const limbs = kernels.allocateBytes(2 * 4080);
kernels.bytes(limbs, 2 * 4080).fill(5);

const measured = {
  multiply: milliseconds(() => kernels.multiply(c, a, b, ROWS)),
  add: milliseconds(() => kernels.add(c, a, b, ROWS)),
  addScaled: milliseconds(() => kernels.addScaled(c, a, factor, ROWS)),
  dot: milliseconds(() => kernels.dot(a, b, ROWS)),
  invert: milliseconds(() => kernels.invert(c, a, ROWS)),
  interpolate: milliseconds(() => kernels.interpolate(c, a)),
  coset: milliseconds(() => kernels.coset(c, a, 1)),
  interpolateCosets: milliseconds(() => kernels.interpolateCosets(values, values)),
  accumulateGroup: milliseconds(() => kernels.accumulateGroup(c, a, [b, d, e], factor, factor)),
  finishQuotient: milliseconds(() =>
    kernels.finishQuotient(c, 1, { table: a, multiplicity: b, w: d }, factor, factor, factor),
  ),
  expandLimbs: milliseconds(() => kernels.expandLimbs(c, limbs)),
  blob: milliseconds(() => kernels.blob(a)),
};
const nanoseconds = {
  'product in multiply': (measured.multiply * 1e6) / ROWS,
  'butterfly in coset': (measured.coset * 1e6) / COSET_PRODUCTS,
};
const round = (list) =>
  Object.fromEntries(Object.entries(list).map(([name, x]) => [name, Number(x.toPrecision(3))]));
const result = {
  machine: cpus()[0]?.model,
  node: process.version,
  nanoseconds: round(nanoseconds),
  milliseconds: round(measured),
};

for (const [name, x] of Object.entries(result.nanoseconds)) console.error(`${name.padEnd(24)} ${x} ns`);
for (const [name, x] of Object.entries(result.milliseconds)) console.error(`${name.padEnd(24)} ${x} ms`);
console.log(JSON.stringify(result));

function milliseconds(run) {
  const once = () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  };
  // Long enough for V8's optimising compiler to have taken over.
  for (let start = performance.now(); performance.now() - start < 300;) run();
  const count = Math.max(1, Math.round(5 / Math.max(once(), 0.001)));
  const batches = Array.from({ length: 80 }, () => {
    const start = performance.now();
    for (let i = 0; i < count; i++) run();
    return (performance.now() - start) / count;
  });
  return Math.min(...batches);
}

async function load() {
  const directory = mkdtempSync(join(tmpdir(), 'kernels-'));
  const outfile = join(directory, 'kernels.mjs');
  try {
    await build({
      entryPoints: [join(root, 'libs/packages/kzg/src/kernels.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      target: 'node20',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
