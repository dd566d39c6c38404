import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseClaim, parseVerifyingKey, verifyClaim } from '@solvent-por/claims';
import { createClient, type SolventClient } from '@solvent-por/client';
import { hexBytes } from '@solvent-por/kzg';
import { parseManifest } from '@solvent-por/verifier';
import type { Browser, Page } from 'playwright-core';
import { enter, openBrowser, watch, type Watched } from '../testing/browser';
import { RunningServices } from '../testing/running-services';

/**
 * What `npm start -- --claims` runs, from the partner's question to the answer: ingest, prover and signer made the
 * claim tree, the gateway hands out claim file and keys, Chromium proves, and partner and service verify.
 */
const us = { partner: 'lender.example', purpose: 'loan 2026-12' };
const data = mkdtempSync(join(tmpdir(), 'solvent-claims-'));
let services: RunningServices;
let partner: SolventClient;
let browser: Browser;
const open: Watched[] = [];

beforeAll(async () => {
  services = await RunningServices.start(data, 60, { claims: true });
  partner = createClient({ endpoint: `${services.url}/graphql`, apiKey: services.partnerApiKey });
  browser = await openBrowser();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ context }) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  await services?.stop();
  rmSync(data, { recursive: true, force: true });
});

async function visit(fragment: string): Promise<Watched> {
  const watched = await watch(browser);
  open.push(watched);
  await watched.page.goto(`${services.url}/${fragment}`);
  return watched;
}

/** The user's part: from the partner's link to a link that shows the claim. */
async function claimOn(watched: Watched): Promise<{ readonly link: string; readonly claim: string }> {
  const { page } = watched;
  await enter(page, services.keys[0]!);
  await page.click('a:has-text("Make a claim")');
  await page.click('text=Prove it in this browser');
  await page.waitForSelector('[data-claim=made]');
  const [link, claim] = await page.$$eval('.claim-text', (all) => all.map((one) => one.textContent!));
  return { link: link!, claim: claim! };
}

const asked = (challenge: string) => ({
  ...{ ...us, challenge, snapshotId: services.snapshot, symbol: 'USD', threshold: 100n },
});
const questionOf = (challenge: string) =>
  `#claim&${new URLSearchParams({ ...us, challenge, asset: 'USD', threshold: '1' }).toString()}`;

async function compare(page: Page, challenge: string): Promise<void> {
  await page.waitForSelector('[data-shown=open]');
  for (const [name, value] of Object.entries({ ...us, challenge })) await page.fill(`[name=${name}]`, value);
  await page.click('button:has-text("Compare")');
  await page.waitForSelector('[data-compared=true]');
}

/** With the client package and the claims package, as docs/guides/partner.md has it. */
async function verifiedHere(claim: string, challenge: string, scope: string) {
  const document = new TextEncoder().encode(claim);
  const manifest = parseManifest(await partner.downloadManifest(services.snapshot));
  const [served] = await partner.claimKeys(services.snapshot);
  return verifyClaim(parseClaim(document), {
    ...{ manifest, value: 0, threshold: 100n, allowDevelopment: true },
    verifyingKey: parseVerifyingKey(new TextEncoder().encode(served!.document)),
    ...{ scope: hexBytes(scope, 31), challenge: hexBytes(challenge, 31) },
    trust: { operator: hexBytes(manifest.header.operator, 32), now: new Date() },
  });
}

test('an account looked up at a gateway makes a claim; its challenge is taken once, its second claim is known', async () => {
  const { challenge, scope } = await partner.claimChallenge(us);
  const user = await visit(questionOf(challenge));
  const { link, claim } = await claimOn(user);
  expect(link.startsWith(`${services.url}/#shown=`)).toBe(true);
  // The id of this snapshot is asked with; the key, and the claim, are in no request.
  expect(user.asked.filter((address) => address.includes('/gpl-'))).toHaveLength(1);
  for (const secret of [services.keys[0]!, challenge]) expect(user.asked.join('\n')).not.toContain(secret);
  expect(user.said).toEqual([]);

  // The partner opens the link, and compares it with their own records.
  const { page } = await visit(link.slice(link.indexOf('#')));
  await compare(page, challenge);
  expect(await page.textContent('.headline')).toContain('An account holds at least 1.00 USD');
  expect(await page.textContent('.claims')).toContain('no debt is subtracted');

  // Then has it verified by the service, which remembers, and verifies it without it.
  const first = await partner.verifyClaim(claim, asked(challenge));
  expect(first).toMatchObject({ valid: true, developmentSetUp: true, seenBefore: null });
  expect(await verifiedHere(claim, challenge, scope)).toMatchObject({
    valid: true,
    nullifier: first.nullifier,
  });
  expect(await page.textContent('.facts')).toContain(first.nullifier!.slice(0, 12));
  expect(await partner.verifyClaim(claim, asked(challenge))).toMatchObject({
    ...{ valid: false, code: 'CLAIM_CHALLENGE_TAKEN' },
  });

  // The same account once more, for the same purpose: the service says when it came first.
  const again = await partner.claimChallenge(us);
  const second = await claimOn(await visit(questionOf(again.challenge)));
  expect(second.claim).not.toBe(claim);
  expect(await partner.verifyClaim(second.claim, asked(again.challenge))).toMatchObject({
    ...{ valid: true, nullifier: first.nullifier, seenBefore: expect.any(String) as string },
  });
});

test('what npm start prints as a partner’s link asks for a claim, which its prover makes for who cannot', async () => {
  const [, question] = /(#claim&\S+)/.exec(services.said)!;
  const { page, asked: addresses } = await visit(question!);
  await enter(page, services.keys[1]!);
  await page.click('a:has-text("Make a claim")');
  await page.waitForSelector('.claim-form');
  expect(await page.inputValue('[name=amount]')).toBe('1');
  const challenge = await page.inputValue('[name=challenge]');
  expect(challenge).toMatch(/^0x[0-9a-f]{62}$/);
  await page.check('[name=server]');
  await page.click('.claim-form button[type=submit]');
  await page.waitForSelector('[data-claim=made]');
  expect(addresses.filter((address) => /\/gpl-|proving-key/.test(address))).toEqual([]);
  const [, claim] = await page.$$eval('.claim-text', (all) => all.map((one) => one.textContent!));
  expect(await partner.verifyClaim(claim!, asked(challenge))).toMatchObject({
    ...{ valid: true, developmentSetUp: true, seenBefore: null },
  });
});

test('once asked for, claims are offered by later starts, too: none would be a loss that verifiers name', async () => {
  const { snapshot } = services;
  await services.stop();
  services = await RunningServices.start(data, 60);
  expect(services.snapshot).toBe(snapshot);
  expect(services.said).toContain('#claim&');
  const again = createClient({ endpoint: `${services.url}/graphql` });
  expect(await again.claimKeys(snapshot)).toMatchObject([{ developmentSetUp: true }]);
});
