// What private claims cost: hashes, verifying, and a batch's claim tree beside proving that batch.
// `node scripts/build.mjs --kernels && node libs/dev/benchmarks/claims.mjs [--json]`
// `npm run build && node libs/dev/benchmarks/claims.mjs --chromium [--json]`: proving and verifying in the page.
import { mkdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { claimsInChromium } from './claims-chromium.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const flag = { type: /** @type {const} */ ('boolean'), default: false };
const { values } = parseArgs({ options: { json: flag, chromium: flag } });
// As deep as the sources that look for files of the project beside them; packages stay outside.
const folder = join(root, 'dist/bench/claims/built');
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown' };
const costs = values.chromium ? await claimsInChromium(root) : await costsInNode();
if (values.json) console.log(JSON.stringify({ machine, costs }));
else {
  console.log(`${machine.cpu}, Node ${machine.node}${values.chromium ? ', Chromium' : ': CPU time'}`);
  for (const [name, cost] of Object.entries(costs)) console.log(`${name.padEnd(52)} ${cost}`);
}

/** @returns {Promise<Record<string, string>>} */
async function costsInNode() {
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
    return await claimsCosts();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
