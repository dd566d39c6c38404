// How many signatures of each scheme, and state proofs, one core judges in a second: of CPU time in Node, by
// the clock in Chromium. `node libs/dev/benchmarks/reserves.mjs [--chromium] [--json]`
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { chromium as driver } from 'playwright-core';
import { chromium } from '../../../scripts/chromium.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const flag = /** @type {const} */ ({ type: 'boolean', default: false });
const { values } = parseArgs({ options: { json: flag, chromium: flag } });
const vectors = { bip322: vectorsIn('bip322-vectors.json'), evm: vectorsIn('evm-proofs.json') };
const folder = mkdtempSync(join(tmpdir(), 'solvent-reserves-'));
try {
  const { runtime, rates } = values.chromium ? await inChromium() : await inNode();
  const machine = { runtime, cpu: cpus()[0]?.model ?? 'unknown' };
  if (values.json) console.log(JSON.stringify({ machine, rates }));
  else {
    console.log(`${machine.cpu}, ${runtime}: a second`);
    for (const [name, rate] of Object.entries(rates)) console.log(`${name.padEnd(44)} ${rate}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function inNode() {
  const { reservesRates } = await import(pathToFileURL(await bundled('node', 'esm')).href);
  const cpuTime = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  return { runtime: `Node ${process.version}`, rates: reservesRates(vectors, cpuTime) };
}

async function inChromium() {
  const browser = await driver.launch({ executablePath: chromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ path: await bundled('browser', 'iife') });
    const rates = await page.evaluate(
      (given) => Reflect.get(window, 'rates').reservesRates(given, () => performance.now()),
      vectors,
    );
    return { runtime: `Chromium ${browser.version()}`, rates };
  } finally {
    await browser.close();
  }
}

/**
 * @param {'node' | 'browser'} platform
 * @param {'esm' | 'iife'} format
 */
async function bundled(platform, format) {
  const outfile = join(folder, format === 'esm' ? 'rates.mjs' : 'rates.js');
  await build({
    entryPoints: [join(root, 'libs/dev/benchmarks/reserves-rates.ts')],
    ...{ outfile, bundle: true, platform, format, globalName: 'rates', logLevel: 'error' },
    tsconfig: join(root, 'tsconfig.base.json'),
  });
  return outfile;
}

/** @param {string} name */
function vectorsIn(name) {
  return JSON.parse(readFileSync(join(root, 'test-vectors/reserves', name), 'utf8'));
}
