// Compiles the wasm kernels and bundles the CLI with its workers into dist/. Fast enough to run every time.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';
import { arithmetic } from '../libs/algebra/assembly/generate.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

const workers = {
  'prove-worker': 'libs/proof/prove/src/worker/prove-worker.ts',
  'verify-worker': 'libs/proof/prove/src/worker/verify-worker.ts',
  'inclusion-worker': 'libs/proof/prove/src/worker/inclusion-worker.ts',
};

await kernels();
if (!process.argv.includes('--kernels')) {
  await nodeBundle('dist/cli', { main: 'apps/cli/src/main.ts', ...workers });
  await browserBundle();
}
if (process.argv.includes('--bench'))
  await nodeBundle('dist/bench', { scenarios: 'benchmarks/scenarios.ts', ...workers });

/** libs/algebra/assembly → libs/algebra/src/generated/kernels.ts (the wasm in base64, so that it loads in any runtime). */
async function kernels() {
  mkdirSync('dist', { recursive: true });
  mkdirSync('libs/algebra/src/generated', { recursive: true });
  mkdirSync('libs/algebra/assembly/generated', { recursive: true });
  writeFileSync('libs/algebra/assembly/generated/arithmetic.ts', arithmetic());
  const { error, stderr } = await asc.main([
    'libs/algebra/assembly/index.ts',
    '--outFile',
    'dist/kernels.wasm',
    '--optimizeLevel',
    '3',
    '--noAssert',
    '--runtime',
    'stub',
    '--importMemory',
    '--enable',
    'simd',
  ]);
  if (error) throw new Error(stderr.toString());
  const base64 = readFileSync('dist/kernels.wasm').toString('base64');
  writeFileSync('libs/algebra/src/generated/kernels.ts', `export const KERNELS_WASM = '${base64}';\n`);
}

/** For Node. Native packages stay outside; @noble is ESM only, so it is bundled. */
async function nodeBundle(outdir, entryPoints) {
  await build({
    entryPoints,
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'linked',
    tsconfig: 'tsconfig.base.json',
    external: ['c-kzg', 'kzg-wasm', '@chainsafe/blst', 'piscina'],
    logLevel: 'warning',
  });
}

/** The whole verifier for a browser: one minified ES module that needs nothing else. */
async function browserBundle() {
  await build({
    stdin: {
      contents: "export * from '@solvent/proof/verify'; export { nobleVerifier } from '@solvent/algebra';",
      resolveDir: root,
      loader: 'ts',
    },
    outfile: 'dist/browser/verify.js',
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    minify: true,
    tsconfig: 'tsconfig.base.json',
    logLevel: 'warning',
  });
}
