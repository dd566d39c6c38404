import { createHash } from 'node:crypto';
import type { SolventError } from '@solvent-por/kzg';
import { AuditLog, ReservesReads } from '@solvent-por/services/database';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { provedSnapshot, storeSnapshot, type ProvedSnapshot } from '../../testing/proved-snapshot';
import { publicationOf, ReservesServices } from '../../testing/served-reserves';
import { codesOf, TestGateway } from '../../testing/test-gateway';
import type { BoundPublication } from '../../../../packages/reserves/testing/bound-publication';
import { ReservesFiles } from './published-reserves';

/** Reserves from the operator's request to what strangers see: gateway, ingest, prover, real PostgreSQL. */
const REQUEST = `mutation ($id: String!, $source: String!) { requestReserves(input: { snapshotId: $id, source: $source }) {
  created reserves { snapshot state url operations { attempt source failure { code line } } } } }`;
const SEEN = `query ($id: String!) { reserves(snapshotId: $id) { state digest lines operations { attempt failure { code message line } } } }`;
const LINES = `query ($first: Int!, $after: String, $search: String, $network: String, $asset: String) {
  reserveLines(snapshotId: "october", first: $first, after: $after, search: $search, network: $network, asset: $asset) {
    nodes { line network asset token address amount class control level reason } pageInfo { endCursor hasNextPage } } }`;
const WATCH = `subscription ($id: String!) { reservesProgress(snapshotId: $id) { state operations { linesJudged } } }`;

let harness: TestGateway;
let services: ReservesServices;
let proved: ProvedSnapshot;
let made: BoundPublication;
let operator: Record<string, string>;
let key: string;
const as = (secret: string) => ({ authorization: `Bearer ${secret}` });
const sql = (text: string) => harness.database.pool.query(text);
const get = (name: string, init?: RequestInit) => fetch(`${harness.url}/snapshots/october/${name}`, init);
const request = (source: string, headers = operator, id = 'october') =>
  harness.ask(REQUEST, { id, source }, headers);

beforeAll(async () => {
  proved = await provedSnapshot('october');
  harness = await TestGateway.start({ publicUrl: 'https://proofs.example' });
  await storeSnapshot(harness.database, harness.keyring, proved);
  services = await ReservesServices.start(harness);
  made = publicationOf(proved);
  key = (await harness.key('OPERATOR')).key;
  operator = as(key);
});
afterAll(async () => {
  await services?.stop();
  await harness?.close();
});

