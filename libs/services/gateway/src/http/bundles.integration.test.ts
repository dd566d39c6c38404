import { createHash } from 'node:crypto';
import { AuditLog, dropPrivateData, SealedBundles, SealingStore } from '@solvent-por/services/database';
import { sealedIndexOf, ShardTree } from '@solvent-por/prover';
import { canonicalJson, manifestDigest, shardLeaf, shardShapes } from '@solvent-por/verifier';
import { TEST_KEYS } from '@solvent-por/dev/proofs';
import { provedSnapshot, storeSnapshot, type ProvedSnapshot } from '../../testing/proved-snapshot';
import { codesOf, TestGateway } from '../../testing/test-gateway';

const SEAL = `mutation ($id: String!, $secret: Boolean!) { sealBundle(snapshotId: $id, keysAreSecret: $secret) {
  created bundle { state url sealedAt batches batchesSealed shards shardsWritten failure { code message } } } }`;
const SEEN = '{ snapshot(id: "october") { sealedBundle { state url shardsWritten failure { code } } } }';
/** Of more than one piece. */
const LARGE = 1_300_000;

let harness: TestGateway;
let proved: ProvedSnapshot;
let bundles: SealedBundles;
let operator: Record<string, string>;
let operatorId: string;
const as = (key: string) => ({ authorization: `Bearer ${key}` });
const bytes = (label: string, length: number) =>
  Buffer.alloc(length, createHash('sha256').update(label).digest());
const SHAPE = shardShapes(3)[1];
const TREE = bytes('tree', LARGE);
interface Shards {
  readonly entries: Buffer;
  readonly leaf: Uint8Array;
  readonly path: Uint8Array;
}
let shards: Shards[];
let index: Buffer;

beforeAll(async () => {
  proved = await provedSnapshot('october');
  harness = await TestGateway.start({ publicUrl: 'https://proofs.example', corsOrigins: ['*'] });
  await storeSnapshot(harness.database, harness.keyring, proved);
  bundles = new SealedBundles(harness.database);
  const leaves = Array.from({ length: 2 ** SHAPE.bits }, (_, number) => {
    const entries = bytes(`entries ${number}`, number === 0 ? LARGE : 700);
    return { entries, leaf: shardLeaf(manifestDigest(proved.manifest), number, entries) };
  });
  const tree = new ShardTree(leaves.map(({ leaf }) => leaf));
  shards = leaves.map((shard, number) => ({ ...shard, path: tree.path(number) }));
  const parts = { manifest: proved.manifest, shape: SHAPE, tree: TREE, shards: tree.root };
  index = Buffer.from(canonicalJson(sealedIndexOf(parts, TEST_KEYS.signing)));
  const made = await harness.key('OPERATOR');
  [operator, operatorId] = [as(made.key), made.id];
});
afterAll(() => harness?.close());

/** What provers do, with entries of our own. */
async function makeBundle(): Promise<() => Promise<void>> {
  const store = new SealingStore(harness.database, harness.keyring);
  await bundles.begin('october', SHAPE);
  for (const [number, { entries, leaf }] of shards.entries())
    await store.putShard('october', number, { entries, leaf });
  return async () =>
    void (await bundles.finish('october', {
      index,
      tree: TREE,
      paths: shards.map(({ path }) => path),
    }));
}

const NAMES = ['index.json', 'tree.bin', 'manifest.json', 'shards/0000.bin', 'shards/0001.bin'];
const get = (name: string, init?: RequestInit) =>
  fetch(`${harness.url}/snapshots/october/sealed/${name}`, init);
const seal = (id: string, secret: boolean, headers: Record<string, string> = operator) =>
  harness.ask(SEAL, { id, secret }, headers);

async function expectNothingServed(): Promise<void> {
  for (const name of NAMES) {
    const response = await get(name);
    expect([name, response.status, await response.json()]).toEqual([
      name,
      404,
      { code: 'BUNDLE_NOT_FOUND', message: expect.stringContaining('when it is whole') as string },
    ]);
    expect(response.headers.get('etag')).toBeNull();
  }
}

