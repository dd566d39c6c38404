import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { axeViolations, enter, stepStates, type watch, type Watched } from '../testing/browser';
import { pictureFile } from '../testing/picture-file';
import { StaticHost } from '../testing/static-host';
import { ATTACK, BLOCK_HASH, staticSite, type StaticSite, type Variant } from '../testing/static-site';
import { givenStaticHost } from '../testing/visits';

/** What the exchange holds, verified in Chromium from files on a plain host, against really proved liabilities. */
let host: StaticHost;
let url: string;
let site: StaticSite;
const pictures = mkdtempSync(join(tmpdir(), 'solvent-reserves-'));
const { visit } = givenStaticHost(
  async () => {
    site = await staticSite();
    return new StaticHost(site.site);
  },
  (given) => ({ host, url } = given),
);
afterAll(() => rmSync(pictures, { recursive: true, force: true }));

const VERIFY = 'text=Verify the reserves in this browser';
const isReserves = (path: string) => path.endsWith('/reserves.json');
const isAddresses = (path: string) => path.endsWith('/reserve-addresses.ndjson');

/** Serves another publication over the same manifest. */
function serve(variant: Variant): void {
  const { reserves, addresses } = site.reserves(variant);
  host.change = (path, content) => (isReserves(path) ? reserves : isAddresses(path) ? addresses : content);
}

async function verified(options: Parameters<typeof watch>[1] = {}): Promise<Watched> {
  const watched = await visit(`#/audit/${site.snapshot}`, options);
  await watched.page.click(VERIFY);
  await watched.page.waitForSelector('[data-solvency], [data-refused]');
  return watched;
}

async function confirm(page: Page): Promise<void> {
  await page.fill('.blocks-form input', BLOCK_HASH);
  await page.click('text=Verify again with these');
  await page.waitForSelector('[data-block="eip155:1"][data-confirmed=confirmed]');
}

const solvency = (page: Page) =>
  page.$eval('[data-solvency]', (one) => [one.getAttribute('data-solvency'), one.getAttribute('data-state')]);
const assets = (page: Page) =>
  page.$$eval('[data-asset]', (rows) =>
    Object.fromEntries(rows.map((row) => [row.getAttribute('data-asset'), row.getAttribute('data-verdict')])),
  );
/** What is green on the page, by its text. */
const green = (page: Page) =>
  page.$$eval('.reserves .headline-checked, .bars .verdict-word.state-checked', (all) =>
    all.map(({ textContent }) => textContent),
  );

test('nothing is more than claimed until a hash from elsewhere is given; nothing is green until what is owed is proved', async () => {
  const { page, said, asked } = await verified();
  expect(await solvency(page)).toEqual(['claimed', 'open']);
  expect(await page.textContent('[data-reason=block]')).toContain('its block is not confirmed');
  expect(await green(page)).toEqual([]);
  // A hash that is cut, one that contradicts the publication, the right one.
  await page.fill('.blocks-form input', BLOCK_HASH.slice(0, -1));
  await page.click('text=Verify again with these');
  await page.waitForSelector('.blocks-form [role=alert]');
  await page.fill('.blocks-form input', `0x${'11'.repeat(32)}`);
  await page.click('text=Verify again with these');
  await page.waitForSelector('[data-refused=BLOCK_UNTRUE]');
  await confirm(page);
  expect(await solvency(page)).toEqual(['covered', 'open']);
  expect(await assets(page)).toMatchObject({ ETH: 'covered', USDT: 'covered', BTC: 'not owed' });
  expect(await page.textContent('[data-solvency]')).toContain('until the whole proof was verified');
  expect(await green(page)).toEqual([]);

  await page.click('text=Verify everything in this browser');
  await page.waitForSelector('[data-solvency=covered][data-state=checked]');
  expect(await page.textContent('[data-check=liabilities][data-done=true]')).toContain('every batch');

  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Report as JSON')]);
  const report = JSON.parse(readFileSync(await file.path(), 'utf8')) as object;
  expect(report).toMatchObject({
    ...{ form: 'solvent-report/v1', verdict: 'covered', by: 'proved', liabilities: 'proved' },
    reasons: { none: 120, block: 1 },
  });
  expect(said).toEqual([]);
  expect([...new Set(asked.map((address) => new URL(address).host))]).toEqual([new URL(url).host]);
});