async function ended(): Promise<Record<string, unknown>> {
  for (;;) {
    const { data } = await harness.ask(SEEN, { id: 'october' }, operator);
    const seen = data!['reserves'] as Record<string, unknown>;
    if (seen['state'] === 'PUBLISHED' || seen['state'] === 'FAILED') return seen;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

interface Lines {
  readonly nodes: readonly { readonly line: number; readonly address: string }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}
async function lines(variables: Record<string, unknown>): Promise<Lines> {
  const answer = await harness.ask(LINES, { first: 50, ...variables });
  expect(answer.errors).toBeUndefined();
  return answer.data!['reserveLines'] as Lines;
}

test('refused: who is no operator, what is no path, what there is no snapshot of', async () => {
  for (const headers of [{}, as((await harness.key('PARTNER')).key), as((await harness.key('AUDITOR')).key)])
    expect(codesOf(await request('reserves', headers as Record<string, string>))).toEqual(['FORBIDDEN']);
  expect(codesOf(await request('../reserves'))).toEqual(['SOURCE_MALFORMED']);
  for (const id of ['nowhere', '', 'a\u0000b', 'x'.repeat(200)])
    expect(codesOf(await request('reserves', operator, id))).toEqual(['SNAPSHOT_NOT_FOUND']);
  expect(harness.published).toEqual([]);
  const { data } = await harness.ask(
    '{ reserves(snapshotId: "october") { state } solvency(snapshotId: "october") { verdict } }',
  );
  expect(data).toEqual({ reserves: null, solvency: null });
  expect(codesOf(await harness.ask(LINES, { first: 1 }))).toEqual(['RESERVES_NOT_FOUND']);
});

test.each<[string, () => Pick<BoundPublication, 'reserves' | 'addresses'> | undefined, string]>([
  ['nothing', () => undefined, 'INPUT_UNREADABLE'],
  ['a document that is none', () => ({ reserves: '{}', addresses: '' }), 'RESERVES_MALFORMED'],
  ['a file cut off', () => ({ ...made, addresses: made.addresses.slice(0, -1) }), 'ADDRESSES_UNTRUE'],
  [
    'another file of that length',
    () => ({ ...made, addresses: made.addresses.replace('own', 'owm') }),
    'ADDRESSES_UNTRUE',
  ],
  [
    'reserves of another snapshot',
    () => publicationOf({ ...proved, header: { ...proved.header, snapshot: 'november' } }, { lines: 1 }),
    'RESERVES_SNAPSHOT',
  ],
])(
  'a folder with %s fails before a line is judged, and strangers see nothing of it',
  async (what, files, code) => {
    const folder = what.replaceAll(' ', '-');
    const found = files();
    if (found) services.put(folder, found);
    expect((await request(folder)).errors).toBeUndefined();
    expect(await ended()).toMatchObject({ state: 'FAILED', operations: { failure: { code } } });
    expect((await harness.ask(SEEN, { id: 'october' })).data).toEqual({ reserves: null });
    expect((await get('reserves.json')).status).toBe(404);
  },
);

test('a false line fails it with its number; asked for again, right, it is watched until it is published', async () => {
  services.put('false', publicationOf(proved, { falseLine: 23 }));
  await request('false');
  expect(await ended()).toMatchObject({ state: 'FAILED', operations: { failure: { line: 23 } } });
  for (const file of ['reserves.json', 'reserve-addresses.ndjson']) {
    const response = await get(file);
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'RESERVES_NOT_FOUND' }]);
    expect(response.headers.get('etag')).toBeNull();
  }

  services.put('right', made);
  const { data } = await request('right');
  expect(data!['requestReserves']).toMatchObject({
    created: true,
    reserves: { snapshot: 'october', url: null, operations: { source: 'right', failure: null } },
  });
  const client = createClient({
    url: `${harness.url.replace('http', 'ws')}/graphql`,
    ...{ webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: operator },
  });
  const states: unknown[] = [];
  for await (const { data: step } of client.iterate({ query: WATCH, variables: { id: 'october' } }))
    states.push(step!['reservesProgress']);
  await client.dispose();
  expect(states.at(-1)).toEqual({ state: 'PUBLISHED', operations: { linesJudged: 30 } });
  expect(await ended()).toMatchObject({ state: 'PUBLISHED', digest: made.digest, lines: 30 });
  expect(codesOf(await request('right'))).toEqual(['RESERVES_PUBLISHED']);
  const events = await new AuditLog(harness.database).list({ first: 100 });
  const actions = events.map(({ action }) => action);
  for (const action of ['reserves.request', 'reserves.fail', 'reserves.publish', 'reserves.request.refused'])
    expect(actions).toContain(action);
});

test('anybody sees what was judged, and how it compares with what is owed', async () => {
  const { data, errors } = await harness.ask(`{
    reserves(snapshotId: "october") { snapshot state domain operator takenAt digest lines bytes span notes messages url addressesUrl report
      blocks { network height confirmed } assets { symbol scale price proved checked claimed named layer2 }
      reasons { name lines } ownership { name lines } nodes { network name } operations { attempt } }
    solvency(snapshotId: "october") { verdict by liabilities assets { symbol verdict by equity ratio { claimed } with } unit { verdict } } }`);
  expect(errors).toBeUndefined();
  const sum = String((30 * 31) / 2);
  expect(data!['reserves']).toMatchObject({
    ...{
      snapshot: 'october',
      state: 'PUBLISHED',
      domain: 'exchange.example',
      operator: proved.header.operator,
    },
    ...{
      takenAt: proved.header.takenAt,
      digest: made.digest,
      lines: 30,
      bytes: made.addresses.length,
      span: 0,
    },
    blocks: [{ network: 'eip155:1', height: '23900000', confirmed: true }],
    assets: [{ symbol: 'ETH', scale: 9, price: null, proved: '0', checked: sum, claimed: '0', named: '0' }],
    ...{ reasons: [], ownership: [{ name: 'fresh', lines: 30 }], notes: [], messages: [], operations: null },
    nodes: [{ network: 'eip155:1', name: 'our node' }],
    url: 'https://proofs.example/snapshots/october/reserves.json',
    addressesUrl: 'https://proofs.example/snapshots/october/reserve-addresses.ndjson',
    report: { verdict: 'right', digest: made.digest, liabilities: 'unproved' },
  });
  expect(data!['solvency']).toMatchObject({
    ...{ verdict: 'NOT_COVERED_ON_CHAIN', by: null, liabilities: 'unproved', unit: null },
    assets: [
      { symbol: 'COIN0', verdict: 'NOT_COVERED_ON_CHAIN' },
      { symbol: 'COIN1', verdict: 'NOT_COVERED_ON_CHAIN' },
      { symbol: 'ETH', verdict: 'NOT_OWED', equity: '0' },
    ],
  });
});