test('refused: who is no operator, without the word, what is unknown, not published, or can be guessed', async () => {
  for (const headers of [{}, as((await harness.key('PARTNER')).key), as((await harness.key('AUDITOR')).key)])
    expect(codesOf(await seal('october', true, headers))).toEqual(['FORBIDDEN']);
  const unsaid = await seal('october', false);
  expect(codesOf(unsaid)).toEqual(['SEALED_KEYS']);
  expect(unsaid.text).toContain('keysAreSecret: true');
  expect(
    codesOf(await harness.ask('mutation { sealBundle(snapshotId: "october") { created } }', {}, operator)),
  ).toEqual(['QUERY_INVALID']);
  for (const unknown of ['nowhere', '', 'a\u0000b', 'x'.repeat(200)])
    expect(codesOf(await seal(unknown, true))).toEqual(['SNAPSHOT_NOT_FOUND']);

  const november = await provedSnapshot('november', { takenAt: '2026-11-30T00:00:00Z', accounts: 10 });
  await storeSnapshot(harness.database, harness.keyring, november, 'PROVING');
  expect(codesOf(await seal('november', true))).toEqual(['SNAPSHOT_NOT_PUBLISHED']);
  await harness.database.pool.query(
    `UPDATE snapshot SET config = config || '{"acceptWeakIds":true}' WHERE id = 'october'`,
  );
  expect(codesOf(await seal('october', true))).toEqual(['SEALED_WEAK_IDS']);
  await harness.database.pool.query(
    `UPDATE snapshot SET config = config - 'acceptWeakIds' WHERE id = 'october'`,
  );

  expect(await bundles.unfinished()).toEqual([]);
  expect(harness.published).toEqual([]);
  const events = await new AuditLog(harness.database).list({ first: 100 });
  expect(events.map(({ actor, action, target }) => `${actor} ${action} ${target}`)).toContain(
    `${operatorId} bundle.request.refused october`,
  );
});

test('asked for twice, told to provers twice, made once; nothing is seen or served until it is whole', async () => {
  await expectNothingServed();
  const asked = (await seal('october', true)).data!['sealBundle'];
  const bundle = {
    state: 'REQUESTED',
    url: null,
    batches: 3,
    batchesSealed: 0,
    shards: null,
    shardsWritten: 0,
  };
  expect(asked).toMatchObject({ created: true, bundle: { ...bundle, sealedAt: null, failure: null } });
  expect((await seal('october', true)).data!['sealBundle']).toMatchObject({ created: false, bundle });
  const message = { topic: 'solvent.bundles.requested.v1', message: { snapshotId: 'october', attempt: 1 } };
  expect(harness.published).toEqual([message, message]);

  const finish = await makeBundle();
  await expectNothingServed();
  expect((await harness.ask(SEEN)).data).toEqual({ snapshot: { sealedBundle: null } });
  expect((await harness.ask(SEEN, {}, operator)).data).toEqual({
    snapshot: { sealedBundle: { state: 'SEALING', url: null, shardsWritten: 16, failure: null } },
  });

  await bundles.fail('october', { code: 'SEALED_OVERFLOW', message: 'too many' });
  await expectNothingServed();
  expect((await harness.ask(SEEN)).data).toEqual({ snapshot: { sealedBundle: null } });
  expect((await harness.ask(SEEN, {}, operator)).data).toMatchObject({
    snapshot: { sealedBundle: { state: 'FAILED', failure: { code: 'SEALED_OVERFLOW' } } },
  });
  harness.onPublish = () => {
    throw new Error('no broker');
  };
  expect((await seal('october', true)).data!['sealBundle']).toMatchObject({ created: true });
  harness.onPublish = async () => undefined;
  expect(harness.logged.join()).toContain('the signer will find it');

  await makeBundle();
  await finish();
  const url = 'https://proofs.example/snapshots/october/sealed';
  expect((await harness.ask(SEEN)).data).toEqual({
    snapshot: { sealedBundle: { state: 'SEALED', url, shardsWritten: 16, failure: null } },
  });
  harness.published.length = 0;
  expect((await seal('october', true)).data!['sealBundle']).toMatchObject({
    created: false,
    bundle: { url },
  });
  expect(harness.published).toEqual([]);
});

