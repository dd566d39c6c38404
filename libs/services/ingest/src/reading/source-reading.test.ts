import { appendFileSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hexBytes } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, claimAccess, claimMark, headerDigest, shardPrefix } from '@solvent-por/verifier';
import type { SnapshotConfigInput } from '@solvent-por/snapshot';
import {
  AGGREGATE,
  batchesOf,
  Folders,
  keyOf,
  gzipped,
  idsIn,
  idsOf,
  records,
  taskOf,
  valuesOf,
} from '../../testing/balance-files';
import type { BalanceSource, CompressedJob, CuttingPlan } from './balance-source';
import { SourceReading } from './source-reading';

const folders = new Folders();
afterAll(() => folders.remove());

const COUNT = 2 * ACCOUNT_ROWS + 100;

async function planOf(source: BalanceSource, batchesPerProof: number): Promise<CuttingPlan> {
  const { accounts, sourceDigest } = await source.check();
  return { sourceDigest, batchesPerProof, batchCount: Math.ceil(accounts / ACCOUNT_ROWS) };
}

async function cut(source: BalanceSource, plan: CuttingPlan, skip: number[] = []): Promise<CompressedJob[]> {
  const jobs: CompressedJob[] = [];
  for await (const job of source.jobs(plan, new Set(skip))) jobs.push(job);
  return jobs;
}

test.each([
  ['OKX JSON', { 'a.json': records('okx', COUNT) }],
  ['NDJSON', { 'a.ndjson': records('ndjson', COUNT) }],
  ['CSV', { 'a.csv': records('csv', COUNT) }],
  ['gzipped JSON', { 'a.json.gz': gzipped(records('okx', COUNT)) }],
  [
    'all of them',
    {
      'a.json': records('okx', 3000),
      'b.ndjson': records('ndjson', 3000, 3000),
      'c.csv.gz': gzipped(records('csv', COUNT - 6000, 6000)),
    },
  ],
])('%s: every account stands once, with its amounts, in jobs of k batches', async (_, files) => {
  const task = taskOf(folders.of(files));
  const source = new SourceReading(task);
  const jobs = await cut(source, await planOf(source, 2));
  expect(jobs.map(({ first, batches, accounts }) => ({ first, batches, accounts }))).toEqual([
    { first: 0, batches: 2, accounts: 2 * ACCOUNT_ROWS },
    { first: 2, batches: 1, accounts: 100 },
  ]);
  const values = new Map(jobs.flatMap((job) => [...valuesOf(job, task.header)]));
  expect(values.size).toBe(COUNT);
  // Debt 1 and net n + 1 − 1.
  const shown = [0, 1, 4079, 4080, COUNT - 1];
  const ids = idsIn(task.header, shown);
  expect(ids.map((id) => values.get(id))).toEqual(shown.map((n) => [1n, BigInt(n)]));
});

test('it is cut the same way again, whatever is skipped', async () => {
  const task = taskOf(folders.of({ 'a.ndjson': records('ndjson', COUNT) }));
  const source = new SourceReading(task);
  const plan = await planOf(source, 1);
  const whole = await cut(source, plan);
  expect(whole.map(({ first }) => first)).toEqual([0, 1, 2]);
  const rest = await cut(new SourceReading(task), plan, [1]);
  expect(rest.map(({ first }) => first)).toEqual([0, 2]);
  expect(rest.map((job) => idsOf(job, task.header))).toEqual(
    [whole[0]!, whole[2]!].map((job) => idsOf(job, task.header)),
  );
});

test('of account keys a job holds their shard prefixes alone, and not even these where identifiers can be guessed', async () => {
  const input = folders.of({ 'a.ndjson': records('ndjson', 10) });
  const prefixesOf = async (config: SnapshotConfigInput) => {
    const source = new SourceReading(taskOf(input, config));
    const [job] = await cut(source, await planOf(source, 1));
    return batchesOf(job!, taskOf(input, config).header)[0]!.shardPrefixes;
  };
  const { header } = taskOf(input);
  const expected = Array.from({ length: 10 }, (_, n) =>
    shardPrefix(hexBytes(header.operator, 32), hexBytes(`0x${keyOf(n)}`, 32)),
  );
  expect([...(await prefixesOf(AGGREGATE))!].sort()).toEqual(expected.sort());
  expect(await prefixesOf({ ...AGGREGATE, accountIds: 'plain', acceptWeakIds: true })).toBeUndefined();
});

