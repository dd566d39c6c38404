import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { toHex } from '@solvent-por/kzg';
import { manifestDigest } from '@solvent-por/verifier';
import { provedSnapshot, storeSnapshot, type ProvedSnapshot } from '../../testing/proved-snapshot';
import { TestGateway } from '../../testing/test-gateway';

let harness: TestGateway;
let proved: ProvedSnapshot;
let second: ProvedSnapshot;
let url: string;
let etag: string;

beforeAll(async () => {
  proved = await provedSnapshot('october');
  second = await provedSnapshot('november', {
    takenAt: '2026-11-30T00:00:00Z',
    accounts: 10,
    previous: proved.manifest,
  });
  harness = await TestGateway.start({ publicUrl: 'https://proofs.example' });
  await storeSnapshot(harness.database, harness.keyring, proved);
  await storeSnapshot(harness.database, harness.keyring, second);
  url = `${harness.url}/snapshots/october/global-proof.ndjson`;
  const [manifest, ...lines] = proved.file.toString('latin1').trimEnd().split('\n');
  const digests = [manifest!, ...lines].map((line) => createHash('sha256').update(line).digest());
  etag = `"${sha(Buffer.concat(digests))}"`;
});

afterAll(() => harness?.close());

const sha = (bytes: ArrayBuffer | Uint8Array) =>
  createHash('sha256').update(new Uint8Array(bytes)).digest('hex');

test('the files are those of the CLI, byte for byte', async () => {
  for (const { header, file, document } of [proved, second]) {
    const base = `${harness.url}/snapshots/${header.snapshot}`;
    const downloaded = await fetch(`${base}/global-proof.ndjson`);
    expect(sha(await downloaded.arrayBuffer())).toBe(sha(file));
    expect(downloaded.headers.get('content-length')).toBe(String(file.length));
    expect(downloaded.headers.get('content-type')).toBe('application/x-ndjson');
    const manifest = await fetch(`${base}/manifest.json`);
    expect(Buffer.from(await manifest.arrayBuffer())).toEqual(document);
    expect(manifest.headers.get('content-type')).toMatch(/^application\/json/);
    expect(manifest.headers.get('etag')).toBe(`"${sha(document)}"`);
  }
});

test('whole, in part, or not at all, as RFC 9110 says', async () => {
  const get = async (headers: Record<string, string>, method = 'GET') => {
    const response = await fetch(url, { method, headers });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, body, header: (name: string) => response.headers.get(name) };
  };
  const { length } = proved.file;
  const whole = await get({});
  expect([whole.status, whole.header('etag'), whole.header('accept-ranges')]).toEqual([200, etag, 'bytes']);
  expect(whole.header('cache-control')).toContain('immutable');

  const middle = await get({ range: 'bytes=1000-200000' });
  expect([middle.status, middle.header('content-range')]).toEqual([
    206,
    `bytes 1000-${Math.min(200_000, length - 1)}/${length}`,
  ]);
  expect(middle.body.equals(proved.file.subarray(1000, 200_001))).toBe(true);
  const tail = await get({ range: 'bytes=-10', 'if-range': etag });
  expect([tail.status, tail.body.equals(proved.file.subarray(-10))]).toEqual([206, true]);
  const date = await get({ range: 'bytes=0-0', 'if-range': whole.header('last-modified')! });
  expect([date.status, date.body.length]).toEqual([206, 1]);
  for (const headers of [
    { range: 'bytes=0-0', 'if-range': '"other"' },
    { range: 'bytes=0-0,5-6' },
    { range: 'lines=0-1' },
  ]) {
    const { status, body } = await get(headers as Record<string, string>);
    expect([status, body.length]).toEqual([200, length]);
  }
  const beyond = await get({ range: `bytes=${length}-` });
  expect([beyond.status, beyond.header('content-range'), beyond.body.length]).toEqual([
    416,
    `bytes */${length}`,
    0,
  ]);

  for (const tag of [etag, `W/${etag}`, '*', `"x", ${etag}`]) {
    const known = await get({ 'if-none-match': tag, range: 'bytes=0-0' });
    expect([known.status, known.body.length, known.header('etag')]).toEqual([304, 0, etag]);
  }
  const head = await get({ range: 'bytes=0-9' }, 'HEAD');
  expect([head.status, head.header('content-length'), head.body.length]).toEqual([200, String(length), 0]);
});

