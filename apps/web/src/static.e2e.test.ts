import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { axeViolations, enter, stepStates, watch, type Watched } from '../testing/browser';
import { ExchangeSite } from '../testing/exchange-site';
import { StaticHost } from '../testing/static-host';
import { staticSite } from '../testing/static-site';
import { givenStaticHost } from '../testing/visits';

/** The page as files on a plain host, with a sealed bundle: no gateway anywhere. */
const root = join(__dirname, '../../..');
const work = mkdtempSync(join(tmpdir(), 'solvent-static-'));
let browser: Browser;
let host: StaticHost;
let url: string;
let key: string;
let built: string;
const { visit } = givenStaticHost(
  async () => {
    const { site, keys, built: said } = await staticSite();
    [key, built] = [keys[0]!, said];
    return new StaticHost(site);
  },
  (given) => ({ browser, host, url } = given),
);
afterAll(() => rmSync(work, { recursive: true, force: true }));

function buildStatic(...args: string[]): string {
  const program = join(root, 'scripts/web-static.mjs');
  return execFileSync(process.execPath, [program, ...args], {
    ...{ cwd: root, stdio: 'pipe', encoding: 'utf8' },
  });
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

test('a key that a link brings is out of the address before the host has answered anything', async () => {
  host.change = (path, content) => (path.endsWith('solvent-page.json') ? null : content);
  const { page } = await visit(`#key=${key}&snapshot=nov-2026`);
  await page.waitForFunction(() => location.hash === '#/start/nov-2026');
  expect(await page.$('.key-field')).toBeNull();
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

describe('the element on another site', () => {
  let site: ExchangeSite;
  let shown: Watched;
  beforeAll(async () => {
    site = new ExchangeSite(
      url,
      'lang="es" theme="dark" accent="#0b5d4e" accent-dark="#6fd8bd" label="Proof"',
    );
    const address = await site.listen();
    shown = await watch(browser);
    // From before anything runs: what this window hears.
    await shown.page.addInitScript(() => {
      const heard: unknown[] = [];
      Object.assign(window, { heard });
      window.addEventListener('message', ({ data, source }) => {
        heard.push(data);
        // All that a site gets of the frame.
        Object.assign(window, { frame: source });
      });
    });
    await shown.page.goto(address);
  });
  afterAll(async () => {
    await shown?.context.close();
    site?.close();
  });
  const inner = () => shown.page.frames()[1]!;
  const height = () =>
    shown.page.$eval('solvent-check', (element) => Math.round(element.getBoundingClientRect().height));

  test('it shows the page in the language and colours of its attributes, as tall as it is', async () => {
    await inner().waitForSelector('h1:has-text("¿Está contado tu saldo?")');
    await inner().waitForSelector('.start-facts .fine:not(:has(.outline-line))');
    await inner().waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    const accent = await inner().evaluate(() =>
      getComputedStyle(document.documentElement).getPropertyValue('--accent'),
    );
    expect(accent).toBe('#6fd8bd');
    const tall = await inner().$eval('#root', (root) => Math.ceil(root.getBoundingClientRect().height));
    await shown.page.waitForFunction(
      (wanted) => document.querySelector('solvent-check')!.getBoundingClientRect().height === wanted,
      tall,
    );
    expect(await axeViolations(shown.page)).toEqual([]);
  });

  test('a key is checked in it, and the site around it hears of heights alone', async () => {
    const before = await height();
    await inner().fill('.key-field', key);
    await inner().click('button[type=submit]');
    await inner().waitForSelector('[data-headline]');
    await shown.page.waitForFunction(
      (low) => document.querySelector('solvent-check')!.getBoundingClientRect().height > low,
      before,
    );
    const [file] = await Promise.all([
      shown.page.waitForEvent('download'),
      inner().click('text=Descargar mi prueba'),
    ]);
    expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toHaveProperty('accountPath');
    const heard = await shown.page.evaluate(() => (window as unknown as { heard: object[] }).heard);
    expect(heard.length).toBeGreaterThan(1);
    for (const message of heard) expect(message).toEqual({ solvent: 'size', height: expect.any(Number) });
    const reached = await shown.page.evaluate(() => {
      try {
        return (window as unknown as { frame: Window }).frame.document.body.textContent;
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(reached).toBe('SecurityError');
    expect(shown.said).toEqual([]);
  });

  test('an attribute that changes is followed; a size from anybody else is not', async () => {
    await shown.page.$eval('solvent-check', (element) => element.setAttribute('theme', 'light'));
    await inner().waitForFunction(() => document.documentElement.dataset['theme'] === 'light');
    await shown.page.evaluate(() => window.postMessage({ solvent: 'size', height: 5000 }, '*'));
    await shown.page.waitForFunction(() =>
      (window as unknown as { heard: { height: number }[] }).heard.some(({ height: said }) => said === 5000),
    );
    expect(await height()).not.toBe(5000);
  });
});

test('the headers name who may show it in a frame, and a gateway is asked over its WebSocket too', () => {
  const config = join(work, 'page.json');
  writeFileSync(config, '{"api":"https://proof.example/"}');
  buildStatic('--config', config, '--framed-by', 'https://www.example/', '--output', join(work, 'framed'));
  const { headers, fileHeaders } = JSON.parse(readFileSync(join(work, 'framed', 'build.json'), 'utf8')) as {
    headers: Record<string, string>;
    fileHeaders: Record<string, Record<string, string>>;
  };
  const policy = headers['content-security-policy'];
  expect(policy).toContain("connect-src 'self' https://proof.example wss://proof.example;");
  expect(policy).toMatch(/frame-ancestors https:\/\/www\.example$/);
  expect(fileHeaders['solvent-check.js']).toEqual({ 'cross-origin-resource-policy': 'cross-origin' });
});

test('the same sources give the same bytes, wherever they are built', () => {
  const again = buildStatic('--output', join(work, 'again'));
  const digest = /[0-9a-f]{64}/;
  expect(digest.exec(again)![0]).toBe(digest.exec(built)![0]);
});
