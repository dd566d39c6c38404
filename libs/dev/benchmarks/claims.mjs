// What private claims cost: hashes, verifying, and a batch's claim tree beside proving that batch.
// `node scripts/build.mjs --kernels && node libs/dev/benchmarks/claims.mjs [--json]`
import { mkdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
// As deep as the sources that look for files of the project beside them; packages stay outside.
const folder = join(root, 'dist/bench/claims/built');
try {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, 'costs.cjs');
  await build({
    entryPoints: [join(root, 'libs/dev/benchmarks/claims-costs.ts')],
    ...{ outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' },
    external: ['snarkjs', 'circom2', 'circomlib', 'c-kzg', '@chainsafe/blst'],
    tsconfig: join(root, 'tsconfig.base.json'),
  });
  const { claimsCosts } = (await import(pathToFileURL(outfile).href)).default;
  const costs = await claimsCosts();
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown' };
  if (values.json) console.log(JSON.stringify({ machine, costs }));
  else {
    console.log(`${machine.cpu}, Node ${machine.node}: CPU time`);
    for (const [name, cost] of Object.entries(costs)) console.log(`${name.padEnd(44)} ${cost}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
