import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFragment } from '@solvent-por/claims';
import type { Page } from 'playwright-core';
import { asFile, enter, type Watched } from '../testing/browser';
import { claimsSite, type ClaimsSite } from '../testing/claims-site';
import { inspectState } from '../testing/inspect-state';
import { pictureFile } from '../testing/picture-file';
import { StaticHost } from '../testing/static-host';
import { givenStaticHost } from '../testing/visits';

/** Private claims, made in Chromium from files on a plain host that sends the headers which the build names. */
let host: StaticHost;
let url: string;
let site: ClaimsSite;
const work = mkdtempSync(join(tmpdir(), 'solvent-claims-'));

const CHALLENGE = `0x${'5a'.repeat(31)}`;
const ASKED = { partner: 'lender.example', purpose: 'loan 2026-12', challenge: CHALLENGE };

const { fresh, visit } = givenStaticHost(
  async () => {
    site = await claimsSite();
    return new StaticHost(site.site, site.headers);
  },
  (given) => ({ host, url } = given),
);
afterAll(() => rmSync(work, { recursive: true, force: true }));

const isZkey = (path: string) => path.endsWith('/proving-key.zkey');
const mine = () => site.keys[0]!;
const linkOf = (asked: Readonly<Record<string, string>>) => `#claim&${new URLSearchParams(asked).toString()}`;

/** From a partner's link to the screen that asks for the claim file. */
async function atClaims(fragment = linkOf(ASKED)): Promise<Watched> {
  host.seen.length = 0;
  const watched = await visit(fragment);
  await enter(watched.page, mine());
  await watched.page.click('a:has-text("Make a claim")');
  await watched.page.waitForSelector('text=Choose my claim file');
  return watched;
}

const chooseFile = (page: Page, content: Buffer | string) =>
  page.setInputFiles('.claims input[type=file]', asFile('claim-file.json', content));

/** The same, with the claim file taken. */
async function atForm(fragment?: string): Promise<Watched> {
  const watched = await atClaims(fragment);
  await chooseFile(watched.page, site.claimFile(mine()));
  await watched.page.waitForSelector('.claim-form');
  return watched;
}

const prove = (page: Page) => page.click('text=Prove it in this browser');
const trouble = (page: Page, wanted: string) => page.waitForSelector(`[data-trouble=${wanted}]`);

test('a claim is made from a link, verified here and by the command line, and no key is in any request', async () => {
  const { page, said, asked } = await atForm(linkOf({ ...ASKED, asset: 'ETH', threshold: '1.25' }));
  expect(page.url()).not.toContain('challenge');
  expect(await page.textContent('.claim-form')).toContain('Anybody can write a link');
  expect(await page.inputValue('[name=amount]')).toBe('1.25');
  expect(await page.inputValue('[name=partner]')).toBe('lender.example');
  await inspectState(page, 'claim-form');
  // What proves, and the keys, are loaded by whoever proves alone.
  expect(asked.filter((address) => /\/gpl-|published\/claims/.test(address))).toEqual([]);
  await prove(page);
  await page.waitForSelector('[data-claim=made]');
  expect(asked.filter((address) => address.includes('/gpl-'))).toHaveLength(1);
  expect(await page.textContent('.claim-development')).toContain('do not rely on it');
  expect(await page.$('.claim-made .headline-checked')).toBeNull();
  expect(await page.textContent('.claim-made')).toContain('holds at least 1.25 ETH');
  expect(await page.textContent('.claim-made')).toContain('Example Exchange can tell whose claim this is');
  await inspectState(page, 'claim-made');
  await draw(page);

  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Save the claim')]);
  expect(file.suggestedFilename()).toBe('nov-2026-claim.json');
  const claim = join(work, 'claim.json');
  writeFileSync(claim, readFileSync(await file.path()));
  const [link, text] = await page.$$eval('.claim-text', (all) => all.map(({ textContent }) => textContent));
  expect(text).toBe(readFileSync(claim, 'utf8'));
  expect(link).toBe(`${url}#${claimFragment(readFileSync(claim))}`);
  const verify = [
    'claim',
    'verify',
    claim,
    '--manifest',
    site.manifest,
    '--verifying-key',
    site.verifyingKey,
  ];
  const options = { ...ASKED, asset: 'ETH', threshold: '1.25' };
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  expect(site.solvent(...verify, ...given, '--allow-development')).toContain('VALID');

  const secrets = [mine(), site.id(mine()).slice(2), claimKeyOf(site.claimFile(mine())).slice(2), CHALLENGE];
  for (const secret of secrets) expect(asked.join('\n') + host.seen.join('\n')).not.toContain(secret);
  expect(said).toEqual([]);
  expect([...new Set(asked.map((address) => new URL(address).host))]).toEqual([new URL(url).host]);
});

/** `UPDATE_IMAGES=1` writes the picture of the user's guide. */
async function draw(page: Page): Promise<void> {
  const before = page.viewportSize()!;
  await page.setViewportSize({ width: 360, height: 800 });
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: pictureFile(work, 'page-claim-phone.png') });
  await page.setViewportSize(before);
}

function claimKeyOf(file: Buffer): string {
  return (JSON.parse(file.toString()) as { readonly claimKey: string }).claimKey;
}