test('where claims are asked for a job holds what claim files are handed out by, and elsewhere nothing of it', async () => {
  const input = folders.of({ 'a.ndjson': records('ndjson', 10) });
  const marksOf = async (config: SnapshotConfigInput) => {
    const task = taskOf(input, config);
    const source = new SourceReading(task);
    const [job] = await cut(source, await planOf(source, 1));
    return batchesOf(job!, task.header)[0]!;
  };
  expect((await marksOf(AGGREGATE)).claimMarks).toBeUndefined();
  const { ids, claimMarks } = await marksOf({ ...AGGREGATE, claims: { keys: [`0x${'ab'.repeat(32)}`] } });
  const { header } = taskOf(input);
  const digest = headerDigest(header);
  const rowOf = new Map(
    idsIn(
      header,
      Array.from({ length: 10 }, (_, n) => n),
    ).map((id, n) => [id, n]),
  );
  for (let row = 0; row < 10; row++) {
    const n = rowOf.get(Buffer.from(ids.subarray(32 * row, 32 * (row + 1))).toString('hex'))!;
    const mark = claimMark(claimAccess(digest, hexBytes(`0x${keyOf(n)}`, 32)));
    expect(claimMarks!.subarray(32 * row, 32 * (row + 1))).toEqual(mark);
  }
});

test('progress names the pass', async () => {
  const text = records('ndjson', 10);
  const seen: unknown[] = [];
  const source = new SourceReading(taskOf(folders.of({ 'a.ndjson': text })), (pass, { bytes, accounts }) =>
    seen.push([pass, bytes, accounts]),
  );
  await cut(source, await planOf(source, 1));
  expect(seen).toContainEqual(['check', text.length, 10]);
  expect(seen).toContainEqual(['cut', text.length, 10]);
});

/** What is done to the folder between the passes, and what the second pass says. */
const CHANGES: ReadonlyArray<readonly [string, (folder: string) => void, Record<string, unknown>]> = [
  ['a row more', (folder) => appendFileSync(join(folder, 'a.ndjson'), records('ndjson', 1, COUNT)), {}],
  [
    'a file more, beyond the last batch',
    (folder) => writeFileSync(join(folder, 'b.ndjson'), records('ndjson', ACCOUNT_ROWS, COUNT)),
    {},
  ],
  ['fewer rows', (folder) => writeFileSync(join(folder, 'a.ndjson'), records('ndjson', 5000)), {}],
  [
    'another amount',
    (folder) =>
      writeFileSync(join(folder, 'a.ndjson'), records('ndjson', COUNT).replace('"USDT":"77"', '"USDT":"78"')),
    {},
  ],
  [
    'a row that is refused now',
    (folder) =>
      writeFileSync(
        join(folder, 'a.ndjson'),
        records('ndjson', COUNT).replace('"USDT":"77"', '"USDT":"0.7"'),
      ),
    { details: { found: 'ROW_AMOUNT_MALFORMED', file: 'a.ndjson', row: 77 } },
  ],
  [
    'a file cut off',
    (folder) => writeFileSync(join(folder, 'a.ndjson'), records('ndjson', COUNT).slice(0, -20)),
    { details: { found: 'INPUT_TRUNCATED', file: 'a.ndjson', row: COUNT } },
  ],
  ['a file gone', (folder) => rmSync(join(folder, 'a.ndjson')), { details: { found: 'INPUT_EMPTY' } }],
];

test.each(CHANGES)('%s between the passes is INPUT_CHANGED', async (_, change, more) => {
  const folder = folders.of({ 'a.ndjson': records('ndjson', COUNT) });
  const source = new SourceReading(taskOf(folder, AGGREGATE));
  const plan = await planOf(source, 1);
  change(folder);
  await expect(cut(source, plan)).rejects.toMatchObject({ code: 'INPUT_CHANGED', kind: 'invalid', ...more });
});

test('a change while it is cut is found before the last job', async () => {
  const folder = folders.of({
    'a.ndjson': records('ndjson', 65_536),
    'b.ndjson': records('ndjson', 5_000, 65_536),
  });
  const source = new SourceReading(taskOf(folder));
  const plan = await planOf(source, 1);
  const firsts: number[] = [];
  const cutting = (async () => {
    for await (const { first } of source.jobs(plan, new Set())) {
      firsts.push(first);
      // The first window is placed while the second file is not open yet.
      if (firsts.length === 1)
        writeFileSync(
          join(folder, 'b.ndjson'),
          records('ndjson', 5_000, 65_536).replace('"BTC":"-1"', '"BTC":"-2"'),
        );
    }
  })();
  await expect(cutting).rejects.toMatchObject({ code: 'INPUT_CHANGED' });
  expect(firsts.length).toBeGreaterThan(0);
  expect(firsts).not.toContain(plan.batchCount - 1);
});
