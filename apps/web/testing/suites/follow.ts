import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { asFile } from '../browser';
import { inspectState } from '../inspect-state';
import { asks } from '../proxy';
import { UNKNOWN_KEY, type SharedPage } from './shared';

const GOOD = 'december/accounts';
const BAD = 'broken';

/** Puts balances where ingest looks, before it starts: its look at the folder is seldom. */
export function offerBalances(source: string): void {
  const account = (n: number, amount: string) =>
    `${JSON.stringify({ id: n.toString(16).padStart(64, '0'), assets: { BTC: amount } })}\n`;
  mkdirSync(join(source, GOOD), { recursive: true });
  mkdirSync(join(source, BAD));
  writeFileSync(join(source, GOOD, 'a.ndjson'), [1, 2, 3].map((n) => account(n, '5')).join(''));
  writeFileSync(join(source, BAD, 'b.ndjson'), account(1, '5') + account(2, '-5'));
}

/** An operator's screens. */
export function followTests({ visit, proxy, services, manifest }: SharedPage): void {
  const configuration = (snapshot: string, secondsLater: number) => {
    const file = join(services().source, services().snapshot, 'snapshot.json');
    const { keys: _, ...config } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const { header } = JSON.parse(manifest()) as { header: { operator: string; takenAt: string } };
    const takenAt = new Date(Date.parse(header.takenAt) + secondsLater * 1000);
    return JSON.stringify({
      ...{ ...config, snapshot, operator: header.operator },
      takenAt: takenAt.toISOString().replace('.000Z', 'Z'),
    });
  };
  const enterKey = async (page: Page, key: string) => {
    await page.fill('[name=operator-key]', key);
    await page.click('.follow-key button[type=submit]');
  };
  const ask = async (page: Page, source: string, config: string) => {
    await page.waitForSelector('.request');
    expect(await page.textContent('.sources')).not.toContain('reserve-addresses');
    await page.check(`.source:has-text("${source}") input`);
    await page.setInputFiles('input[type=file]', [asFile('snapshot.json', config)]);
    await page.waitForSelector('.request-config .facts');
    await page.click('.request button[type=submit]');
  };

  test('a key that is none of an operator is told so, and what is no key is not sent', async () => {
    proxy().seen.length = 0;
    const { page } = await visit('#/follow');
    await page.waitForSelector('[name=operator-key]');
    await inspectState(page, 'follow-key');
    // The second is a key that was cut: the page sent it, for it had a looser form of its own.
    for (const none of ['my key', UNKNOWN_KEY.slice(0, -1)]) {
      await enterKey(page, none);
      await page.waitForSelector('.follow-key .wrong:not(:empty)');
    }
    expect(proxy().seen.filter((one) => asks(one, 'sources'))).toEqual([]);
    await enterKey(page, UNKNOWN_KEY);
    await page.waitForSelector('.failure:has-text("may not do that")');
    await inspectState(page, 'follow-forbidden');
  });

  test('a request fails with its reason, its code, file and record; mended, the next is proved and published before their eyes', async () => {
    proxy().seen.length = 0;
    const { page, said, context, asked } = await visit('#/about');
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await page.click('text=For the operator');
    await enterKey(page, services().apiKey);
    await page.waitForSelector('.request');
    const offered = await page.$$eval('.source .break', (all) => all.map(({ textContent }) => textContent));
    expect(offered).toEqual(
      expect.arrayContaining([GOOD, BAD, 'demo-200/accounts', `${services().snapshot}/accounts`]),
    );
    await inspectState(page, 'follow-requests');

    await page.click('.request button[type=submit]');
    await page.waitForSelector('.request .wrong:has-text("Choose balances")');
    await ask(page, BAD, configuration('broken', 1));
    await page.waitForSelector('[data-failed=ROW_NET_NEGATIVE]');
    const failed = await page.textContent('.follow-failed');
    expect(failed).toMatch(/Reason.*b\.ndjson.*row 2.*CodeROW_NET_NEGATIVE.*Fileb\.ndjson.*Record2/s);
    expect(failed).toContain('Mend what is named');
    expect(await page.textContent('.stage-stopped')).toContain('Balances are read');
    await inspectState(page, 'follow-failed');
    await page.click('button:has-text("Ask again")');

    // What the gateway refuses is said where it was asked.
    await ask(page, GOOD, configuration('demo-200', 1));
    await page.waitForSelector('.request .wrong:has-text("SNAPSHOT_EXISTS")');
    await ask(page, GOOD, configuration('december', 2));
    await page.waitForSelector('[data-live=live]');
    // A connection that is lost is made again, and goes on.
    proxy().cut();
    await page.waitForSelector('[data-progress=PUBLISHED]');
    expect(await page.textContent('.stages')).toContain('1 of 1 batch proved');
    expect(await page.textContent('.follow-done')).toContain('It is published');
    await inspectState(page, 'follow-published');

    await page.check('.follow-sealed input');
    await page.click('text=Ask for the bundle');
    await page.waitForSelector('[data-sealed=SEALED]');
    await page.click('text=Verify it like a stranger');
    await page.click('text=Verify everything in this browser');
    await page.waitForSelector('[data-verdict=holds]');

    // The key: in a header of the API and the first message of the WebSocket, and nowhere else.
    const key = services().apiKey;
    const { origin } = new URL(page.url());
    expect(sockets.length).toBeGreaterThan(1);
    expect(new Set(sockets)).toEqual(new Set([`${origin.replace('http', 'ws')}/graphql`]));
    const withKey = proxy().seen.filter((one) => JSON.stringify(one).includes(key));
    expect(withKey.length).toBeGreaterThan(0);
    for (const { path, body, headers } of withKey) {
      expect([path, body.includes(key)]).toEqual(['/graphql', false]);
      expect((JSON.parse(headers) as Record<string, string>)['authorization']).toBe(`Bearer ${key}`);
    }
    expect(asked.join()).not.toContain(key);
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
    );
    expect(stored).not.toContain(key);
    expect(await context.cookies()).toEqual([]);
    // Chromium says in the console that a WebSocket was cut: nothing else is there.
    expect(said.filter((line) => !/WebSocket/.test(line) || line.includes(key))).toEqual([]);
    await page.goBack();
    await page.waitForSelector('[data-progress=PUBLISHED]');
    await page.reload();
    await page.waitForSelector('[name=operator-key]');
    expect(await page.inputValue('[name=operator-key]')).toBe('');
  });
}
