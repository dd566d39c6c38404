// What a private claim takes in Chromium: all services as `npm start -- --claims` runs them, a partner's link, the
// page. Called by claims.mjs --chromium.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as driver } from 'playwright-core';
import { chromium } from '../../../scripts/chromium.mjs';

const ROUNDS = 5;
/** Nothing of it depends on how many there are but the tree above the batch's, whose depth is fixed. */
const ACCOUNTS = 60;

/**
 * Median and range of five claims, each in a browser context of its own, which has loaded nothing before.
 * @param {string} root where dist/ is
 * @returns {Promise<Record<string, string>>}
 */
export async function claimsInChromium(root) {
  const data = mkdtempSync(join(tmpdir(), 'solvent-claims-'));
  const before = loadavg()[0];
  const services = await start(root, data);
  let browser;
  try {
    browser = await driver.launch({ executablePath: chromium(), args: ['--no-sandbox'] });
    const rounds = [];
    for (let i = 0; i < ROUNDS; i++) rounds.push(await oneClaim(browser, services));
    const of = (name) => summary(rounds.map((round) => round[name]));
    return {
      'from the keys being there to the verified claim': of('proving'),
      'from the button to the verified claim': of('whole'),
      'a link verified, from opening it': of('verifying'),
      'load before and after': `${before.toFixed(1)}, ${loadavg()[0].toFixed(1)}`,
    };
  } finally {
    await browser?.close();
    await services.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function start(root, data) {
  const options = ['--data', data, '--port', '0', '--accounts', String(ACCOUNTS), '--claims'];
  const child = spawn(process.execPath, [join(root, 'dist/services/embedded.cjs'), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.once('close', done));
  let said = '';
  await new Promise((done, failed) => {
    child.stdout.on('data', (piece) => {
      said += piece;
      if (said.includes('Serving until')) done(undefined);
    });
    child.once('close', () => failed(new Error(`the services ended:\n${said}`)));
  });
  const [link, key] = [/https?:\S+#claim&\S+/, /account key (0x[0-9a-f]{64})/].map((one) => one.exec(said));
  if (!link || !key) throw new Error(`it printed no link and no key:\n${said}`);
  const stop = () => {
    child.kill('SIGINT');
    return ended;
  };
  return { link: link[0], key: key[1], stop };
}

async function oneClaim(browser, { link, key }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.fill('.key-field', key);
  await page.click('button[type=submit]');
  await page.click('a:has-text("Make a claim")');
  await page.waitForSelector('.claim-form');
  const started = performance.now();
  await page.click('.claim-form button[type=submit]');
  await page.waitForSelector('[data-claim=made]', { timeout: 300_000 });
  const whole = performance.now() - started;
  const proving = Number(await page.getAttribute('.claim-made', 'data-milliseconds'));
  const shown = await page.textContent('.claim-text');
  await context.close();
  return { proving, whole, verifying: await oneLink(browser, shown) };
}

async function oneLink(browser, link) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const started = performance.now();
  await page.goto(link);
  await page.waitForSelector('[data-shown=open]', { timeout: 300_000 });
  const passed = performance.now() - started;
  await context.close();
  return passed;
}

function summary(milliseconds) {
  const sorted = milliseconds.map((one) => (one / 1000).toFixed(2)).sort((a, b) => Number(a) - Number(b));
  return `${sorted[sorted.length >> 1]} s (${sorted[0]}–${sorted.at(-1)}, ${sorted.length} runs)`;
}
