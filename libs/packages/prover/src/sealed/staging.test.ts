import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryBytes, parseManifest } from '@solvent-por/verifier';
import { loadVectors, testKey } from '@solvent-por/dev/proofs';
import { packEntries } from './seal-entry';
import { Staging } from './staging';

/** Entries of three batches, sorted into shards in any number of passes. */
const { document } = loadVectors('manifest').find(({ kind, name }) => kind === 'correct' && name !== '')!
  .input as { document: string };
const manifest = parseManifest(new TextEncoder().encode(document));
const published = manifest.totals.length;
const each = entryBytes(published);
const root = mkdtempSync(join(tmpdir(), 'solvent-staging-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const COUNTS = [40, 0, 25];
const accounts = COUNTS.map((count, batch) =>
  Array.from({ length: count }, (_, row) => {
    const random = testKey(`${batch} ${row}`);
    const entry = new Uint8Array(each).fill(batch);
    entry.set(random.subarray(0, 16));
    return { prefix: (random[20]! << 8) | random[21]!, entry };
  }),
);
const folder = join(root, 'staging');
const staging = new Staging(folder, manifest);

beforeAll(async () => {
  await staging.begin();
  for (const [batch, list] of accounts.entries()) {
    const prefixes = Uint16Array.from(list.map(({ prefix }) => prefix));
    await staging.put(
      batch,
      packEntries(
        list.map(({ entry }) => entry),
        prefixes,
        published,
      ),
    );
  }
});

test.each([0, 1, 3, 8])('%i bits: every entry in its shard, by tag, whatever the memory', async (bits) => {
  for (const budget of [1 << 30, 20 * each, 1]) {
    const shards: Uint8Array[][] = [];
    for await (const entries of staging.shards(COUNTS, bits, budget)) shards.push(entries);
    const expected = Array.from({ length: 2 ** bits }, (_, shard) =>
      accounts
        .flat()
        .filter(({ prefix }) => Math.floor(prefix / 2 ** (16 - bits)) === shard)
        .map(({ entry }) => Buffer.from(entry))
        .sort(Buffer.compare),
    );
    expect(shards.map((list) => list.map((entry) => Buffer.from(entry)))).toEqual(expected);
  }
});

test('a run that goes on believes whole batches of its own manifest only', async () => {
  await staging.begin();
  expect(await staging.has(0, 40)).toBe(true);
  expect(await staging.has(0, 41)).toBe(false);
  expect(await staging.has(3, 0)).toBe(false);
  const file = join(folder, 'batch-00002.bin');
  const bytes = readFileSync(file);
  for (const damage of [
    () => truncateSync(file, statSync(file).size - 1),
    () =>
      writeFileSync(
        file,
        bytes.map((byte, i) => (i === 100 ? byte ^ 1 : byte)),
      ),
    () => writeFileSync(file, readFileSync(join(folder, 'batch-00001.bin'))),
  ]) {
    damage();
    expect(await staging.has(2, 25)).toBe(false);
    writeFileSync(file, bytes);
    expect(await staging.has(2, 25)).toBe(true);
  }
  const other = new Staging(folder, { ...manifest, root: manifest.columns });
  await expect(other.begin()).rejects.toMatchObject({ code: 'RESUME_MISMATCH', kind: 'usage' });
});
