import type { VerifyingKey } from '@solvent-por/claims';
import { SolventError } from '@solvent-por/kzg';
import { testHeader } from '@solvent-por/dev/proofs';
import { parseSource, SnapshotRequests } from './request-snapshot';

const { operator } = testHeader('spot');
const CONFIG = {
  mode: 'spot',
  snapshot: 'october',
  takenAt: '2026-10-31T00:00:00Z',
  operator,
  assets: [{ symbol: 'BTC', scale: 8 }],
};

function harness(
  options: {
    operator?: string;
    fails?: Error;
    created?: boolean;
    key?: { kind: 'ceremony' | 'development'; values?: number } | null;
    claimDevelopment?: boolean;
  } = {},
) {
  const { key = { kind: 'ceremony' }, claimDevelopment = false } = options;
  const development: string[] = [];
  const asked: Record<string, unknown>[] = [];
  const published: unknown[] = [];
  const lost: unknown[] = [];
  const requests = new SnapshotRequests<{ id: string; attempt: number }>({
    operator: options.operator,
    now: () => new Date('2026-11-01T12:00:00Z'),
    request: async (wanted) => {
      asked.push({ ...wanted });
      return { snapshot: { id: 'october', attempt: 3 }, created: options.created ?? true };
    },
    claimKey: async () =>
      key
        ? { document: { values: key.values ?? 1, setUp: { kind: key.kind } } as VerifyingKey['document'] }
        : undefined,
    claimDevelopment,
    onDevelopmentKey: (...said) => development.push(said.join(' ')),
    publish: async ({ topic }, message) => {
      if (options.fails) throw options.fails;
      published.push([topic, message]);
    },
    onNotPublished: (run, error) => lost.push([run, error]),
  });
  const request = (config: unknown, source = 'october/accounts') =>
    requests.request({ config, source, requestedBy: 'key' });
  return { request, asked, published, lost, development };
}

test('checked, stored without where keys are, and told to ingest', async () => {
  const { request, asked, published } = harness();
  const config = {
    ...CONFIG,
    $schema: 'x',
    keys: { file: 'keys.json' },
    previous: 'september/manifest.json',
  };
  expect(await request(config)).toEqual({ snapshot: { id: 'october', attempt: 3 }, created: true });
  expect(asked).toEqual([
    {
      config: {
        ...CONFIG,
        assets: [{ symbol: 'BTC', scale: 8, limbs: 6 }],
        accountIds: 'hashed',
        ignoreColumns: [],
        ignoreFiles: [],
      },
      header: expect.objectContaining({ protocol: 'solvent/v1', snapshot: 'october' }) as object,
      source: 'october/accounts',
      requestedBy: 'key',
    },
  ]);
  expect(published).toEqual([['solvent.snapshots.requested.v1', { snapshotId: 'october', attempt: 3 }]]);
});

test('the text of a file will do; what repeats a member will not', async () => {
  const { request, asked } = harness();
  await request(JSON.stringify(CONFIG));
  expect(asked).toHaveLength(1);
  const repeated = JSON.stringify(CONFIG).replace('{', '{"snapshot":"other",');
  for (const text of [repeated, 'no JSON', ''])
    await expect(request(text)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test('keys of claims come by digest, for a file is on the machine of who asks', async () => {
  const { request, asked } = harness();
  const keys = [`0x${'ab'.repeat(32)}`];
  await request({ ...CONFIG, claims: { keys } });
  expect(asked).toEqual([
    expect.objectContaining({ config: expect.objectContaining({ claims: { keys } }) as object }),
  ]);
  await expect(request({ ...CONFIG, claims: { keys: ['claim-key.json'] } })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('claims.keys[0]: must be the SHA-256 digest') as string,
  });
});

test('what stands under the digest of a claims’ key is looked at before anything is proved', async () => {
  const config = { ...CONFIG, claims: { keys: [`0x${'ab'.repeat(32)}`], allowDevelopment: true } };
  for (const [options, code] of [
    [{ key: null }, 'CLAIM_KEY_NOT_SERVED'],
    [{ key: { kind: 'development' } }, 'CLAIM_KEY_DEVELOPMENT'],
    [{ key: { kind: 'ceremony', values: 2 } }, 'CLAIM_KEY_OTHER_LAYOUT'],
  ] as const) {
    const { request, asked } = harness(options);
    await expect(request(config)).rejects.toMatchObject({ code, kind: 'usage' });
    expect(asked).toEqual([]);
  }
  const { request, asked, development } = harness({ key: { kind: 'development' }, claimDevelopment: true });
  await request(config);
  expect(asked).toHaveLength(1);
  expect(development).toEqual([`october 0x${'ab'.repeat(32)}`]);
});

test('asked again, ingest is told again', async () => {
  const { request, published } = harness({ created: false });
  expect(await request(CONFIG)).toMatchObject({ created: false });
  expect(published).toHaveLength(1);
});

test('a bus that fails loses nothing', async () => {
  const fails = new Error('no broker');
  const { request, lost } = harness({ fails });
  expect(await request(CONFIG)).toMatchObject({ created: true });
  expect(lost).toEqual([[{ snapshotId: 'october', attempt: 3 }, fails]]);
});

test('a takenAt of 2062 instead of 2026 is refused, whatever is asked for', async () => {
  const { request, asked } = harness();
  for (const takenAt of ['2062-10-31T00:00:00Z', '2026-11-02T12:00:01Z'])
    for (const allowFutureDate of [undefined, true])
      await expect(
        request({ ...CONFIG, takenAt, ...(allowFutureDate && { allowFutureDate }) }),
      ).rejects.toMatchObject({
        code: 'TAKEN_IN_FUTURE',
        message: expect.stringMatching(/Correct takenAt, or the clock$/) as string,
      });
  expect(asked).toEqual([]);
  await request({ ...CONFIG, takenAt: '2026-11-02T12:00:00Z' });
  expect(asked).toHaveLength(1);
});

test('only the operator of these services', async () => {
  expect(await harness({ operator }).request(CONFIG)).toMatchObject({ created: true });
  const other = harness({ operator: `0x${'11'.repeat(32)}` });
  await expect(other.request(CONFIG)).rejects.toMatchObject({ code: 'OPERATOR_UNEXPECTED' });
  expect(other.asked).toEqual([]);
});

test.each([
  null,
  5,
  [],
  {},
  { ...CONFIG, mode: 'other' },
  { ...CONFIG, operator: `0x${'00'.repeat(31)}02` },
  { ...CONFIG, extra: 1 },
])('refused: %j', async (config) => {
  const { request, asked } = harness();
  await expect(request(config)).rejects.toBeInstanceOf(SolventError);
  expect(asked).toEqual([]);
});

test.each([
  '',
  '/etc',
  '../x',
  'a/../b',
  'a/./b',
  'a//b',
  '.',
  '..',
  'a\\b',
  'a\u0000b',
  'a\nb',
  'a\u202eb',
  'a\u0085b',
  'a\ud83db',
  'x'.repeat(513),
  '/',
])('not a source: %j', (source) => {
  expect(() => parseSource(source)).toThrow(expect.objectContaining({ code: 'SOURCE_MALFORMED' }) as Error);
});

test.each(['october', 'october/accounts', 'a/b/', 'balances.ndjson.gz', '...x', 'Kontostände 2026'])(
  'a source: %j',
  (source) => {
    expect(parseSource(source)).toBe(source);
  },
);
