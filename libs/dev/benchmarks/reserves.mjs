// How many signatures of each scheme, and state proofs, one core judges in a second of CPU time.
// `node libs/dev/benchmarks/reserves.mjs [--json]`
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const folder = mkdtempSync(join(tmpdir(), 'solvent-reserves-'));
try {
  const outfile = join(folder, 'rates.mjs');
  await build({
    entryPoints: [join(root, 'libs/dev/benchmarks/reserves-rates.ts')],
    ...{ outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    tsconfig: join(root, 'tsconfig.base.json'),
  });
  const { reservesRates } = await import(pathToFileURL(outfile).href);
  const rates = reservesRates(join(root, 'test-vectors/reserves'));
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown' };
  if (values.json) console.log(JSON.stringify({ machine, rates }));
  else {
    console.log(`${machine.cpu}, Node ${machine.node}: a second of CPU time`);
    for (const [name, rate] of Object.entries(rates)) console.log(`${name.padEnd(44)} ${rate}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
