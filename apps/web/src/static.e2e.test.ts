import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { axeViolations, enter, openBrowser, stepStates, watch, type Watched } from '../testing/browser';
import { StaticHost } from '../testing/static-host';
import { staticSite } from '../testing/static-site';

/** The page as files on a plain host, with a sealed bundle: no gateway anywhere. */
const root = join(__dirname, '../../..');
const work = mkdtempSync(join(tmpdir(), 'solvent-static-'));
let browser: Browser;
let host: StaticHost;
let url: string;
let key: string;
let built: string;
const open: Watched[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  const { site, keys, built: said } = await staticSite();
  [key, built] = [keys[0]!, said];
  host = new StaticHost(site);
  url = await host.listen();
});
afterEach(async () => {
  host.change = undefined;
  await Promise.all(open.splice(0).map(({ context }) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  host?.close();
  rmSync(work, { recursive: true, force: true });
});

async function visit(fragment = ''): Promise<Watched> {
  const watched = await watch(browser);
  open.push(watched);
  await watched.page.goto(url + fragment);
  return watched;
}

test('an account is found in a sealed bundle, and the host sees one shard', async () => {
  host.seen.length = 0;
  const { page, said } = await visit();
  await enter(page, key);
  expect(await stepStates(page)).toEqual({
    ...{ row: 'checked', amounts: 'checked', batch: 'checked', totals: 'checked' },
    ...{ signature: 'open', everybody: 'open', covered: 'open' },
  });
  const shards = host.seen.filter((path) => path.includes('/shards/'));
  expect(shards).toHaveLength(1);
  expect(host.seen.join()).not.toContain(key);
  expect(await page.textContent('.more')).toMatch(/The host could see that you fetched one of/);
  await page.click('text=Verify everything here too');
  await page.waitForSelector('[data-step=everybody][data-state=checked]');
  expect(await page.$('text=Let the server verify')).toBeNull();
  expect(await axeViolations(page)).toEqual([]);
  expect(said).toEqual([]);
});

test('a key that is not in it: the operator has signed that', async () => {
  const { page } = await visit();
  await enter(page, 'cd'.repeat(32));
  await page.waitForSelector('[data-missing]');
  expect(await page.textContent('[data-missing]')).toContain('has signed that this list is complete');
});

test('a damaged shard says nothing about the account', async () => {
  host.change = (path, content) => (path.includes('/shards/') ? content.subarray(1) : content);
  const { page } = await visit();
  await enter(page, key);
  await page.waitForSelector('.failure');
  expect(await page.textContent('.failure')).toMatch(/not what was asked for.*SEALED_FILE_LENGTH/s);
});

test('the whole exchange is verified from the same files', async () => {
  const { page } = await visit('#/audit');
  await page.click('.snapshot-head a');
  await page.click('text=Verify everything in this browser');
  await page.waitForSelector('[data-verdict=holds]');
});

test('the same sources give the same bytes, wherever they are built', () => {
  const program = join(root, 'scripts/web-static.mjs');
  const again = execFileSync(process.execPath, [program, '--output', join(work, 'again')], {
    ...{ cwd: root, stdio: 'pipe', encoding: 'utf8' },
  });
  const digest = /[0-9a-f]{64}/;
  expect(digest.exec(again)![0]).toBe(digest.exec(built)![0]);
});
