// What the page takes in Chromium, against a plain file host: `node libs/dev/benchmarks/page.mjs [ACCOUNTS]`.
// `--memory [SNAPSHOT]`: what the tab's process takes while it verifies a whole proof of a snapshot that was proved
// before, or of 1,310,720 accounts that it makes and proves first.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium as driver } from 'playwright-core';
import { chromium } from '../../../scripts/chromium.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const memoryOnly = process.argv[2] === '--memory';
const accounts = Number(memoryOnly ? 1_310_720 : (process.argv[2] ?? 131_072));
const ROUNDS = 5;
const SAMPLE_MS = 50;
/** Lighthouse's "Slow 4G". */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 96_000 };
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};
const READY = '.start-facts .fine:not(:has(.outline-line))';

const work = mkdtempSync(join(tmpdir(), 'solvent-page-'));
/** Accounts of the snapshot in which one is looked up. */
const FEW = 4000;
const hosts = [];
let browser;
try {
  const made = memoryOnly ? process.argv[3] : undefined;
  const many = made === undefined ? makeSite('many', accounts, false).site : siteOf('many', made);
  const large = await serve(many);
  browser = await driver.launch({ executablePath: chromium(), args: ['--no-sandbox'] });
  if (memoryOnly) await memory(large);
  else await timesOfAll(large);
} finally {
  await browser?.close();
  for (const host of hosts) host.close();
  rmSync(work, { recursive: true, force: true });
}

async function timesOfAll(large) {
  const few = makeSite('few', FEW, true);
  const url = await serve(few.site);
  say('script of the first load, gzipped', firstLoad(few.site));
  say('first paint, Slow 4G, CPU 4 × slower, ms', await times(() => firstPaint(url)));
  for (const rate of [1, 4])
    say(`one account, CPU ${rate} × slower, ms`, await times(() => oneAccount(url, few.key, rate)));
  say(`${accounts} accounts, ms`, await times(() => wholeProof(large), 3));
}

/** Megabytes of the tab's process, its workers' included, a few times a second while everything is verified. */
async function memory(url) {
  const { context, page } = await fresh(1);
  await page.goto(`${url}#/audit`);
  await page.click('.snapshot-head a');
  const before = residentOfTabs();
  const seen = [];
  const watching = setInterval(() => seen.push(residentOfTabs()), SAMPLE_MS);
  await page.click('.verify .primary');
  await page.waitForSelector('[data-verdict=holds]', { timeout: 600_000 });
  clearInterval(watching);
  const said = await page.textContent('.headline-checked p');
  await context.close();
  const tenth = (n) =>
    seen.slice(Math.floor((n * seen.length) / 10), Math.ceil(((n + 1) * seen.length) / 10));
  const most = Array.from({ length: 10 }, (_, n) => Math.max(...tenth(n)));
  say('verified', said);
  say('resident before, MB', before);
  say('resident while it runs, the most in each tenth of the time, MB', most.join(', '));
}

/** The largest of the browser's tabs, in MB, as Linux counts what is resident. */
function residentOfTabs() {
  const ours = new Set();
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const status = statusOf(pid);
    if (status) parents.set(pid, status);
  }
  const root = String(process.pid);
  for (const pid of parents.keys()) {
    for (let at = pid; at && at !== '0'; at = parents.get(at)?.parent) if (at === root) ours.add(pid);
  }
  const tabs = [...ours].filter((pid) => parents.get(pid).command.includes('--type=renderer'));
  return Math.max(0, ...tabs.map((pid) => parents.get(pid).megabytes));
}

/** Undefined for a process that has gone. */
function statusOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const field = (name) => new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1];
    return { command, parent: field('PPid'), megabytes: Math.round(Number(field('VmRSS') ?? 0) / 1024) };
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name of a folder
 * @param {number} size accounts
 * @param {boolean} sealed with everybody's entry, for look-ups
 * @returns {{ site: string, key: string }} with the key of an account in it
 */
