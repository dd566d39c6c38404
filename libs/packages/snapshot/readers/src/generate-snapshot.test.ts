import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountId, headerDigest, type Header } from '@solvent-por/verifier';
import { headerOf } from '@solvent-por/snapshot';
import { accountsOf, batchesOf, folderOf, refusal, removeFolders } from '../testing/input';
import {
  checkSnapshot,
  generateSnapshot,
  loadConfig,
  loadKeys,
  readBatches,
  type GenerateOptions,
} from './index';

afterAll(removeFolders);

async function generated(options: Omit<GenerateOptions, 'directory'>) {
  const result = await generateSnapshot({ ...options, directory: join(folderOf({}), 'out') });
  const { config, directory } = await loadConfig(result.configFile);
  const source = { input: result.accountsDirectory, config, header: headerOf(config) };
  return { ...result, config, directory, source, digest: digestOf(directory) };
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of (readdirSync(folder, { recursive: true }) as string[]).sort())
    if (/\.(json|ndjson|csv)$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

test.each([
  { mode: 'aggregate', format: 'okx', assets: 20, files: 1 },
  { mode: 'aggregate', format: 'csv', assets: 3, files: 3 },
  { mode: 'spot', format: 'csv', assets: 30, files: 2 },
  { mode: 'margin', format: 'ndjson', assets: 20, files: 7, gzip: true },
  { mode: 'margin', format: 'okx', assets: 1, files: 1 },
  { mode: 'margin', format: 'csv', assets: 512, files: 1 },
  { mode: 'margin', format: 'okx', assets: 5, files: 1, tiers: 10 },
  { mode: 'margin', format: 'csv', assets: 4, files: 2, tiers: 5, pools: 4 },
  { mode: 'margin', format: 'ndjson', assets: 3, files: 1, pools: 8 },
] as const)('generated data is accepted as it lies there: %j', async (options) => {
  const { config, directory, source, operator, files } = await generated({ ...options, accounts: 500, debtShare: options.mode === 'spot' ? 0 : 0.5 }); // prettier-ignore
  const checked = await checkSnapshot(source);
  expect(checked).toMatchObject({ accounts: 500, files: options.files });
  expect(checked.totals.reduce((a, b) => a + b)).toBeGreaterThan(0n);
  expect(files).toHaveLength(options.files);
  expect((await loadKeys(config, directory)).operator).toBe(operator);
});

test('debts are made, and cover is too', async () => {
  const { source } = await generated({ accounts: 300, mode: 'margin', debtShare: 0.5 });
  const { totals } = await checkSnapshot(source);
  expect(totals.slice(20).filter((debt) => debt > 0n).length).toBeGreaterThan(5);
});

test('repeatable by seed, keys included; another seed is another snapshot', async () => {
  const options = { accounts: 50, assets: 4, mode: 'margin', files: 2 } as const;
  const [a, b, c] = [
    await generated(options),
    await generated(options),
    await generated({ ...options, seed: 2 }),
  ];
  expect(a.digest).toBe(b.digest);
  expect(a.digest).not.toBe(c.digest);
  expect(a.operator).not.toBe(c.operator);
});

test.each([undefined, 3])('the same accounts in every format, pools: %s', async (pools) => {
  const read = async (format: 'okx' | 'ndjson' | 'csv') => {
    const { source } = await generated({
      accounts: 60,
      mode: 'margin',
      format,
      debtShare: 0.5,
      tiers: 3,
      pools,
    });
    return accountsOf(await batchesOf(source.input, source.config));
  };
  expect(await read('ndjson')).toEqual(await read('okx'));
  expect(await read('csv')).toEqual(await read('okx'));
});

test('refuses folders that hold something, and options out of range', async () => {
  const directory = folderOf({ x: '' });
  expect(await refusal(generateSnapshot({ directory, accounts: 1 }))).toMatchObject({
    code: 'OUTPUT_NOT_EMPTY',
  });
  const bad: Partial<GenerateOptions>[] = [
    { accounts: 0 }, { accounts: 1.5 }, { assets: 0 }, { assets: 513, mode: 'margin' }, { files: 0 }, { files: 11 }, { nonZeroShare: 1.1 },
    { debtShare: NaN }, { mode: 'spot', debtShare: 0.1 }, { tiers: 3 }, { mode: 'spot', pools: 2 },
    { mode: 'margin', tiers: 0 }, { mode: 'margin', tiers: 33 }, { mode: 'margin', pools: 1 }, { mode: 'margin', pools: 9 },
  ]; // prettier-ignore
  for (const options of bad)
    expect(await refusal(generateSnapshot({ directory: join(directory, 'y'), accounts: 10, ...options }))).toMatchObject({ code: 'GENERATOR_OPTION', kind: 'usage' }); // prettier-ignore
});

/** The id of an account key in hex, in hex. */
function idIn(header: Header, written: string): string {
  return Buffer.from(accountId(headerDigest(header), Buffer.from(written, 'hex'))).toString('hex');
}

describe('batches', () => {
  const collect = async (source: Parameters<typeof readBatches>[0]) => {
    const ids: string[] = [];
    const counts: number[] = [];
    for await (const batch of readBatches(source)) {
      counts.push(batch.count);
      for (let i = 0; i < batch.count; i++) ids.push(Buffer.from(batch.ids.subarray(32 * i, 32 * i + 32)).toString('hex'));
    }
    return { ids, counts };
  }; // prettier-ignore
  const key = (byte: number) => new Uint8Array(32).fill(byte);

  test('hold 4,080 accounts but the last, windows straddling them, each account once, in keyed order', async () => {
    const { source } = await generated({ accounts: 70_000, assets: 2, format: 'ndjson' });
    const input = readFileSync(join(source.input, 'accounts-0001.ndjson'), 'utf8')
      .match(/[0-9a-f]{64}/g)!
      .map((written) => idIn(source.header, written));
    const { ids, counts } = await collect({ ...source, placementKey: key(1) });
    expect(counts).toEqual([...Array.from({ length: 17 }, () => 4080), 70_000 - 17 * 4080]);
    expect(ids.slice(0, 65_536).sort()).toEqual(input.slice(0, 65_536).sort());
    expect(ids.slice(65_536)).not.toEqual(input.slice(65_536));
    expect(ids.slice(65_536).sort()).toEqual(input.slice(65_536).sort());
  });

  test('the order depends on key and header, not on the order within the window', async () => {
    const { source } = await generated({ accounts: 200, assets: 2, format: 'ndjson' });
    const first = await collect({ ...source, placementKey: key(1) });
    const reversed = folderOf({
      'a.ndjson': readFileSync(join(source.input, 'accounts-0001.ndjson'), 'utf8').trim().split('\n').reverse().join('\n').concat('\n'),
    }); // prettier-ignore
    expect(await collect({ ...source, placementKey: key(1) })).toEqual(first);
    expect(await collect({ ...source, input: reversed, placementKey: key(1) })).toEqual(first);
    expect(await collect({ ...source, placementKey: key(2) })).not.toEqual(first);
    const header = { ...source.header, snapshot: 'other' };
    expect(await collect({ ...source, header, placementKey: key(1) })).not.toEqual(first);
  });

  test('exactly full batches are followed by no empty one; a change after the check is noticed before the last', async () => {
    const { source, files } = await generated({ accounts: 8160, assets: 1, format: 'ndjson' });
    const { sourceDigest, bytes } = await checkSnapshot(source);
    const options = { ...source, placementKey: key(1), sourceDigest };
    expect((await collect(options)).counts).toEqual([4080, 4080]);
    const summaries: unknown[] = [];
    await collect({ ...options, onRead: (summary) => summaries.push(summary) });
    expect(summaries).toMatchObject([
      { accounts: 8160, bytes, files: 1, sourceDigest, notRead: [], notes: [] },
    ]);
    // One digit of one id: the same size, the same number of accounts.
    const text = readFileSync(files[0]!, 'utf8');
    writeFileSync(
      files[0]!,
      text.replace(/"id":"(.)/, (_, digit) => `"id":"${digit === '0' ? '1' : '0'}`),
    );
    const seen: number[] = [];
    const reading = async () => {
      for await (const batch of readBatches(options)) seen.push(batch.count);
    };
    expect(await refusal(reading())).toMatchObject({ code: 'INPUT_CHANGED', kind: 'invalid' });
    expect(seen).toEqual([4080]);
    const changed = (await checkSnapshot(source)).sourceDigest;
    renameSync(files[0]!, files[0]!.replace('0001', '0002'));
    expect((await checkSnapshot(source)).sourceDigest).not.toBe(changed);
  });
});

test('progress ends at the total', async () => {
  const { source } = await generated({ accounts: 100, files: 2, gzip: true });
  const seen: { bytes: number; totalBytes: number; accounts: number }[] = [];
  const { bytes } = await checkSnapshot({ ...source, onProgress: (progress) => seen.push(progress) });
  expect(seen.at(-1)).toEqual({ bytes, totalBytes: bytes, accounts: 100 });
});