test('what cannot be proved is refused before anything is fetched, and the words say why', async () => {
  const { page, asked } = await atForm('');
  // A user who came without a link: nothing is filled in.
  await prove(page);
  const wrong = (name: string) => page.textContent(`[data-wrong=${name}]`);
  expect([await wrong('amount'), await wrong('partner'), await wrong('challenge')]).toEqual([
    'Say how much you want to show.',
    'Needed: it is part of what is proved.',
    'Paste the challenge that your partner gave you.',
  ]);
  await page.fill('[name=amount]', '1.500000001');
  expect(await wrong('amount')).toContain('more than you have');
  await page.fill('[name=amount]', '1,5');
  expect(await wrong('amount')).toContain('a point');
  await page.fill('[name=amount]', '1.0000000001');
  expect(await wrong('amount')).toContain('at most 9 decimals');
  await page.fill('[name=challenge]', CHALLENGE.slice(0, -1));
  expect(await wrong('challenge')).toContain('this has 61');
  await page.fill('[name=challenge]', 'what they said');
  expect(await wrong('challenge')).toContain('the letters a–f alone');
  await inspectState(page, 'claim-wrong');
  expect(asked.filter((address) => /\/gpl-|published\/claims/.test(address))).toEqual([]);
});

test('a claim file that was changed, is another’s or is none is refused', async () => {
  const { page } = await atClaims();
  const document = JSON.parse(site.claimFile(mine()).toString()) as { values: string[] };
  const richer = site.claimFile(mine()).toString().replace(document.values[0]!, '9500000000');
  await chooseFile(page, richer);
  await trouble(page, 'foreign');
  await inspectState(page, 'claim-file-foreign');
  await chooseFile(page, site.claimFile(site.keys[1]!));
  await trouble(page, 'other');
  await chooseFile(page, '<script>alert(1)</script>');
  await trouble(page, 'file');
  await chooseFile(page, site.claimFile(mine()));
  await page.waitForSelector('.claim-form');
});

describe('keys that are not what was signed for', () => {
  const flip = (content: Buffer) => {
    const changed = Buffer.from(content);
    changed[changed.length >> 1]! ^= 1;
    return changed;
  };
  test.each<[string, NonNullable<StaticHost['change']>, string]>([
    ['a proving key', (path, content) => (isZkey(path) ? flip(content) : content), 'keys'],
    [
      'a witness generator',
      (path, content) => (/circuit\.wasm$/.test(path) ? flip(content) : content),
      'keys',
    ],
    [
      'a verifying key',
      (path, content) =>
        path.endsWith('/verifying-key.json')
          ? Buffer.from(content.toString().replace('"development"', '"developmenT"'))
          : content,
      'keys',
    ],
    ['none', (path, content) => (isZkey(path) ? undefined : content), 'missing'],
  ])('%s', async (_, change, wanted) => {
    host.change = change;
    const { page, asked } = await atForm(linkOf({ ...ASKED, threshold: '1' }));
    await prove(page);
    await trouble(page, wanted);
    // What was typed is still there, and nothing of it was used.
    expect(await page.inputValue('[name=challenge]')).toBe(CHALLENGE);
    expect(asked.filter((address) => address.includes('/gpl-'))).toEqual([]);
  });
});

test('a claim in the making is cancelled, and made after all', async () => {
  host.change = (path, content) => (isZkey(path) ? null : content);
  const { page } = await atForm(linkOf({ ...ASKED, asset: 'USDT', threshold: '0.2' }));
  await prove(page);
  await page.waitForSelector('.claim-step-now');
  await inspectState(page, 'claim-running');
  await page.click('text=Cancel');
  await page.waitForSelector('[data-claim=cancelled]');
  host.change = undefined;
  await prove(page);
  await page.waitForSelector('[data-claim=made]');
  expect(await page.textContent('.claim-made')).toContain('at least 0.20 USDT');
});

describe('a gateway gives the claim file', () => {
  /** The page beside a gateway, of which nothing is there but what claims need. */
  async function beside(config: object): Promise<Watched & { readonly questions: string[] }> {
    const watched = await fresh();
    const questions: string[] = [];
    const page = JSON.stringify({ api: 'published/', name: 'Example Exchange', ...config });
    await watched.page.route('**/solvent-page.json', (route) => route.fulfill({ body: page }));
    await watched.page.route('**/graphql', (route) => {
      const question = route.request().postData() ?? '';
      questions.push(question);
      const document = site.claimFile(mine()).toString();
      const manifest = { digest: '', document: '' };
      const claimFile = { manifest, document, documentDigest: '', snapshot: '', takenAt: '' };
      const data = question.includes('claimFile') ? { claimFile } : { latestSnapshot: null };
      return route.fulfill({ contentType: 'application/json', body: JSON.stringify({ data }) });
    });
    await watched.page.goto(`${url}#/claim/${site.snapshot}`);
    await enter(watched.page, mine());
    return { ...watched, questions };
  }
  const ofClaims = (questions: readonly string[]) => questions.filter((one) => one.includes('claimFile'));

  test('by the account’s id in the snapshot, and never its key', async () => {
    const { page, questions } = await beside({});
    await page.waitForSelector('.claim-form');
    const [question, ...more] = ofClaims(questions);
    expect(more).toEqual([]);
    expect(question).toContain(site.id(mine()));
    expect(questions.join()).not.toContain(mine());
  });

  test('where accounts are looked up without asking for them, only when the user says so', async () => {
    const { page, questions } = await beside({ sealed: true });
    await page.waitForSelector('text=then sees which account asks');
    expect(ofClaims(questions)).toEqual([]);
    await page.click('text=Get it from Example Exchange');
    await page.waitForSelector('.claim-form');
    expect(ofClaims(questions)).toHaveLength(1);
  });
});

test('after a reload the key is asked for again', async () => {
  const { page } = await atClaims();
  await inspectState(page, 'claim-file');
  await page.reload();
  await page.waitForSelector('text=it isn’t kept');
  await enter(page, mine());
  await page.waitForSelector('text=Choose my claim file');
});