test('a client that leaves in the middle costs nothing more', async () => {
  const queries = harness.countQueries();
  await new Promise<void>((resolve, reject) => {
    const get = request(url, (response) => {
      response.once('data', () => {
        get.destroy();
        resolve();
      });
    });
    get.on('error', reject).end();
  });
  expect(queries.stop()).toBeLessThan(6);
  expect((await fetch(`${harness.url}/snapshots/october/manifest.json`)).status).toBe(200);
});

test('no more downloads than may run at once; the refusal is no version of the file', async () => {
  await harness.restart({ publicUrl: 'https://proofs.example', downloads: { address: 0, all: 10 } });
  for (const file of ['manifest.json', 'global-proof.ndjson']) {
    const refused = await fetch(`${harness.url}/snapshots/october/${file}`);
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      429,
      'RATE_LIMITED',
    ]);
    expect([refused.headers.get('etag'), refused.headers.get('retry-after')]).toEqual([null, '10']);
    expect((await fetch(`${harness.url}/snapshots/october/${file}`, { method: 'HEAD' })).status).toBe(200);
  }
  await harness.restart({ publicUrl: 'https://proofs.example' });
  url = `${harness.url}/snapshots/october/global-proof.ndjson`;
});

test('what is not published is not there', async () => {
  for (const path of [
    'nowhere/manifest.json',
    'nowhere/global-proof.ndjson',
    `${'x'.repeat(90)}/manifest.json`,
    '%00/manifest.json',
  ]) {
    const response = await fetch(`${harness.url}/snapshots/${path}`);
    expect([response.status, await response.json()]).toEqual([
      404,
      { code: 'SNAPSHOT_NOT_FOUND', message: 'there is no published snapshot of this name' },
    ]);
    expect(response.headers.get('etag')).toBeNull();
  }
});

test('globalProof: manifest, leaves page by page without their sizes, and where the file is', async () => {
  const query = `query ($after: String) { globalProof(snapshotId: "october") { snapshot proofs bytes downloadUrl manifest { digest document previous url columns root claimRoot totals { amount } }
    batches(first: 2, after: $after) { nodes { batch hash sum } pageInfo { endCursor hasNextPage } } } }`;
  const first = (await harness.ask(query)).data!['globalProof'] as Record<string, unknown>;
  expect(first).toMatchObject({
    snapshot: 'october',
    proofs: 2,
    bytes: proved.file.length,
    downloadUrl: 'https://proofs.example/snapshots/october/global-proof.ndjson',
    manifest: {
      digest: toHex(manifestDigest(proved.manifest)),
      document: proved.document.toString(),
      previous: null,
      columns: proved.manifest.columns,
      root: proved.manifest.root,
      claimRoot: null,
      url: 'https://proofs.example/snapshots/october/manifest.json',
      totals: proved.manifest.totals.map((amount) => ({ amount })),
    },
  });
  const { nodes, pageInfo } = first['batches'] as {
    nodes: { batch: number; hash: string; sum: string }[];
    pageInfo: { endCursor: string; hasNextPage: boolean };
  };
  expect([nodes.map(({ batch }) => batch), pageInfo.hasNextPage]).toEqual([[0, 1], true]);
  const rest = (await harness.ask(query, { after: pageInfo.endCursor })).data!['globalProof'] as Record<
    string,
    never
  >;
  expect(rest['batches']).toMatchObject({ nodes: [{ batch: 2 }], pageInfo: { hasNextPage: false } });
  // As in an account's own proof of that batch.
  const account = toHex(proved.accounts[4080]!.id);
  const inclusion = await harness.ask(
    `{ inclusionProof(snapshotId: "october", accountId: "${account}") { sum path { hash sum } } }`,
  );
  const { hash, sum } = nodes[0]!;
  expect(inclusion.data!['inclusionProof']).toMatchObject({ sum: nodes[1]!.sum, path: [{ hash, sum }, {}] });
  const schema = await harness.ask(
    `{ globalProof(snapshotId: "october") { batches { nodes { accounts } } } }`,
  );
  expect(schema.errors![0]!.extensions).toEqual({ code: 'QUERY_INVALID' });
  const cursor = await harness.ask(query, { after: 'x' });
  expect(cursor.errors![0]!.extensions).toEqual({ code: 'CURSOR_MALFORMED' });
});

