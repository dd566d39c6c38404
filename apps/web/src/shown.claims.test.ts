import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFragment } from '@solvent-por/claims';
import type { Page } from 'playwright-core';
import { asFile, type Watched } from '../testing/browser';
import { claimsSite, type ClaimsSite } from '../testing/claims-site';
import { inspectState } from '../testing/inspect-state';
import { pictureFile } from '../testing/picture-file';
import { StaticHost } from '../testing/static-host';
import { givenStaticHost } from '../testing/visits';

/** What a partner sees who opens a link with a claim in it, in Chromium on a plain host. */
let host: StaticHost;
let url: string;
let site: ClaimsSite;
let claim: Buffer;
let fragment: string;
const work = mkdtempSync(join(tmpdir(), 'solvent-shown-'));

const ASKED = {
  partner: 'lender.example',
  purpose: 'loan 2026-12',
  challenge: `0x${'5a'.repeat(31)}`,
};

const { fresh, visit } = givenStaticHost(
  async () => {
    site = await claimsSite();
    return new StaticHost(site.site, site.headers);
  },
  (given) => ({ host, url } = given),
);
beforeAll(() => {
  const [mine, made] = [join(work, 'mine.json'), join(work, 'claim.json')];
  writeFileSync(mine, site.claimFile(site.keys[0]!));
  const asked = Object.entries({ ...ASKED, asset: 'ETH', threshold: '1.25' });
  site.solvent(
    ...['claim', 'prove', mine, '--manifest', site.manifest, '--verifying-key', site.verifyingKey],
    ...[...asked.flatMap(([name, value]) => [`--${name}`, value]), '--output', made],
  );
  claim = readFileSync(made);
  fragment = claimFragment(claim);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const shown = (page: Page, state: string) => page.waitForSelector(`[data-shown=${state}]`);
const trouble = (page: Page, wanted: string) => page.waitForSelector(`[data-trouble=${wanted}]`);

async function compare(page: Page, change: Partial<typeof ASKED> = {}): Promise<void> {
  for (const [name, value] of Object.entries({ ...ASKED, ...change }))
    await page.fill(`[name=${name}]`, value);
  await page.click('button:has-text("Compare")');
}

/** A link by which one field of the claim was changed. */
function changed(change: object): string {
  const document = { ...(JSON.parse(claim.toString()) as object), ...change };
  return `#${claimFragment(Buffer.from(JSON.stringify(document)))}`;
}

test('a link is verified in the browser; nothing of it is sent, and nothing of it fills the form', async () => {
  host.seen.length = 0;
  const { page, said, asked } = await visit(`#${fragment}`);
  await shown(page, 'open');
  expect(page.url()).toBe(`${url}#/shown`);
  const text = (await page.textContent('.claims'))!;
  expect(text).toContain('An account holds at least 1.25 ETH');
  expect(text).toContain('In the snapshot nov-2026 of January 1, 2026');
  expect(text).toContain('Development set-up: do not rely on it');
  expect(text).toContain('it says only that somebody once proved this to somebody');
  expect(text).toContain(`This page is at ${new URL(url).host}`);
  // What only the partner's records know is said to be theirs.
  for (const words of [
    'whom it was made for',
    'take each once',
    'the same account made no claim',
    'claim tree is true',
  ])
    expect(await page.textContent('.two > section:last-child')).toContain(words);
  for (const name of Object.keys(ASKED)) expect(await page.inputValue(`[name=${name}]`)).toBe('');
  expect(await page.$('.headline-checked')).toBeNull();
  await inspectState(page, 'shown-open');
  await draw(page);

  await page.click('button:has-text("Compare")');
  expect(await page.textContent('[data-wrong=challenge]')).toContain('made for anybody');
  await compare(page);
  await page.waitForSelector('[data-compared=true]');
  expect(await page.textContent('.two > section:first-child')).toContain(
    'made for lender.example, loan 2026-12',
  );
  // A set-up whose secret everybody can compute makes nothing checked.
  await shown(page, 'open');
  expect(await page.textContent('.headline')).toContain('with this set-up anybody can prove anything');
  await inspectState(page, 'shown-compared');

  // Without what proves, and without any of it in a request.
  const requests = asked.join('\n') + host.seen.join('\n');
  for (const secret of [fragment.slice(6, 60), ASKED.challenge, 'lender', '/gpl-', 'proving-key'])
    expect(requests).not.toContain(secret);
  expect(said).toEqual([]);
});

/** `UPDATE_IMAGES=1` writes the picture of the partners' guide. */
async function draw(page: Page): Promise<void> {
  const before = page.viewportSize()!;
  await page.setViewportSize({ width: 360, height: 1100 });
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: pictureFile(work, 'page-shown-phone.png') });
  await page.setViewportSize(before);
}