test('the list of addresses is searched and paged, with links that nobody follows by itself; hostile texts are text', async () => {
  const { page, said, asked } = await verified();
  const rows = () => page.$$eval('.address-table tbody tr', (all) => all.length);
  await page.waitForSelector('.address-table tbody tr');
  expect(await rows()).toBe(50);
  expect(await page.textContent('.addresses [role=status]')).toContain('1–50 of 123 lines');
  await page.click('text=Next');
  await page.waitForSelector('.addresses [role=status]:has-text("51–100")');
  await page.fill('.addresses input', 'BITCOIN claimed');
  await page.waitForSelector('.addresses [role=status]:has-text("1–1 of 1 line")');
  expect(await page.getAttribute('.address-table tbody tr', 'data-reason')).toBe('block');
  // What is heard of a level is the level: no server has said anything.
  expect(await page.textContent('.reserves')).not.toContain('The server says so');
  await page.fill('.addresses input', 'usdt');
  await page.waitForSelector('.address-table[data-rows="1"]');
  const link = (await page.$('.address-table a'))!;
  expect(await link.getAttribute('href')).toMatch(/^https:\/\/explorer\.example\/address\/0x[0-9a-f]{40}$/);
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  await page.fill('.addresses input', ATTACK);
  await page.waitForSelector('.address-table[data-rows="0"]');
  expect(await page.textContent('.reserves-report')).toContain(ATTACK);
  expect(await page.$$('main img, main script')).toEqual([]);
  expect(said).toEqual([]);
  expect(asked.filter((address) => address.includes('explorer'))).toEqual([]);
});

test.each<[Variant, string, string, string]>([
  ['short', 'short', 'false', 'Short'],
  ['claimed', 'claimed', 'open', 'Claimed, not shown'],
])('%s: said plainly, on the snapshot and to the user', async (variant, verdict, state, words) => {
  serve(variant);
  const { page } = await verified();
  await confirm(page);
  expect(await solvency(page)).toEqual([verdict, state]);
  expect(await page.textContent('[data-bar=ETH]')).toContain(words);
  await page.click('text=Verify everything in this browser');
  await page.waitForSelector('[data-verdict=holds]');
  expect((await green(page)).filter((text) => !text?.includes('Covered by what is proved'))).toEqual([]);
  // The user has both assets; what was verified here is known there.
  await page.goto(`${url}#/`);
  await enter(page, site.keys[0]!);
  await page.waitForSelector(`[data-step=covered][data-state=${state}]`);
  expect(await page.textContent('[data-step=covered]')).toMatch(
    variant === 'short' ? /Short.*less ETH/ : /its word/,
  );
  const headline = await page.textContent('[data-headline]');
  expect(headline).toContain(
    // Whose key it is was not known before: that stays said beside what is short.
    `as far as we could check${variant === 'short' ? ', but it is not covered' : ''}`,
  );
});

test('the user verifies the reserves from the result: not checked, then as far as it was shown', async () => {
  const { page, said } = await visit();
  host.seen.length = 0;
  await enter(page, site.keys[1]!);
  expect(await stepStates(page)).toMatchObject({ totals: 'checked', covered: 'open' });
  expect(await page.textContent('[data-step=covered]')).toContain('was not checked by this page');
  // A snapshot without a claim tree offers no claims, and loads nothing for them.
  expect(await page.$('text=Make a claim')).toBeNull();
  expect(host.seen.filter((path) => path.includes('claim'))).toEqual([]);
  expect(host.seen.filter((path) => isReserves(path) || isAddresses(path))).toEqual([]);
  await page.click('text=Verify the reserves too');
  await page.waitForSelector('[data-step=covered]:has-text("did not show it")');
  expect(await page.getAttribute('[data-step=covered]', 'data-state')).toBe('open');
  // An auditor's hash, and everything else: then it is checked, and the key is in no request.
  await page.goto(`${url}#/audit/${site.snapshot}`);
  await page.waitForSelector('[data-solvency]');
  await page.click('.reserves-start .primary, .reserves-start .secondary');
  await page.waitForSelector('.blocks-form');
  await confirm(page);
  await page.click('text=Verify everything in this browser');
  await page.waitForSelector('[data-verdict=holds]');
  await page.goto(`${url}#/`);
  await enter(page, site.keys[1]!);
  await page.waitForSelector('[data-step=covered][data-state=checked]');
  expect(await stepStates(page)).toMatchObject({ everybody: 'checked' });
  expect(await page.textContent('[data-step=covered]')).toContain('for these assets only');
  expect(host.seen.join()).not.toContain(site.keys[1]!);
  expect(said).toEqual([]);
});