test('manifests in the order of their chain, after one that is known', async () => {
  const query =
    'query ($first: Int!, $after: String) { manifests(first: $first, after: $after) { nodes { snapshot digest previous } pageInfo { endCursor hasNextPage } } }';
  const digests = [proved, second].map(({ manifest }) => toHex(manifestDigest(manifest)));
  const [one, two] = [
    { snapshot: 'october', digest: digests[0], previous: null },
    { snapshot: 'november', digest: digests[1], previous: digests[0] },
  ];
  expect((await harness.ask(query, { first: 1 })).data!['manifests']).toEqual({
    nodes: [one],
    pageInfo: { endCursor: digests[0], hasNextPage: true },
  });
  expect((await harness.ask(query, { first: 9, after: digests[0] })).data!['manifests']).toMatchObject({
    nodes: [two],
    pageInfo: { hasNextPage: false },
  });
  expect((await harness.ask(query, { first: 9, after: digests[1] })).data!['manifests']).toMatchObject({
    nodes: [],
  });
  for (const [after, code] of [
    [`0x${'00'.repeat(32)}`, 'MANIFEST_UNKNOWN'],
    ['x', 'ARGUMENT_INVALID'],
  ])
    expect((await harness.ask(query, { first: 9, after })).errors![0]!.extensions['code']).toBe(code);
});

