import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { canonicalJson } from '@solvent-por/verifier';
import {
  asFile,
  axeViolations,
  enter,
  openBrowser,
  stepStates,
  watch,
  type Watched,
} from '../testing/browser';
import { exchangedSums } from '../testing/forgeries';
import { pictureFile } from '../testing/picture-file';
import { followTests, offerBalances } from '../testing/suites/follow';
import { forgedFileTests } from '../testing/suites/forged-files';
import { lyingServerTests } from '../testing/suites/lying-server';
import { stateTests } from '../testing/suites/states';
import { asks, Proxy } from '../testing/proxy';
import { RunningServices } from '../testing/running-services';

/** The page in Chromium, served by really running services with really proved snapshots. */
const data = mkdtempSync(join(tmpdir(), 'solvent-page-'));
let browser: Browser;
let services: RunningServices;
let proxy: Proxy;
let url: string;
let key: string;
let manifest: string;
const open: Watched[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  // An earlier snapshot of the same operator, so that there is a chain.
  await (await RunningServices.start(data, 200)).stop();
  offerBalances(join(data, 'source'));
  services = await RunningServices.start(data, 4300);
  [key] = services.keys as [string];
  proxy = new Proxy(new URL(services.url));
  url = await proxy.listen();
  manifest = await (await fetch(`${services.url}/snapshots/${services.snapshot}/manifest.json`)).text();
});
afterEach(async () => {
  if (proxy) proxy.rule = undefined;
  // Whatever was tested, no request left for another host.
  const hosts = open.flatMap(({ asked }) => asked).filter((address) => !/^(blob|data|file):/.test(address));
  expect([...new Set(hosts.map((address) => new URL(address).host))].join()).toBe(
    hosts.length > 0 ? new URL(url).host : '',
  );
  await Promise.all(open.splice(0).map(({ context }) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  proxy?.close();
  await services?.stop();
  rmSync(data, { recursive: true, force: true });
});

async function visit(fragment = '', options: Parameters<typeof watch>[1] = {}): Promise<Watched> {
  const watched = await watch(browser, options);
  open.push(watched);
  await watched.page.goto(url + fragment);
  return watched;
}

/** For the suites that share what runs. */
const shared = {
  visit,
  proofOf,
  proxy: () => proxy,
  services: () => services,
  manifest: () => manifest,
  key: () => key,
};

/** The proof of an account, as the page would get it. */
async function proofOf(accountKey: string): Promise<string> {
  const { page } = await visit();
  await enter(page, accountKey);
  await page.waitForSelector('[data-headline]');
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Download my proof')]);
  return readFileSync(await file.path(), 'utf8');
}

const HONEST = {
  row: 'checked',
  amounts: 'checked',
  batch: 'checked',
  totals: 'checked',
  signature: 'open',
  everybody: 'open',
  // The word of whoever runs the sample.
  covered: 'open',
};

test('a key is entered: balances first, then the steps; all of it is verified here; back and reload keep their place', async () => {
  const { page, said, asked } = await visit();
  await enter(page, `  0x${key.toUpperCase()} `);
  expect(await stepStates(page)).toEqual(HONEST);
  expect(await page.textContent('.balances')).toMatch(/USD[\d,.]+/);
  const order = await page.$$eval('h1, h2', (all) => all.map(({ textContent }) => textContent));
  expect(order[0]).toMatch(/says it owes you/);
  expect(order[1]).toBe('Your balance is in the total, as far as we could check.');

  await page.click('text=Verify everything here too');
  await page.waitForSelector('[data-step=everybody][data-state=checked]');
  expect(await page.textContent('[data-step=everybody]')).toContain('2 of 2');

  await page.reload();
  await page.waitForSelector('.key-field');
  expect(new URL(page.url()).hash).toBe(`#/check/${services.snapshot}`);
  expect(await page.textContent('.note')).toContain('enter it once more');
  await enter(page, key);
  await page.waitForSelector('[data-headline]');
  // The second visit knows the key.
  expect(await stepStates(page)).toMatchObject({ signature: 'checked' });
  await page.goBack();
  await page.waitForSelector('.start-facts');

  expect(said).toEqual([]);
  expect([...new Set(asked.map((address) => new URL(address).host))]).toEqual([new URL(url).host]);
});

test('the key is in no request, address, log or store; the id in the look-up alone', async () => {
  proxy.seen.length = 0;
  const { page, said, context } = await visit(`#key=${key}`);
  await page.waitForSelector('[data-headline]');
  expect(page.url()).not.toContain(key);
  await page.click('text=Let the server verify');
  await page.waitForSelector('[data-step=everybody][data-state=server]');
  await page.click('text=Verify everything here too');
  await page.waitForSelector('[data-step=everybody][data-state=checked]');
  await page.click('text=All my snapshots');
  await page.waitForSelector('text=You are not in it');

  const { id } = JSON.parse(await proofOf(key)) as { id: string };
  const digits = new RegExp(key, 'i');
  expect(proxy.seen.filter((one) => digits.test(JSON.stringify(one)))).toEqual([]);
  const withId = proxy.seen.filter((one) => JSON.stringify(one).includes(id.slice(2)));
  expect(withId.length).toBeGreaterThan(0);
  expect(withId.every((one) => asks(one, 'inclusionProof'))).toBe(true);
  // The whole proof was read by a worker, and that was seen too.
  expect(proxy.seen.some(({ path }) => path.endsWith('global-proof.ndjson'))).toBe(true);

  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(stored).toContain('solvent.seen');
  expect(stored).not.toMatch(digits);
  expect(stored).not.toContain(id.slice(2));
  expect(await context.cookies()).toEqual([]);
  expect(said.join()).not.toMatch(digits);
  // Nothing to go back to holds it.
  await page.goBack();
  expect(page.url()).not.toMatch(digits);
});

test('a link into a page that is open asks about the snapshot that it names, not the one that is there', async () => {
  const { page } = await visit();
  await page.waitForSelector('.start-facts .fine:not(:has(.outline-line))');
  await page.goto(`${url}#key=${key}&snapshot=demo-200`);
  await page.waitForSelector('[data-missing], [data-headline]');
  expect(new URL(page.url()).hash).toBe('#/check/demo-200');
  expect(await page.$('[data-missing]')).not.toBeNull();
});

test('an identifier is hashed in the page; who is not in the snapshot is told what to do', async () => {
  proxy.seen.length = 0;
  const { page } = await visit();
  await enter(page, 'alice@example.org');
  await page.waitForSelector('[data-missing]');
  expect(await page.textContent('main')).toContain('letter by letter');
  expect(proxy.seen.filter((one) => JSON.stringify(one).includes('alice'))).toEqual([]);
  await page.click('text=Try another key');
  await enter(page, key.slice(1));
  await page.waitForSelector('.wrong:not([hidden])');
  expect(await page.textContent('.wrong')).toContain('this has 63');
});

test('a dropped file is verified and nothing is fetched for it', async () => {
  const proof = await proofOf(key);
  const { page } = await visit();
  await page.waitForSelector('.start-facts .fine:not(:has(.outline-line))');
  proxy.seen.length = 0;
  await page.setInputFiles('input[type=file]', [asFile('p.json', proof), asFile('manifest.json', manifest)]);
  expect(await stepStates(page)).toMatchObject({ row: 'open', amounts: 'checked', totals: 'checked' });
  await enter(page, key);
  await page.waitForSelector('[data-step=row][data-state=checked]');
  expect(proxy.seen.filter(({ path }) => !/^\/(assets\/|icon\.svg)/.test(path))).toEqual([]);
});

describe('a tampered file fails at its step, with its sentence', () => forgedFileTests(shared));

describe('a server that lies, or cannot answer', () => lyingServerTests(shared));

test('a hostile file shows text and runs nothing', async () => {
  const attack = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  const proof = JSON.parse(await proofOf(key)) as Record<string, unknown>;
  const hostile = JSON.stringify(
    Object.fromEntries(Object.keys(proof).map((name) => [name, name === 'path' ? [[[attack]]] : attack])),
  );
  const { page, said } = await visit();
  const deep = `${'{"accountPath":['.repeat(20_000)}"row","salt"`;
  for (const [name, content] of [
    [`${attack}.json`, hostile],
    ['deep.json', deep],
    ['big.json', `{"accountPath":"${attack.repeat(200_000)}","row":1,"salt":1}`],
    ['none.json', attack],
  ] as const) {
    await page.goto(`${url}#/`);
    await page.setInputFiles('input[type=file]', [asFile(name, content)]);
    await page.waitForSelector('.failure');
  }
  expect(await page.$$('main img, main script')).toEqual([]);
  expect(said).toEqual([]);
});

test('the whole exchange: the chain, every batch, totals for a spreadsheet', async () => {
  const { page, said } = await visit('#/audit');
  await page.waitForSelector('.snapshots');
  const links = await page.$$eval('[data-snapshot]', (all) =>
    all.map((one) => [one.getAttribute('data-snapshot'), one.getAttribute('data-link')]),
  );
  expect(links).toEqual([
    [services.snapshot, 'checked'],
    ['demo-200', 'open'],
  ]);
  await page.click('.snapshot-head a');
  await page.click('text=Verify everything in this browser');
  await page.waitForSelector('[data-verdict=holds]');
  expect(await page.textContent('.verify')).toMatch(/2 batches verified.*Proved.*Not proved/s);
  const [csv] = await Promise.all([page.waitForEvent('download'), page.click('text=Totals as CSV')]);
  const { totals } = JSON.parse(manifest) as { totals: string[] };
  expect(readFileSync(await csv.path(), 'utf8').replace('.', '')).toContain(`USD,equity,${totals[0]}`);

  // A whole proof that was changed does not hold, and says where.
  const file = Buffer.from(
    await (await fetch(`${services.url}/snapshots/${services.snapshot}/global-proof.ndjson`)).arrayBuffer(),
  ).toString();
  const changed = exchangedSums(file);
  await page.setInputFiles('input[type=file]', [asFile('global.ndjson', changed)]);
  await page.waitForSelector('[data-verdict=false]');
  expect(await page.textContent('[data-verdict=false]')).toContain('PROOF_INVALID');

  // One of another snapshot is not false: it says nothing here.
  const older = await (await fetch(`${services.url}/snapshots/demo-200/global-proof.ndjson`)).text();
  await page.setInputFiles('input[type=file]', [asFile('older.ndjson', older)]);
  await page.waitForSelector('.failure:has-text("of another snapshot")');
  expect(await page.$('[data-verdict]')).toBeNull();
  expect(said).toEqual([]);

  await page.reload();
  await page.waitForSelector('.totals-chart');
  await page.goBack();
  await page.waitForSelector('.snapshots');
});

describe('every state', () => stateTests(shared));

test('the page can be used in every language, and fits 320 px', async () => {
  const { page, said } = await visit('', { viewport: { width: 320, height: 700 } });
  for (const [language, title] of [
    ['es', '¿Está contado tu saldo?'],
    ['zh-CN', '您的余额被计入了吗？'],
  ] as const) {
    await page.goto(`${url}#/`);
    await page.selectOption('.language select', language);
    await page.waitForSelector(`h1:has-text("${title}")`);
    await enter(page, key);
    await page.waitForSelector('[data-headline]');
    for (const summary of await page.$$('details.show > summary')) await summary.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  }
  expect(said).toEqual([]);
});

test('the digest on the page is that of the files which are served', async () => {
  const { page } = await visit('#/about');
  await page.waitForSelector('text=A page cannot vouch');
  const { digest, files } = JSON.parse(await (await fetch(`${url}build.json`)).text()) as {
    digest: string;
    files: Record<string, string>;
  };
  const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
  const lines: string[] = [];
  for (const [name, expected] of Object.entries(files)) {
    const response = await fetch(url + (name === 'index.html' ? '' : name));
    const own = sha256(new Uint8Array(await response.arrayBuffer()));
    expect([name, own]).toEqual([name, expected]);
    expect(response.headers.get('content-security-policy')).not.toMatch(/'unsafe-/);
    lines.push(`${own}  ${name}\n`);
  }
  expect(sha256(lines.join(''))).toBe(digest);
  expect(await page.textContent('.page-footer')).toContain(digest.slice(0, 16));
});

test('the verifier in one file works from disk without any network', async () => {
  const file = join(data, 'solvent-verify.html');
  writeFileSync(file, Buffer.from(await (await fetch(`${url}solvent-verify.html`)).arrayBuffer()));
  const proof = await proofOf(key);
  const global = await (
    await fetch(`${services.url}/snapshots/${services.snapshot}/global-proof.ndjson`)
  ).text();
  const watched = await watch(browser, { offline: true });
  open.push(watched);
  const { page, said, asked } = watched;
  await page.goto(`file://${file}`);
  await page.fill('.key-field', key);
  await page.setInputFiles('input[type=file]', [asFile('p.json', proof), asFile('g.ndjson', global)]);
  await page.waitForSelector('[data-step=everybody][data-state=checked]');
  await page.waitForSelector('[data-verdict=holds]');
  expect(await stepStates(page)).toMatchObject({ row: 'checked', amounts: 'checked', totals: 'checked' });
  expect(await axeViolations(page)).toEqual([]);
  expect(said).toEqual([]);
  expect(asked.filter((address) => !/^(file|blob|data):/.test(address))).toEqual([]);
});

test('reserves that the gateway publishes: its word, until this browser has looked', async () => {
  proxy.seen.length = 0;
  const { page, said } = await visit('#/audit/demo-200');
  await page.waitForSelector('[data-server="claimed"]');
  expect(await page.textContent('.server-word')).toMatch(/The server says so.*Nothing of that was checked/s);
  expect(proxy.seen.filter(({ path }) => path.includes('demo-200/reserve'))).toEqual([]);
  await page.click('text=Verify the reserves in this browser');
  // At the operator's own prices, most of it without a signature: nothing is green.
  await page.waitForSelector('[data-solvency="claimed"][data-state=open]');
  expect(await page.$$('.address-table tbody tr')).toHaveLength(11);
  expect(await page.$('.server-word')).toBeNull();
  await page.goto(`${url}#/start/demo-200`);
  await page.waitForSelector('.start-facts .fine:not(:has(.outline-line))');
  const folder = join(data, 'source/demo-200/accounts');
  const accounts = readFileSync(join(folder, readdirSync(folder).sort()[0]!), 'utf8');
  await enter(page, /"id":"([0-9a-f]{64})"/.exec(accounts)![1]!);
  expect(await stepStates(page)).toMatchObject({ totals: 'checked', covered: 'open' });
  expect(await page.textContent('[data-step=covered]')).toMatch(/claimed|word/);
  expect(said).toEqual([]);
});

/** `UPDATE_IMAGES=1 npm run test:chromium -- -t pictures` writes those of the guides. */
test('pictures of the main states', async () => {
  const proof = JSON.parse(await proofOf(key)) as object;
  const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 860 } };
  for (const [device, viewport] of Object.entries(sizes)) {
    const { page } = await visit('', { viewport, deviceScaleFactor: 2, colorScheme: 'light' });
    const picture = (state: string) =>
      page.screenshot({ path: pictureFile(data, `page-${state}-${device}.png`) });
    await page.waitForSelector('.start-facts .fine:not(:has(.outline-line))');
    expect((await picture('start')).length).toBeGreaterThan(10_000);
    await enter(page, key);
    await page.waitForSelector('[data-headline]');
    await picture('result');
    await page.goto(`${url}#/audit/${services.snapshot}`);
    await page.click('text=Verify everything in this browser');
    await page.waitForSelector('[data-verdict=holds]');
    await picture('audit');
    await page.goto(`${url}#/`);
    await page.setInputFiles('input[type=file]', [
      asFile('proof.json', canonicalJson({ ...proof, values: ['1', '2'] })),
      asFile('manifest.json', manifest),
    ]);
    await page.waitForSelector('[data-headline=false]');
    await picture('false');
  }
});

// The last, for what it publishes is the newest then.
describe('an operator', () => followTests(shared));