test.each<[string, Partial<typeof ASKED>, string]>([
  ['partner', { partner: 'Lender.example' }, 'CLAIM_SCOPE'],
  ['purpose', { purpose: 'loan 2026-11' }, 'CLAIM_SCOPE'],
  ['challenge', { challenge: `0x${'5b'.repeat(31)}` }, 'CLAIM_CHALLENGE'],
])(
  'one that was made for another %s is refused, and taken once it is the partner’s',
  async (name, change, code) => {
    const { page } = await visit(`#${fragment}`);
    await shown(page, 'open');
    await compare(page, change);
    await page.waitForSelector(`[data-shown=false][data-code=${code}]`);
    expect(await page.textContent('.headline')).not.toContain('1.25');
    if (name === 'challenge') await inspectState(page, 'shown-false');
    await compare(page);
    await page.waitForSelector('[data-shown=open] .two');
  },
);

test('a claim that was changed does not hold, and its amount is not shown', async () => {
  for (const change of [{ threshold: '1500000000' }, { challenge: `0x${'00'.repeat(31)}` }]) {
    const { page } = await visit(changed(change));
    await page.waitForSelector('[data-shown=false][data-code=CLAIM_PROOF]');
    expect(await page.textContent('.headline')).not.toContain('holds at least');
    // There is nothing to compare with.
    expect(await page.$('[name=challenge]')).toBeNull();
  }
});

test('a damaged link is told from a false claim, and from one about a snapshot of somebody else’s', async () => {
  const damaged: [string, string][] = [
    [`#${fragment.slice(0, -7)}`, 'link'],
    [`#${fragment.slice(0, 40)}%20${fragment.slice(40)}`, 'link'],
    ['#shown=', 'link'],
    ['#shown=e30', 'link'],
    [`#${fragment}${'A'.repeat(9000)}`, 'link'],
    [changed({ manifest: `0x${'00'.repeat(32)}` }), 'snapshot'],
    [changed({ key: `0x${'00'.repeat(32)}` }), 'key'],
  ];
  for (const [link, wanted] of damaged) {
    const { page } = await visit(link);
    if (wanted === 'key') await page.waitForSelector('[data-shown=false][data-code=CLAIM_KEY]');
    else await trouble(page, wanted);
    if (link === '#shown=') await inspectState(page, 'shown-damaged');
  }
});

test('the same claim is pasted as a link, or chosen as a file, on a page that the partner opened', async () => {
  const { page } = await visit('#/shown');
  await page.click('button:has-text("Verify")');
  expect(await page.textContent('[data-wrong=link]')).toContain('Paste the link');
  await inspectState(page, 'shown-choice');
  // Whatever site the link names: it is this page that verifies.
  await page.fill('[name=link]', `https://elsewhere.example/page?x=1#${fragment}`);
  await page.click('button:has-text("Verify")');
  await shown(page, 'open');
  await page.click('button:has-text("Verify another claim")');
  await page.fill('[name=link]', 'https://elsewhere.example/#/shown');
  await page.click('button:has-text("Verify")');
  await trouble(page, 'none');
  await page.setInputFiles('.claims input[type=file]', asFile('claim.json', '{"a":1}'));
  await trouble(page, 'file');
  await page.setInputFiles('.claims input[type=file]', asFile('claim.json', claim));
  await shown(page, 'open');
  // Another language takes nothing away.
  await page.selectOption('.language select', 'es');
  await page.waitForSelector('text=Una cuenta tiene al menos');
  await page.selectOption('.language select', 'en');
  // From the first screen there is a way there.
  await page.goto(`${url}#/`);
  await page.click('footer >> text=Check a claim');
  await page.waitForSelector('[name=link]');
});

test('a verifying key that is altered or not there verifies nothing', async () => {
  const isKey = (path: string) => path.endsWith('/verifying-key.json');
  host.change = (path, content) => (isKey(path) ? Buffer.from(`${content.toString()} `) : content);
  const { page } = await visit(`#${fragment}`);
  await page.waitForSelector('[data-trouble]');
  expect(await page.$('[data-shown]')).toBeNull();
  host.change = (path, content) => (isKey(path) ? undefined : content);
  const without = await visit(`#${fragment}`);
  await trouble(without.page, 'missing');
});

test.each([
  ['es', 'Una cuenta tiene al menos 1,25'],
  ['zh-CN', '有一个账户至少持有 1.25 ETH'],
])('it speaks %s', async (locale, words) => {
  const watched: Watched = await fresh({ locale });
  await watched.page.goto(`${url}#${fragment}`);
  await shown(watched.page, 'open');
  expect(await watched.page.textContent('.headline')).toContain(words);
  await inspectState(watched.page, `shown-open-${locale}`);
});
