import type { ServerResponse } from 'node:http';
import { toHex } from '@solvent-por/kzg';
import { operatorKeyOf } from '@solvent-por/prover';
import { canonicalJson } from '@solvent-por/verifier';
import { enter, stepStates } from '../browser';
import { exchangedSums, falseTotals, otherOperator } from '../forgeries';
import { asks, json, type Seen } from '../proxy';
import type { SharedPage } from './shared';

/** A gateway that answers what is false, or nothing, or something else. */
export function lyingServerTests({ visit, proofOf, proxy, services, manifest, key }: SharedPage): void {
  const isManifest = ({ path }: Seen) => path.endsWith(`${services().snapshot}/manifest.json`);
  const globalProof = async () =>
    (await fetch(`${services().url}/snapshots/${services().snapshot}/global-proof.ndjson`)).text();
  /** Look-ups are answered with another document. */
  const withDocument = async (seen: Seen, response: ServerResponse, document: string) => {
    const answer = await (
      await fetch(`${services().url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: seen.body,
      })
    ).json();
    (answer as { data: { inclusionProof: { document: string } } }).data.inclusionProof.document = document;
    return json(response, answer);
  };

  test("it serves somebody else's file: the row is not yours", async () => {
    const other = await proofOf(services().keys[1]!);
    proxy().rule = (seen, response) => asks(seen, 'inclusionProof') && withDocument(seen, response, other);
    const { page } = await visit();
    await enter(page, key());
    expect(await stepStates(page)).toMatchObject({ row: 'false' });
  });

  test('it lies about totals: the signature does not hold', async () => {
    const parsed = JSON.parse(manifest()) as { totals: string[] };
    const lie = canonicalJson({
      ...parsed,
      totals: parsed.totals.map((total) => String(BigInt(total) + 1n)),
    });
    proxy().rule = (seen, response) => isManifest(seen) && !!response.end(lie);
    const { page } = await visit();
    await enter(page, key());
    expect(await stepStates(page)).toMatchObject({ signature: 'false' });
  });

  test('it lies about totals under its own good signature: they are not what the root opens to, for one and for all', async () => {
    const { manifest: lie, digest } = falseTotals(manifest(), services().signing);
    const proof = JSON.parse(await proofOf(key())) as object;
    const forged = canonicalJson({ ...proof, manifest: digest });
    const [, ...lines] = (await globalProof()).split('\n');
    proxy().rule = (seen, response) => {
      if (isManifest(seen)) return !!response.end(lie);
      if (seen.path.endsWith('global-proof.ndjson')) return !!response.end([lie, ...lines].join('\n'));
      return asks(seen, 'inclusionProof') && withDocument(seen, response, forged);
    };
    const { page } = await visit();
    await enter(page, key());
    expect(await stepStates(page)).toMatchObject({ row: 'checked', batch: 'checked', totals: 'false' });
    expect(await page.textContent('h1')).toBe('This proof does not hold. Keep it.');
    expect(await page.textContent('[data-step=totals]')).toContain('not what the root opens to');
    await page.goto(new URL(`#/audit/${services().snapshot}`, page.url()).href);
    await page.click('text=Verify everything in this browser');
    await page.waitForSelector('[data-verdict=false]');
    expect(await page.$('[data-verdict=holds]')).toBeNull();
  });

  test('a whole proof that was changed makes the step of all batches false, beside an account that holds', async () => {
    const changed = exchangedSums(await globalProof());
    proxy().rule = ({ path }, response) => path.endsWith('global-proof.ndjson') && !!response.end(changed);
    const { page } = await visit();
    await enter(page, key());
    await page.click('text=Verify everything here too');
    await page.waitForSelector('[data-step=everybody][data-state=false]');
    expect(await page.textContent('[data-step=everybody]')).toContain('The whole proof does not hold');
    expect(await stepStates(page)).toMatchObject({ row: 'checked', totals: 'checked' });
    expect(await page.getAttribute('[data-headline]', 'data-headline')).toBe('false');
  });

  test('its key is another than on the last visit: that is said loudly, and the new one is not believed later', async () => {
    const seed = new Uint8Array(32).fill(7);
    const foreign = toHex(operatorKeyOf(seed));
    const { manifest: before } = otherOperator(manifest(), seed, foreign);
    const { page, context } = await visit('#/about');
    await page.evaluate(
      ([exchange, text]) => localStorage.setItem(`solvent.seen:${exchange}`, text!),
      [new URL('./', page.url().replace(/#.*/, '')).href, before],
    );
    for (const time of ['first', 'second']) {
      await page.goto(new URL(`#/`, page.url()).href);
      await enter(page, key());
      expect([time, await stepStates(page)]).toMatchObject([time, { signature: 'false', totals: 'checked' }]);
      expect(await page.textContent('h1')).toBe('This proof does not hold. Keep it.');
      const said = await page.textContent('[data-step=signature]');
      expect(said).toContain('The key has changed.');
      expect(said).toContain(foreign.slice(2, 10));
    }
    expect(await context.storageState()).toMatchObject({
      origins: [{ localStorage: [{ name: expect.stringContaining('solvent.seen'), value: before }] }],
    });
  });

  test('it swaps manifests: what came is not what was asked for', async () => {
    const other = await (await fetch(`${services().url}/snapshots/demo-200/manifest.json`)).text();
    proxy().rule = (seen, response) => isManifest(seen) && !!response.end(other);
    const { page } = await visit();
    await page.waitForSelector('.failure');
    expect(await page.textContent('.failure')).toContain('not what was asked for');
  });

  test('it is down, then there again', async () => {
    proxy().rule = (seen, response) => asks(seen, 'latestSnapshot') && !!response.destroy();
    const { page } = await visit();
    await page.waitForSelector('.failure');
    expect(await page.textContent('.failure')).toMatch(/Nobody answers.*says nothing about your proof/s);
    proxy().rule = undefined;
    await page.click('button:has-text("Try again")');
    await page.waitForSelector('.start-facts .fine:not(:has(.outline-line))');
  });

  test('it answers rubbish, or too often', async () => {
    proxy().rule = (seen, response) => asks(seen, 'inclusionProof') && !!response.end('<html>hello');
    const { page } = await visit();
    await enter(page, key());
    await page.waitForSelector('.failure');
    expect(await page.textContent('.failure')).toContain('not what was asked for');
    proxy().rule = (seen, response) =>
      asks(seen, 'inclusionProof') &&
      json(response, { errors: [{ message: 'wait', extensions: { code: 'RATE_LIMITED' } }] }, 429);
    await page.click('button:has-text("Try again")');
    await page.waitForSelector('text=Too many are asking');
  });

  test('it closes the whole proof midway: unread, and never called false', async () => {
    const whole = Buffer.from(
      await (
        await fetch(`${services().url}/snapshots/${services().snapshot}/global-proof.ndjson`)
      ).arrayBuffer(),
    );
    proxy().rule = ({ path }, response) => {
      if (!path.endsWith('global-proof.ndjson')) return false;
      response
        .writeHead(200, { 'content-length': whole.length })
        .write(whole.subarray(0, 3000), () => response.destroy());
      return true;
    };
    const { page } = await visit(`#/audit/${services().snapshot}`);
    await page.click('text=Verify everything in this browser');
    await page.waitForSelector('.failure');
    expect(await page.$('[data-verdict]')).toBeNull();
  });

  test('it is slow to look up: what is waited for is said, and shown when it comes', async () => {
    let goOn: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    proxy().rule = async (seen) => {
      if (asks(seen, 'inclusionProof')) await held;
      return false;
    };
    const { page } = await visit();
    await enter(page, key());
    await page.waitForSelector('[role=status]:has-text("Looking your account up")');
    goOn!();
    await page.waitForSelector('[data-headline]');
  });

  test('it is slow: what runs can be cancelled, and is over', async () => {
    proxy().rule = ({ path }, response) => {
      if (!path.endsWith('global-proof.ndjson')) return false;
      response.writeHead(200).write(`${manifest()}\n`);
      return true;
    };
    const { page } = await visit(`#/audit/${services().snapshot}`);
    await page.click('text=Verify everything in this browser');
    await page.click('text=Cancel');
    await page.waitForSelector('text=Cancelled.');
  });
}