const cursorOf = (...parts: string[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

test('snapshots page by page, newest first', async () => {
  const query =
    'query ($first: Int!, $after: String) { snapshots(first: $first, after: $after) { edges { cursor node { id } } pageInfo { endCursor hasNextPage } } }';
  const page = async (after?: string) =>
    (await harness.ask(query, { first: 1, after })).data!['snapshots'] as unknown as {
      edges: { node: { id: string } }[];
      pageInfo: { endCursor: string; hasNextPage: boolean };
    };
  const first = await page();
  const next = await page(first.pageInfo.endCursor);
  expect([first.edges[0]!.node.id, first.pageInfo.hasNextPage]).toEqual(['november', true]);
  expect([next.edges[0]!.node.id, next.pageInfo.hasNextPage]).toEqual(['october', false]);
  for (const [first, after, code] of [
    [0, null, 'ARGUMENT_INVALID'],
    [51, null, 'ARGUMENT_INVALID'],
    [1, 'x', 'CURSOR_MALFORMED'],
    [1, cursorOf('-271821-04-20T00:00:00.000Z', 'october'), 'CURSOR_MALFORMED'],
    [1, cursorOf('2026-10-31T00:00:00.000Z', 'oc\u0000tober'), 'CURSOR_MALFORMED'],
    [1, cursorOf('0000-01-01T00:00:00.000Z', 'october'), 'CURSOR_MALFORMED'],
    [1, cursorOf('1999-12-31T23:59:59.000Z', 'october'), 'CURSOR_MALFORMED'],
    [1, cursorOf('+275760-09-13T00:00:00.000Z', 'october'), 'CURSOR_MALFORMED'],
    [1, cursorOf('2026-10-31T00:00:00.000Z\u0000', 'october'), 'CURSOR_MALFORMED'],
    [1, 'W10', 'CURSOR_MALFORMED'],
    [1, 'x'.repeat(500), 'ARGUMENT_INVALID'],
  ])
    expect((await harness.ask(query, { first, after })).errors![0]!.extensions['code']).toBe(code);
});

describe('an altered stored file', () => {
  const set = (sql: string, values: unknown[] = []) => harness.database.pool.query(sql, values);
  const flip = (table: string, column: string, where: string) =>
    set(
      `UPDATE ${table} SET ${column} = set_byte(${column}, 30, get_byte(${column}, 30) # 1) WHERE ${where}`,
    );
  const alarms = async () => {
    const metric = await harness.registry.getSingleMetric('solvent_gateway_stored_damage_total')!.get();
    return metric.values.reduce((sum, { value }) => sum + value, 0);
  };
  async function expectRefused(address: string): Promise<void> {
    const before = [await alarms(), harness.logged.filter((line) => line.includes('is damaged')).length];
    const response = await fetch(address);
    expect([response.status, await response.json()]).toMatchObject([500, { code: 'INTERNAL' }]);
    for (const header of ['etag', 'last-modified', 'content-range'])
      expect(response.headers.get(header)).toBeNull();
    expect(response.headers.get('cache-control') ?? '').not.toContain('immutable');
    const after = [await alarms(), harness.logged.filter((line) => line.includes('is damaged')).length];
    expect(after).toEqual(before.map((count) => count! + 1));
  }
  const base = () => `${harness.url}/snapshots/october`;
  beforeEach(() => harness.restart());
  afterEach(() => harness.restart());

  test('an altered line of the global proof is not served under the old entity tag', async () => {
    await fetch(`${base()}/global-proof.ndjson`, { method: 'HEAD' });
    await flip('proof', 'proof', "snapshot_id = 'october' AND first = 0");
    // The manifest's line comes in a piece of its own; what follows ends without a byte of the altered line.
    const whole = await fetch(`${base()}/global-proof.ndjson`);
    await expect(whole.arrayBuffer()).rejects.toThrow();
    expect(await alarms()).toBe(1);
    const first = proved.document.length + 1;
    const part = await fetch(`${base()}/global-proof.ndjson`, {
      headers: { range: `bytes=${first}-${first}` },
    });
    expect([part.status, part.headers.get('etag'), await part.json()]).toMatchObject([
      ...[500, null, { code: 'INTERNAL' }],
    ]);
    expect(await alarms()).toBe(2);
    await flip('proof', 'proof', "snapshot_id = 'october' AND first = 0");
    expect(sha(await (await fetch(`${base()}/global-proof.ndjson`)).arrayBuffer())).toBe(sha(proved.file));
  });

  test('nor is an altered sum of a batch', async () => {
    await flip('tree_node', 'sum', "snapshot_id = 'october' AND size = 1 AND start = 2");
    const response = await fetch(`${base()}/global-proof.ndjson`);
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(await alarms()).toBe(1);
    await flip('tree_node', 'sum', "snapshot_id = 'october' AND size = 1 AND start = 2");
  });

  test('nor an altered manifest, even with its column of digests', async () => {
    const { rows } = await harness.database.pool.query<{ manifest: Buffer }>(
      "SELECT manifest FROM snapshot WHERE id = 'october'",
    );
    const text = rows[0]!.manifest
      .toString()
      .replace(/"signature":"0x./, (found) => found.replace(/.$/, 'x'));
    await set("UPDATE snapshot SET manifest = $1 WHERE id = 'october'", [Buffer.from(text)]);
    await expectRefused(`${base()}/manifest.json`);
    await expectRefused(`${base()}/global-proof.ndjson`);
    await set("UPDATE snapshot SET manifest = $1 WHERE id = 'october'", [rows[0]!.manifest]);
    expect((await fetch(`${base()}/manifest.json`)).status).toBe(200);
  });

  test('nor anything whose digests were altered, or are gone', async () => {
    await flip('published_digests', 'digests', "snapshot_id = 'october'");
    await expectRefused(`${base()}/manifest.json`);
    await set("UPDATE published_digests SET snapshot_id = 'x' WHERE snapshot_id = 'october'");
    await expectRefused(`${base()}/manifest.json`);
    await set("UPDATE published_digests SET snapshot_id = 'october' WHERE snapshot_id = 'x'");
    await flip('published_digests', 'digests', "snapshot_id = 'october'");
    expect((await fetch(`${base()}/manifest.json`)).status).toBe(200);
  });
});