test('whole files, for ever the same, for pages of everybody; no part of any', async () => {
  const contents = [
    index,
    TREE,
    proved.document,
    ...shards.slice(0, 2).map(({ entries, path }) => Buffer.concat([entries, path])),
  ];
  const etag = `"${createHash('sha256').update(index).digest('hex')}"`;
  for (const [i, name] of NAMES.entries()) {
    const headers = { origin: 'https://wallet.example', range: 'bytes=0-9' };
    const response = await get(name, { headers });
    expect([name, response.status, response.headers.get('etag')]).toEqual([name, 200, etag]);
    expect(Buffer.from(await response.arrayBuffer()).equals(contents[i]!)).toBe(true);
    expect(response.headers.get('content-type')).toContain(
      name.endsWith('.json') ? 'application/json' : 'octet-stream',
    );
    const said = Object.entries({
      'content-length': String(contents[i]!.length),
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
      'accept-ranges': 'none',
    });
    for (const [header, value] of said)
      expect([header, response.headers.get(header)]).toEqual([header, value]);
    const head = await get(name, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(contents[i]!.length)]);
    const known = await get(name, { headers: { 'if-none-match': etag } });
    expect([known.status, (await known.arrayBuffer()).byteLength]).toEqual([304, 0]);
  }
});

test('names are those of the specification, and no others', async () => {
  for (const name of [
    ...['shards/0010.bin', 'shards/ffff.bin', 'shards/0.bin', 'shards/00000.bin', 'shards/000G.bin'],
    ...['shards/0000.BIN', 'shards/0000', 'shards/-001.bin', 'shards/%00000.bin', 'shards/0000.bin%0A'],
    ...['shards/..%2findex.json', 'shards/', 'shards', 'index.json/', 'index', '', 'tree.bin/0'],
  ]) {
    const response = await get(name);
    expect([name, response.status]).toEqual([name, 404]);
    await response.body?.cancel();
  }
  const foreign = await fetch(`${harness.url}/snapshots/%00/sealed/index.json`);
  expect(foreign.status).toBe(404);
});

test('an altered file of a bundle is not served, whichever it is, and raises the alarm', async () => {
  const flip = (column: string, table = 'sealed_bundle', where = '') =>
    harness.database.pool.query(
      `UPDATE ${table} SET ${column} = set_byte(${column}, 30, get_byte(${column}, 30) # 1) WHERE snapshot_id = 'october' ${where}`,
    );
  const second = () => flip('entries', 'sealed_shard', 'AND number = 1');
  const path = () => flip('path', 'sealed_shard', 'AND number = 0');
  const manifest = async () => {
    await harness.database.pool.query(
      `UPDATE snapshot SET manifest = set_byte(manifest, 30, get_byte(manifest, 30) # 1) WHERE id = 'october'`,
    );
  };
  let alarms = 0;
  await harness.restart();
  for (const [alter, name] of [
    [second, 'shards/0001.bin'],
    [path, 'shards/0000.bin'],
    [() => flip('tree'), 'tree.bin'],
    [() => flip('index'), 'index.json'],
    [() => flip('index'), 'tree.bin'],
    [manifest, 'manifest.json'],
  ] as const) {
    // What was verified before is known by its digest.
    expect((await get(name)).status).toBe(200);
    await alter();
    const response = await get(name);
    expect([name, response.status, await response.json()]).toMatchObject([name, 500, { code: 'INTERNAL' }]);
    for (const header of ['etag', 'last-modified', 'cache-control'])
      expect([name, response.headers.get(header)]).toEqual([name, null]);
    const metric = await harness.registry.getSingleMetric('solvent_gateway_stored_damage_total')!.get();
    expect(metric.values).toMatchObject([{ labels: { what: 'bundle' }, value: ++alarms }]);
    await alter();
    expect((await get(name)).status).toBe(200);
  }
});

test('as limited as every download, and gone when retention takes the snapshot’s data', async () => {
  const none = { address: 0, key: 0 };
  await harness.restart({ rates: { lookup: none, verification: none, other: { address: 3, key: 3 } } });
  const statuses: number[] = [];
  for (let i = 0; i < 5; i++) statuses.push((await get('index.json')).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  await harness.restart({});
  await dropPrivateData(harness.database, 'october');
  await expectNothingServed();
  expect(codesOf(await seal('october', true))).toEqual(['PRIVATE_DATA_DROPPED']);
});