test('lines are listed in pages, and found by what their address begins with', async () => {
  const all = await lines({});
  expect(all.nodes.map(({ line }) => line)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(all.pageInfo).toEqual({ endCursor: '30', hasNextPage: false });
  const [head, tail] = [await lines({ first: 20 }), await lines({ first: 20, after: '20' })];
  expect([...head.nodes, ...tail.nodes]).toEqual(all.nodes);
  expect(head.pageInfo).toEqual({ endCursor: '20', hasNextPage: true });
  const { address } = all.nodes[17]!;
  for (const search of [address, address.slice(0, 9), address.toUpperCase().replace('0X', '0x')])
    expect((await lines({ search })).nodes).toEqual([all.nodes[17]]);
  const found: unknown[] = [];
  for (let after: string | undefined; ;) {
    const page = await lines({ first: 11, search: '0x', asset: 'ETH', ...(after && { after }) });
    found.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(found).toEqual(all.nodes);
  for (const none of [
    { search: 'bc1' },
    { network: 'bitcoin' },
    { asset: 'BTC' },
    { after: '30' },
    { search: '0x', network: 'tron' },
  ])
    expect((await lines(none)).nodes).toEqual([]);
  for (const [variables, code] of [
    [{ search: '' }, 'ARGUMENT_INVALID'],
    [{ search: 'a\u0000' }, 'ARGUMENT_INVALID'],
    [{ network: 'x'.repeat(200) }, 'ARGUMENT_INVALID'],
    [{ first: 51 }, 'ARGUMENT_INVALID'],
    [{ after: 'x' }, 'CURSOR_MALFORMED'],
    [{ search: '0x', after: '20' }, 'CURSOR_MALFORMED'],
  ] as const)
    expect([variables, codesOf(await harness.ask(LINES, { first: 5, ...variables }))]).toEqual([
      variables,
      [code],
    ]);
});

test('both files are served byte for byte, with their digests, and the long one in ranges', async () => {
  const digest = (text: string) => `"${createHash('sha256').update(text).digest('hex')}"`;
  for (const [name, content] of [
    ['reserves.json', made.reserves],
    ['reserve-addresses.ndjson', made.addresses],
  ] as const) {
    const response = await get(name);
    expect([name, response.status, response.headers.get('etag')]).toEqual([name, 200, digest(content)]);
    expect(await response.text()).toBe(content);
    expect(response.headers.get('cache-control')).toContain('immutable');
    const head = await get(name, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(content.length)]);
    const known = await get(name, { headers: { 'if-none-match': digest(content) } });
    expect([known.status, (await known.arrayBuffer()).byteLength]).toEqual([304, 0]);
  }
  const size = made.addresses.length;
  for (const [start, end] of [
    [0, 1],
    [2_500, 2_700],
    [100, size],
    [size - 1, size],
    [0, size],
  ] as const) {
    const part = await get('reserve-addresses.ndjson', { headers: { range: `bytes=${start}-${end - 1}` } });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes ${start}-${end - 1}/${size}`,
    ]);
    expect(await part.text()).toBe(made.addresses.slice(start, end));
  }
  expect((await get('reserve-addresses.ndjson', { headers: { range: `bytes=${size}-` } })).status).toBe(416);
});

test('a search that a filter makes rare reads what it shows, not all addresses', async () => {
  await sql(`INSERT INTO reserve_line SELECT 'another', n, 'eip155:1', CASE n WHEN 1 THEN 'BTC' ELSE 'ETH' END, NULL,
    '0x' || md5(n::text), '1', 'own', 'none', 'claimed', NULL FROM generate_series(1, 20000) n`);
  const asked: { text: string; values: unknown[] }[] = [];
  const recording = {
    pool: {
      query: (text: string, values: unknown[]) => {
        asked.push({ text, values });
        return harness.database.pool.query(text, values);
      },
    },
  } as unknown as typeof harness.database;
  const reads = new ReservesReads(recording, harness.keyring);
  const rare = { prefix: '0x', among: [{ network: 'eip155:1', asset: 'BTC' }], limit: 51 };
  expect(await reads.search('another', rare)).toHaveLength(1);
  expect(await reads.search('another', { prefix: '0xab', limit: 51 })).toHaveLength(51);
  expect(await reads.search('another', { ...rare, among: [] })).toEqual([]);
  // Right after they were written the planner knows nothing of them.
  for (const statistics of ['SELECT 1', 'ANALYZE reserve_line'])
    for (const { text, values } of asked) {
      await sql(statistics);
      const { rows } = await harness.database.pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
        values,
      );
      expect(readBy(rows[0]!['QUERY PLAN'][0].Plan)).toBeLessThan(200);
    }
  await sql(`DELETE FROM reserve_line WHERE snapshot_id = 'another'`);
});

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}
/** Rows of the table that were looked at. */
function readBy(plan: Plan): number {
  const own =
    plan['Relation Name'] === 'reserve_line'
      ? plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)
      : 0;
  return own * plan['Actual Loops'] + (plan.Plans ?? []).reduce((sum, below) => sum + readBy(below), 0);
}

test('however many ask at once for what nobody has read yet, it is read once', async () => {
  const reads = new ReservesReads(harness.asGateway, harness.keyring);
  let opened = 0;
  const counting = Object.assign(Object.create(reads) as ReservesReads, {
    open: (id: string) => (opened++, reads.open(id)),
  });
  const files = new ReservesFiles(counting, () => undefined);
  const all = await Promise.all(Array.from({ length: 20 }, () => files.open('october')));
  expect(opened).toBe(1);
  expect(new Set(all).size).toBe(1);
});

test('what was altered in the database is not served, and raises the alarm', async () => {
  const flip =
    (table: string, column: string, where = 'true') =>
    () =>
      sql(
        `UPDATE ${table} SET ${column} = set_byte(${column}, 30, get_byte(${column}, 30) # 1) WHERE ${where}`,
      );
  const swap = (column: string, from: string, to: string) => () =>
    sql(
      `UPDATE reserve_line SET ${column} = CASE ${column} WHEN '${from}' THEN '${to}' ELSE '${from}' END WHERE line = 2`,
    );
  const move = () =>
    sql('UPDATE reserve_line SET line = CASE line WHEN 3 THEN 40 ELSE 3 END WHERE line IN (3, 40)');
  type Look = (files: ReservesFiles) => Promise<unknown>;
  const opened: Look = (files) => files.open('october');
  const file: Look = async (files) => {
    for await (const piece of files.read((await files.open('october'))!, { start: 0, end: 10 })) return piece;
    return undefined;
  };
  const list: Look = async (files) => files.list((await files.open('october'))!, { first: 5 });
  const search: Look = async (files) =>
    files.list((await files.open('october'))!, { first: 50, search: '0x' });
  for (const [alter, look, code] of [
    [flip('reserves', 'report'), opened, 'PUBLISHED_FILE_ALTERED'],
    [flip('reserves', 'document'), opened, 'PUBLISHED_FILE_ALTERED'],
    [flip('reserves', 'digests'), opened, 'PUBLISHED_DIGESTS_DAMAGED'],
    [flip('reserve_part', 'content', 'part = 0'), file, 'PUBLISHED_FILE_ALTERED'],
    [flip('reserve_part', 'line_hashes', 'part = 0'), list, 'PUBLISHED_FILE_ALTERED'],
    [swap('level', 'checked', 'proved'), list, 'PUBLISHED_FILE_ALTERED'],
    [swap('amount', '2000000000', '9000000000'), search, 'PUBLISHED_FILE_ALTERED'],
    [move, list, 'PUBLISHED_FILE_ALTERED'],
  ] as const) {
    const alarms: unknown[] = [];
    const fresh = () =>
      new ReservesFiles(new ReservesReads(harness.asGateway, harness.keyring), (id, error) =>
        alarms.push([id, (error as SolventError).code]),
      );
    await alter();
    await expect(look(fresh())).rejects.toMatchObject({ code });
    expect(alarms).toEqual([['october', code]]);
    await alter();
    await expect(look(fresh())).resolves.toBeDefined();
  }
});

test('an altered file is answered with an error, not with its beginning, and counted', async () => {
  const flip = () =>
    sql('UPDATE reserve_part SET content = set_byte(content, 3, get_byte(content, 3) # 1) WHERE part = 0');
  await flip();
  const response = await get('reserve-addresses.ndjson');
  expect([response.status, await response.json()]).toMatchObject([500, { code: 'INTERNAL' }]);
  expect(response.headers.get('etag')).toBeNull();
  const metric = await harness.registry.getSingleMetric('solvent_gateway_stored_damage_total')!.get();
  expect(metric.values).toMatchObject([{ labels: { what: 'reserves' }, value: 1 }]);
  await flip();
  expect((await get('reserve-addresses.ndjson')).status).toBe(200);
});

test('lists and files are counted as everything else', async () => {
  const none = { address: 0, key: 0 };
  await harness.restart({ rates: { lookup: none, verification: none, other: { address: 2, key: 2 } } });
  const codes: unknown[] = [];
  for (let i = 0; i < 3; i++) codes.push(codesOf(await harness.ask(LINES, { first: 1 }))?.[0]);
  expect(codes).toEqual([undefined, undefined, 'RATE_LIMITED']);
  expect((await get('reserves.json')).status).toBe(429);
});
