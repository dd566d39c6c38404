import type { Page } from 'playwright-core';
import { canonicalJson } from '@solvent-por/verifier';
import { asFile, enter } from '../browser';
import { exchangedSums, falseTotals } from '../forgeries';
import { inspectState } from '../inspect-state';
import { asks, type Rule } from '../proxy';
import { UNKNOWN_KEY, type SharedPage } from './shared';

const READY = '.start-facts .fine:not(:has(.outline-line))';
const PHONE = { viewport: { width: 360, height: 800 } };

/** Every state that people may see, one after another; each is looked at, and drawn where that is asked for. */
export function stateTests({ visit, proofOf, proxy, services, manifest, key }: SharedPage): void {
  /** Answers nothing to those requests until the test is over. */
  const hold = (which: (seen: Parameters<Rule>[0]) => boolean) => {
    proxy().rule = (seen) => which(seen);
  };
  const go = async (page: Page, fragment: string) => {
    await page.goto(new URL(fragment, page.url()).href);
  };
  const globalProof = async () =>
    (await fetch(`${services().url}/snapshots/${services().snapshot}/global-proof.ndjson`)).text();

  test('start, and what is entered there', async () => {
    hold((seen) => asks(seen, 'latestSnapshot'));
    const { page } = await visit('', PHONE);
    await page.waitForSelector('.start-facts .outline-line');
    await inspectState(page, 'start-loading');
    const top = () => page.$eval('.key-field', (field) => field.getBoundingClientRect().top);
    const before = await top();
    proxy().rule = undefined;
    await page.reload();
    await page.waitForSelector(READY);
    // Who is about to type there does not see the field jump.
    expect(await top()).toBe(before);
    await inspectState(page, 'start');
    await enter(page, key().slice(2));
    await page.waitForSelector('.wrong:not([hidden])');
    await inspectState(page, 'start-malformed');
    hold((seen) => asks(seen, 'inclusionProof'));
    await enter(page, key());
    await page.waitForSelector('.outline');
    await inspectState(page, 'looking-up');
    proxy().rule = (seen, response) => asks(seen, 'inclusionProof') && !!response.destroy();
    await go(page, `#key=${key()}`);
    await page.waitForSelector('.failure');
    await inspectState(page, 'failure-offline');
    proxy().rule = undefined;
    await go(page, `#key=${'ab'.repeat(32)}`);
    await page.waitForSelector('[data-missing]');
    await inspectState(page, 'missing');
  });

  test('a result, in each of its verdicts', async () => {
    const { page } = await visit('', PHONE);
    await enter(page, key());
    await page.waitForSelector('[data-headline=open]');
    await inspectState(page, 'result-open');
    for (const summary of await page.$$('details.show > summary')) await summary.click();
    await page.click('.question button:has-text("No")');
    // A server's word has no numbers behind it: no empty box stands for them.
    expect(await page.$$('.facts:empty')).toEqual([]);
    await inspectState(page, 'result-everything-shown');
    await page.click('text=Let the server verify');
    await page.waitForSelector('[data-step=everybody][data-state=server]');
    await inspectState(page, 'result-server');
    // As of an exchange that has published no reserves: what the sample only claims would keep the headline open.
    proxy().rule = ({ body }, response) =>
      body.includes('query Solvency') &&
      !!response.setHeader('content-type', 'application/json').end('{"data":{"solvency":null}}');
    await page.reload();
    await enter(page, key());
    await page.click('text=Verify everything here too');
    await page.waitForSelector('[data-headline=checked]');
    await inspectState(page, 'result-checked');
    await page.click('text=All my snapshots');
    await page.waitForSelector('text=You are not in it');
    await inspectState(page, 'mine');
    proxy().rule = async ({ path }, response) =>
      path.endsWith('global-proof.ndjson') && !!response.end(exchangedSums(await globalProof()));
    // In another browser: this one has kept the honest file.
    const { page: other } = await visit('', PHONE);
    await enter(other, key());
    await other.click('text=Verify everything here too');
    await other.waitForSelector('[data-step=everybody][data-state=false]');
    await inspectState(other, 'false-everybody');
  });

  test('files: each step that does not hold, and what is none of ours', async () => {
    const proof = JSON.parse(await proofOf(key())) as Record<string, unknown> & { signature: string };
    const own = JSON.parse(manifest()) as Record<string, unknown> & { signature: string };
    const lie = falseTotals(manifest(), services().signing);
    const signature = own.signature.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const forged: [string, object, string, string][] = [
      ['row', {}, manifest(), services().keys[1]!],
      ['amounts', { values: ['1', '2'] }, manifest(), key()],
      ['batch', { salt: `0x${'00'.repeat(32)}` }, manifest(), key()],
      ['totals', { manifest: lie.digest }, lie.manifest, key()],
      ['signature', {}, canonicalJson({ ...own, signature }), key()],
    ];
    const { page } = await visit('', PHONE);
    for (const [step, change, text, typed] of forged) {
      await go(page, '#/');
      await page.setInputFiles('input[type=file]', [
        asFile('proof.json', canonicalJson({ ...proof, ...change })),
        asFile('manifest.json', text),
      ]);
      await page.waitForSelector('[data-headline]');
      if (step === 'row') await inspectState(page, 'file-without-key');
      await enter(page, typed);
      await page.waitForSelector(`[data-step=${step}][data-state=false]`);
      await inspectState(page, `false-${step}`);
    }
    for (const [state, name, content] of [
      ['file-unknown', 'holiday.jpg', 'x'],
      ['file-needs-manifest', 'proof.json', canonicalJson({ ...proof, manifest: `0x${'11'.repeat(32)}` })],
      ['file-cut-off', 'proof.json', canonicalJson(proof).slice(0, 900)],
    ] as const) {
      await page.reload();
      await go(page, '#/');
      await page.setInputFiles('input[type=file]', [asFile(name, content)]);
      await page.waitForSelector('.failure');
      await inspectState(page, state);
    }
  });

  test('the whole exchange', async () => {
    hold((seen) => asks(seen, 'manifests'));
    const { page } = await visit('#/audit', PHONE);
    await page.waitForSelector('.outline');
    await inspectState(page, 'audit-loading');
    proxy().rule = undefined;
    await page.reload();
    await page.waitForSelector('.snapshots');
    await inspectState(page, 'audit');
    proxy().rule = ({ path }, response) =>
      path.endsWith('global-proof.ndjson') && response.writeHead(200).write(`${manifest()}\n`);
    await page.click('.snapshot-head a');
    await page.waitForSelector('.totals-chart');
    await inspectState(page, 'snapshot');
    await page.click('text=Verify everything in this browser');
    await page.waitForSelector('progress');
    await inspectState(page, 'snapshot-verifying');
    await page.click('text=Cancel');
    await page.waitForSelector('text=Cancelled.');
    await inspectState(page, 'snapshot-cancelled');
    proxy().rule = undefined;
    await page.click('text=Verify everything in this browser');
    await page.waitForSelector('[data-verdict=holds]');
    // Figures of the chart are reached by keyboard, and said.
    await page.focus('.bars li');
    expect(await page.getAttribute('.bars li:focus', 'aria-label')).toMatch(/^USD, Owed: [\d,.]+$/);
    await inspectState(page, 'snapshot-verified');
    await page.setInputFiles('input[type=file]', [
      asFile('global.ndjson', exchangedSums(await globalProof())),
    ]);
    await page.waitForSelector('[data-verdict=false]');
    await inspectState(page, 'snapshot-false');
    await go(page, '#/audit/no-such-snapshot');
    await page.waitForSelector('.failure');
    await inspectState(page, 'snapshot-unknown');
    await page.click('main button:has-text("See all snapshots")');
    // Two of one day are told apart by their names.
    await page.waitForSelector('.snapshot-total:has-text("demo-200 ·")');
    await go(page, '#/about');
    await page.waitForSelector('text=A page cannot vouch');
    await inspectState(page, 'about');
  });

  test('a snapshot that is being proved', async () => {
    const { page } = await visit('#/follow', PHONE);
    const progress = { snapshotId: 'nov-2026', batches: 33, batchesProved: 12, proofs: 3, failure: null };
    await page.routeWebSocket(/graphql$/, (socket) => {
      socket.onMessage((text) => {
        const { type, id } = JSON.parse(String(text)) as { type: string; id?: string };
        if (type === 'connection_init') return socket.send('{"type":"connection_ack"}');
        const snapshotProgress = { ...progress, state: 'PROVING' };
        socket.send(JSON.stringify({ id, type: 'next', payload: { data: { snapshotProgress } } }));
      });
    });
    await go(page, '#/follow/nov-2026');
    await page.fill('[name=operator-key]', UNKNOWN_KEY);
    await page.click('.follow-key button[type=submit]');
    await page.waitForSelector('[data-progress=PROVING]');
    expect(await page.textContent('.stage-now')).toContain('12 of 33 batches proved');
    await inspectState(page, 'follow-proving');
  });
}