function makeSite(name, size, sealed) {
  const [input, published, site] = ['input', 'published', 'site'].map((part) => join(work, name, part));
  solvent('generate', '--accounts', size, '--output', input);
  const from = ['--input', join(input, 'accounts'), '--config', join(input, 'snapshot.json')];
  solvent('prove', ...from, '--output', published);
  const bundle = ['--format', 'sealed', '--keys-are-secret', '--output', join(published, 'sealed')];
  if (sealed) solvent('prove-user', '--witness', join(published, 'witness'), '--all', ...from, ...bundle);
  siteOf(name, published);
  const [file] = readdirSync(join(input, 'accounts')).sort();
  const head = readFileSync(join(input, 'accounts', file), 'utf8').slice(0, 200);
  return { site, key: /"id":"([0-9a-f]{64})"/.exec(head)[1] };
}

/** The page with a snapshot beside it. @returns {string} its folder */
function siteOf(name, published) {
  const site = join(work, name, 'site');
  run([join(root, 'scripts/web-static.mjs'), '--snapshot', published, '--output', site], root);
  return site;
}

function solvent(...args) {
  run([join(root, 'dist/cli/main.cjs'), '--quiet', ...args.map(String)], work);
}

function run(args, cwd) {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${args.join(' ')} failed`);
}

/** @returns {Promise<string>} its address */
async function serve(site) {
  const host = createServer(({ url = '/' }, response) =>
    send(site, new URL(url, 'http://host').pathname, response),
  );
  hosts.push(host);
  await new Promise((listening) => host.listen(0, '127.0.0.1', () => listening(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (host.address());
  return `http://127.0.0.1:${port}/`;
}

function send(site, path, response) {
  const file = join(site, path.endsWith('/') ? `${path}index.html` : path);
  const type = TYPES[extname(file)];
  if (!existsSync(file)) return response.writeHead(404).end();
  const content = readFileSync(file);
  const headers = { 'content-type': type ?? 'application/octet-stream' };
  response.writeHead(200, type ? { ...headers, 'content-encoding': 'gzip' } : headers);
  response.end(type ? gzipSync(content) : content);
}

function firstLoad(site) {
  const page = readFileSync(join(site, 'index.html'), 'utf8');
  const scripts = [...page.matchAll(/src="\.\/(assets\/[^"]+\.js)"/g)].map(([, name]) => name);
  return scripts.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(site, name)), { level: 9 }).length,
    0,
  );
}

async function fresh(cpu) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const control = await context.newCDPSession(page);
  await control.send('Emulation.setCPUThrottlingRate', { rate: cpu });
  return { context, page, control };
}

async function firstPaint(url) {
  const { context, page, control } = await fresh(4);
  await control.send('Network.enable');
  await control.send('Network.emulateNetworkConditions', SLOW_4G);
  await page.goto(url);
  await page.waitForSelector(READY);
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
  );
  await context.close();
  return paint;
}

/** From the press of the button to the verdict: look-up and loading of the verifier included. */
async function oneAccount(url, key, cpu) {
  const { context, page } = await fresh(cpu);
  await page.goto(url);
  await page.waitForSelector(READY);
  await page.fill('.key-field', key);
  const started = Date.now();
  await page.click('button[type=submit]');
  await page.waitForSelector('[data-headline]');
  await context.close();
  return Date.now() - started;
}

async function wholeProof(url) {
  const { context, page } = await fresh(1);
  await page.goto(`${url}#/audit`);
  await page.click('.snapshot-head a');
  const started = Date.now();
  await page.click('.verify .primary');
  await page.waitForSelector('[data-verdict=holds]', { timeout: 300_000 });
  const passed = Date.now() - started;
  await context.close();
  return passed;
}

async function times(measure, rounds = ROUNDS) {
  const all = [];
  for (let i = 0; i < rounds; i++) all.push(Math.round(await measure()));
  const sorted = all.sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)]} (${sorted[0]}–${sorted.at(-1)})`;
}

function say(what, value) {
  console.log(`${what}: ${value}`);
}
