// How fast balance files are read, on one core: MB/s on disk and accounts/s, for each format. Files are
// generated, read once to warm up, then timed. `node libs/dev/benchmarks/readers.mjs [--megabytes 200]
// [--json]`
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const { values } = parseArgs({
  options: { megabytes: { type: 'string', default: '200' }, json: { type: 'boolean', default: false } },
});
const megabytes = Number(values.megabytes);

const folder = mkdtempSync(join(tmpdir(), 'solvent-readers-'));
const results = [];
try {
  const readers = await bundle();
  for (const [format, mode, assets, bytesPerAccount] of [
    ['okx', 'aggregate', 20, 390],
    ['okx', 'aggregate', 200, 2900],
    ['okx', 'margin', 20, 490],
    ['ndjson', 'margin', 20, 190],
    ['csv', 'margin', 20, 200],
  ]) {
    const directory = join(folder, `${format}-${mode}-${assets}`);
    const accounts = Math.ceil((Number(megabytes) * 1e6) / Number(bytesPerAccount));
    const generated = await readers.generateSnapshot({ directory, accounts, assets, mode, format });
    const { config } = await readers.loadConfig(generated.configFile);
    const { headerOf } = readers;
    const options = { input: generated.accountsDirectory, config, header: headerOf(config) };
    await readers.checkSnapshot(options);
    const check = await timed(() => readers.checkSnapshot(options));
    const batches = await timed(async () => {
      for await (const _ of readers.readBatches({ ...options, placementKey: new Uint8Array(32).fill(7) }));
    });
    const size = check.result.bytes / 1e6;
    results.push({
      format,
      mode,
      assets,
      accounts,
      megabytes: round(size),
      checkMBps: round(size / check.seconds),
      checkAccountsPerSecond: Math.round(accounts / check.seconds),
      batchesMBps: round(size / batches.seconds),
      rssMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
    });
    rmSync(directory, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.json)
  console.log(
    JSON.stringify({ date: new Date().toISOString(), node: process.version, cpu: cpus()[0]?.model, results }),
  );
else console.table(results);

async function bundle() {
  const outfile = join(root, 'dist', 'bench', 'readers.mjs');
  await build({
    stdin: {
      contents:
        "export * from '@solvent-por/snapshot/readers'; export { headerOf } from '@solvent-por/snapshot';",
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    tsconfig: join(root, 'tsconfig.base.json'),
    logLevel: 'warning',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return import(pathToFileURL(outfile).href);
}

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000 };
}

function round(x) {
  return Math.round(x * 10) / 10;
}