describe('what is not as it was signed', () => {
  const flipped = (content: Buffer) => {
    const text = content.toString();
    const at = text.indexOf('"signature":"0x') + 20;
    return Buffer.from(`${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`);
  };
  test.each<[string, NonNullable<StaticHost['change']>, string]>([
    [
      'another signature',
      (path, content) => (isReserves(path) ? flipped(content) : content),
      'RESERVES_UNTRUE',
    ],
    [
      'a file that is cut off',
      (path, content) => (isAddresses(path) ? content.subarray(0, -1) : content),
      'FILE_CUT_OFF',
    ],
    ['rubbish', (path, content) => (isReserves(path) ? Buffer.from(ATTACK) : content), 'DOCUMENT_'],
  ])('%s', async (_, change, code) => {
    host.change = change;
    const { page } = await verified();
    expect(await page.getAttribute('[data-refused]', 'data-refused')).toContain(code);
    expect(await page.$('[data-solvency]')).toBeNull();
    expect(await page.$$('main img, main script')).toEqual([]);
  });

  test('none are published', async () => {
    host.change = (path, content) => (isReserves(path) ? undefined : content);
    const { page } = await visit(`#/audit/${site.snapshot}`);
    await page.click(VERIFY);
    await page.waitForSelector('text=No reserves are published with this snapshot.');
  });

  test('a host that never ends is cancelled, and both files are dropped instead', async () => {
    host.change = (path, content) => (isAddresses(path) ? null : content);
    const { page } = await visit(`#/audit/${site.snapshot}`);
    await page.click(VERIFY);
    await page.click('.running >> text=Cancel');
    await page.waitForSelector('text=not everything was judged');
    const { reserves, addresses } = site.reserves('covered');
    const input = page.locator('.reserves input[type=file]');
    const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/json', buffer });
    await input.setInputFiles([file('reserves.json', reserves)]);
    await page.waitForSelector('text=Choose both files together');
    host.seen.length = 0;
    await input.setInputFiles([file('a', addresses), file('b', reserves)]);
    await page.waitForSelector('[data-solvency=claimed]');
    expect(host.seen.filter((path) => !path.includes('/assets/'))).toEqual([]);
  });
});

/** `UPDATE_IMAGES=1 npm run test:chromium -- -t light` writes the pictures of the guides. */
test.each(['light', 'dark'] as const)(
  'in the %s theme axe finds nothing, and it fits a phone, a desktop and paper',
  async (colorScheme) => {
    const sizes = { phone: { width: 360, height: 800 }, desktop: { width: 1280, height: 860 } };
    const options = { colorScheme, viewport: sizes.phone, deviceScaleFactor: 2 };
    const { page } = await verified(options);
    await confirm(page);
    await page.click('text=Verify everything in this browser');
    await page.waitForSelector('[data-solvency=covered][data-state=checked]');
    await page.fill('.addresses input', 'usdt');
    await page.waitForSelector('.address-table[data-rows="1"]');
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    for (const [device, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      await page.evaluate(() => document.querySelector('#reserves')!.scrollIntoView());
      const name = `page-reserves-${device}.png`;
      const path = colorScheme === 'light' ? pictureFile(pictures, name) : join(pictures, name);
      const picture = await page.screenshot({ path });
      expect(picture.length).toBeGreaterThan(10_000);
    }
    await page.emulateMedia({ media: 'print' });
    expect(await page.isVisible('.addresses')).toBe(false);
    expect(await page.isVisible('.bars')).toBe(true);
  },
);
