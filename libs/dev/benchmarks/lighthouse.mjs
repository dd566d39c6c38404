// Lighthouse on the page, against a gateway on this machine and nothing else of the network:
// `node libs/dev/benchmarks/lighthouse.mjs [URL]`. Without an address it starts all services with a small
// snapshot. It ends with 1 where a score is below 95, and says what cost it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium as driver } from 'playwright-core';
import lighthouse, { desktopConfig } from 'lighthouse';
import { chromium } from '../../../scripts/chromium.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const LEAST = 0.95;
const ACCOUNTS = 4300;
/** A phone on Slow 4G with a slow processor, as Lighthouse has it, and a desktop. */
const DEVICES = { phone: undefined, desktop: desktopConfig };
const SCREENS = ['', '#/audit', '#/about', '#/follow'];

const work = mkdtempSync(join(tmpdir(), 'solvent-lighthouse-'));
let services;
let browser;
try {
  const url = process.argv[2] ?? (await startServices());
  const port = 9300 + (process.pid % 500);
  browser = await driver.launch({
    executablePath: chromium(),
    args: ['--no-sandbox', `--remote-debugging-port=${port}`],
  });
  for (const screen of SCREENS)
    for (const [device, config] of Object.entries(DEVICES))
      await measure(new URL(screen, url).href, screen || 'start', device, config, port);
} finally {
  await browser?.close();
  if (services) {
    const ended = new Promise((done) => services.once('close', done));
    services.kill('SIGINT');
    await ended;
  }
  rmSync(work, { recursive: true, force: true });
}

async function measure(url, screen, device, config, port) {
  const lhr = await judged(url, config, port);
  const scores = CATEGORIES.map((name) => ({ name, score: lhr.categories[name].score ?? 0 }));
  const shown = scores.map(({ name, score }) => `${name} ${Math.round(score * 100)}`).join(', ');
  const paint = lhr.audits['first-contentful-paint'].displayValue;
  const largest = lhr.audits['largest-contentful-paint'].displayValue;
  console.log(`${screen} on a ${device}: ${shown}; first paint ${paint}, largest ${largest}`);
  for (const name of CATEGORIES)
    for (const { id, weight } of lhr.categories[name].auditRefs) {
      const { score, title, scoreDisplayMode } = lhr.audits[id];
      if (weight > 0 && scoreDisplayMode !== 'notApplicable' && score !== null && score < 0.9)
        console.log(`  ${name}: ${title} (${id}, ${Math.round(score * 100)})`);
    }
  if (scores.some(({ score }) => score < LEAST)) process.exitCode = 1;
}

/** A run in which the browser drew nothing says nothing about the page: it is made again. */
async function judged(url, config, port, tries = 3) {
  const flags = {
    port,
    onlyCategories: [...CATEGORIES],
    output: /** @type {const} */ ('json'),
    logLevel: /** @type {const} */ ('error'),
  };
  const { lhr } = await lighthouse(url, flags, config);
  if (!lhr.runtimeError) return lhr;
  if (tries <= 1) throw new Error(`Lighthouse could not judge ${url}: ${lhr.runtimeError.message}`);
  return judged(url, config, port, tries - 1);
}

/** @returns {Promise<string>} where the gateway is */
async function startServices() {
  const program = join(root, 'dist/services/embedded.cjs');
  const options = ['--data', work, '--port', '0', '--accounts', String(ACCOUNTS)];
  services = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 2] });
  let said = '';
  await new Promise((ready, failed) => {
    services.once('close', () => failed(new Error(`the services ended:\n${said}`)));
    services.stdout.on('data', (piece) => {
      said += piece;
      if (said.includes('Serving until')) ready(undefined);
    });
  });
  return `${/(http:\/\/127\.0\.0\.1:\d+)\/graphql/.exec(said)[1]}/`;
}
