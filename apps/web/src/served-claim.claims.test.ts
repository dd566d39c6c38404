import { join } from 'node:path';
import { claimScope, parseClaim, verifyClaim } from '@solvent-por/claims';
import { toHex, utf8 } from '@solvent-por/kzg';
import type { Browser } from 'playwright-core';
import { ProvedClaims } from '../../../libs/services/gateway/testing/proved-claims';
import { enter, openBrowser, watch, type Watched } from '../testing/browser';
import { inspectState } from '../testing/inspect-state';

/** The page of a gateway whose provers make claims, for a device that cannot. */
const asked = { partner: 'lender.example', purpose: 'loan 2026-12', challenge: `0x${'5a'.repeat(31)}` };
let services: ProvedClaims;
let browser: Browser;
const open: Watched[] = [];

beforeAll(async () => {
  services = await ProvedClaims.start('page-proved-here', {
    pageFolder: join(__dirname, '../../../dist/web'),
  });
  browser = await openBrowser();
});
afterEach(() => Promise.all(open.splice(0).map(({ context }) => context.close())));
afterAll(async () => {
  await browser?.close();
  await services?.stop();
});

/** From a partner's link to the form, with the claim file that the gateway gave. */
async function atForm(): Promise<Watched> {
  const watched = await watch(browser);
  open.push(watched);
  const { page } = watched;
  const wanted = new URLSearchParams({ ...asked, asset: 'COIN1', threshold: '0.01' });
  await page.goto(`${services.gateway.url}/#claim&${wanted.toString()}`);
  await enter(page, toHex(services.proved.accounts[0]!.key));
  await page.click('a:has-text("Make a claim")');
  await page.waitForSelector('.claim-form');
  return watched;
}

test('who ticks it has the server make the claim, is told before what it sees, and verifies what comes', async () => {
  const { page, asked: addresses, said } = await atForm();
  await page.waitForSelector('[name=server]');
  expect(await page.isChecked('[name=server]')).toBe(false);
  expect(await page.textContent('.claim-form button[type=submit]')).toBe('Prove it in this browser');
  expect(await page.textContent('.claim-server')).toContain('then sees the whole request');
  await page.check('[name=server]');
  await inspectState(page, 'claim-by-server');
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.postData() ?? ''));
  await page.click('.claim-form button[type=submit]');
  await page.waitForSelector('[data-claim=made]');
  expect(await page.textContent('.claim-made')).toMatch(/Made by .* and verified in this browser/);
  await inspectState(page, 'claim-made-by-server');
  // What proves, and what is proved with, was not loaded.
  expect(addresses.filter((address) => /\/gpl-|proving-key|circuit\.wasm/.test(address))).toEqual([]);
  const request = sent.filter((body) => body.includes('proveClaim'));
  expect(request).toHaveLength(1);
  expect(request[0]).toContain('"serverSeesRequest":true');
  expect(request[0]).not.toContain(toHex(services.proved.accounts[0]!.key).slice(2));
  expect(said).toEqual([]);

  const texts = await page.$$eval('.claim-text', (all) => all.map((one) => one.textContent!));
  const claim = parseClaim(utf8(texts.find((text) => text.startsWith('{'))!));
  expect(
    verifyClaim(claim, {
      ...{ manifest: services.proved.manifest, verifyingKey: services.keys.verifyingKey, value: 1 },
      ...{ threshold: 1n, challenge: claim.challenge, allowDevelopment: true },
      scope: claimScope(asked.partner, asked.purpose),
    }),
  ).toMatchObject({ valid: true });
});

test('a server that has no prover is no claim, and what was typed is still there', async () => {
  const { page } = await atForm();
  await page.check('[name=server]');
  await page.route('**/graphql', (route) =>
    route.request().postData()!.includes('proveClaim')
      ? route.fulfill({
          contentType: 'application/json',
          body: JSON.stringify({
            errors: [{ message: 'no prover', extensions: { code: 'CLAIM_PROVER_SILENT' } }],
          }),
        })
      : route.continue(),
  );
  await page.click('.claim-form button[type=submit]');
  await page.waitForSelector('[data-trouble=server]');
  expect(await page.inputValue('[name=partner]')).toBe(asked.partner);
  expect(await page.isChecked('[name=server]')).toBe(true);
});
