import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { utf8 } from '@solvent-por/kzg';
import { WorkerReservesJudge } from '@solvent-por/prover';
import { readManifest, verifyReserves } from '@solvent-por/reserves';
import { ReservesReads } from '@solvent-por/services/database';
import { canonicalJson } from '@solvent-por/verifier';
import { keyring, operatorOf } from '../../../database/testing/snapshots';
import { ethereumNode, judgeHere, ReservesHarness } from '../../testing/reserves-harness';
import { soon } from '../../testing/prover-harness';
import { ownKnowledge } from './own-knowledge';

/** Reserves in the database, from what ingest stored to what is published. */
const ID = 'november-2026';
/** 1 + 2 + … + 8 gwei. */
const HELD = 36;
let server: TestDatabase;
let harness: ReservesHarness;
beforeEach(async () => {
  server = await testDatabase();
  harness = await ReservesHarness.open(server);
});
afterEach(async () => {
  await harness.close();
  await server.drop();
});

const sql = (text: string, values: unknown[] = []) => harness.database.pool.query(text, values);
const reads = () => new ReservesReads(harness.database, keyring);

async function* inOne(text: string): AsyncGenerator<Uint8Array> {
  yield utf8(text);
}

/** Threads come from `npm run build`. */
test.each([
  ['here', judgeHere],
  ['in threads', () => new WorkerReservesJudge(1)],
])(
  'parts are judged %s, added up in order, compared, and published as any verifier sees them',
  async (_, openJudge) => {
    const snapshot = await harness.snapshot(ID, HELD);
    await snapshot.publish();
    const made = harness.made(snapshot);
    const run = await harness.read(snapshot, made);
    await harness.tell(run, [2, 0, 1]);
    await harness.prover({ openJudge });
    expect(await harness.ended(run)).toMatchObject({ state: 'PUBLISHED', parts: 3, failure: null });
    const published = (await reads().open(ID))!;
    const report: unknown = JSON.parse(Buffer.from(published.report).toString());
    const theirs = await verifyReserves(utf8(made.reserves), inOne(made.addresses), {
      manifest: readManifest(utf8(canonicalJson(snapshot.manifest))),
      nodes: { 'eip155:1': 'our node' },
      ask: async (lines) => lines.map(({ amount }) => ({ amount })),
    });
    expect(report).toEqual(theirs);
    expect(report).toMatchObject({
      digest: made.digest,
      assets: { ETH: { checked: String(HELD) } },
      solvency: { verdict: 'covered', by: 'checked' },
    });
    const [first] = await reads().lines(ID, [1, 2]);
    expect(first).toMatchObject({ line: 1, amount: '1000000000', level: 'checked', control: 'fresh' });
    const { rows } = await sql(`SELECT actor, target FROM audit_event WHERE action = 'reserves.publish'`);
    expect(rows).toEqual([{ actor: 'prover', target: ID }]);
  },
);

test('what nodes answered is kept with block and name', async () => {
  const snapshot = await harness.snapshot(ID, HELD);
  const run = await harness.read(snapshot, harness.made(snapshot), 8);
  await harness.prover();
  await harness.judged(run);
  const { judged } = (await harness.parts.part(ID, 0))!;
  const kept = JSON.parse(Buffer.from(judged!).toString()) as { nodes: unknown; lines: unknown[] };
  expect(kept.nodes).toEqual({
    'eip155:1': { name: 'our node', height: '23900000', block: expect.stringMatching(/^0x/) as string },
  });
  expect(kept.lines[1]).toMatchObject({ answer: { amount: '2000000000' } });
});

test('reserves that come before their snapshot is published wait for it', async () => {
  const snapshot = await harness.snapshot(ID, HELD);
  const run = await harness.read(snapshot, harness.made(snapshot));
  await harness.prover();
  await harness.judged(run);
  expect((await harness.repository.find(ID))!.state).toBe('JUDGING');
  await snapshot.publish();
  expect((await harness.ended(run)).state).toBe('PUBLISHED');
});

test('while they wait for their snapshot no node is asked again, and none that is gone fails them', async () => {
  const snapshot = await harness.snapshot(ID, HELD);
  const run = await harness.read(snapshot, harness.made(snapshot));
  let asked = 0;
  const confirm = async () => (++asked > 1 ? {} : { 'eip155:1': 'our node' });
  const prover = await harness.prover({ nodes: ethereumNode({ confirm }) });
  await harness.judged(run);
  for (let sweep = 0; sweep < 8; sweep++) await prover.sweep(new AbortController().signal);
  await harness.tell(run, [0, 1, 2]);
  await snapshot.publish();
  expect((await harness.ended(run)).state).toBe('PUBLISHED');
  expect(asked).toBe(1);
});

test('reserves of a snapshot that failed do not wait for ever, nor are they asked for', async () => {
  const snapshot = await harness.snapshot(ID, HELD);
  const run = await harness.read(snapshot, harness.made(snapshot));
  await harness.prover();
  await harness.judged(run);
  await sql(`UPDATE snapshot SET state = 'FAILED', failure = '{}', failed_at = now()`);
  expect(await harness.ended(run)).toMatchObject({ state: 'FAILED', failure: { code: 'SNAPSHOT_FAILED' } });
  await expect(harness.read(snapshot, harness.made(snapshot))).rejects.toMatchObject({
    code: 'SNAPSHOT_FAILED',
    message: expect.stringContaining('request it again first') as string,
  });
});

test('a prover that knows other tokens publishes nothing; what the others know stands in the report', async () => {
  const snapshot = await harness.snapshot(ID, HELD);
  const run = await harness.read(snapshot, harness.made(snapshot));
  const known = ownKnowledge({ [`eip155:1/0x${'12'.repeat(20)}`]: { asset: 'OWN', decimals: 6 } });
  const first = await harness.prover({ known });
  await harness.judged(run);
  await first.stop();
  await snapshot.publish();
  await harness.prover();
  expect(await harness.ended(run)).toMatchObject({ state: 'FAILED', failure: { code: 'KNOWN_DIFFERS' } });
  await sql(`UPDATE reserves SET state = 'JUDGING', failure = NULL, failed_at = NULL`);
  await harness.prover({ known });
  await harness.until(run, ({ state }) => state === 'PUBLISHED');
  const report: unknown = JSON.parse(Buffer.from((await reads().open(ID))!.report).toString());
  expect(report).toMatchObject({ notes: known.notes });
});

test('of two that lost the lock of the chain one publishes', async () => {
  const snapshot = await harness.snapshot(ID, HELD);
  await snapshot.publish();
  const made = harness.made(snapshot);
  const run = await harness.read(snapshot, made);
  await harness.prover();
  await harness.ended(run);
  const next = await harness.snapshot('december-2026', 1, '2026-12-31T00:00:00Z');
  await next.publish();
  const { attempt } = await harness.repository.request(
    { snapshotId: next.run.snapshotId, source: 'reserves', requestedBy: null },
    harness.marks,
  );
  const other = { report: utf8('{}'), digest: new Uint8Array(32), operator: snapshot.header.operator };
  const digests = { sealed: Buffer.alloc(1), keyId: 'k' };
  // It had looked when nothing was published yet.
  const publish = harness.repository.publish(
    { snapshotId: next.run.snapshotId, attempt },
    { ...other, digests, previous: null },
  );
  expect(await publish).toBe(false);
});

test('after a crash between two parts the next prover goes on where the first one stood', async () => {
  const snapshot = await harness.snapshot(ID, HELD);
  await snapshot.publish();
  const run = await harness.read(snapshot, harness.made(snapshot));
  let parts = 0;
  const dying = await harness.prover({
    openJudge: () =>
      judgeHere(() => {
        if (parts++ > 0) throw new DOMException('killed', 'AbortError');
      }),
  });
  while (parts < 2) await soon();
  await dying.stop();
  expect(await harness.parts.unjudged(ID)).toEqual([1, 2]);
  let lines = 0;
  await harness.prover({ openJudge: () => judgeHere((count) => void (lines += count)) });
  expect((await harness.ended(run)).state).toBe('PUBLISHED');
  expect(lines).toBe(5);
});

test('messages that come twice, to two provers, publish once; those of nothing do nothing', async () => {
  const snapshot = await harness.snapshot(ID, HELD);
  await snapshot.publish();
  const run = await harness.read(snapshot, harness.made(snapshot));
  await Promise.all([harness.prover(), harness.prover()]);
  await harness.tell(run, [0, 1, 2, 0, 1, 2, 9]);
  await harness.tell({ ...run, attempt: 7 }, [0]);
  await harness.tell({ snapshotId: 'unknown', attempt: 1 }, [0]);
  expect((await harness.ended(run)).state).toBe('PUBLISHED');
  await harness.tell(run, [0, 1, 2]);
  while ((await harness.bus.lag()).some(({ messages }) => messages > 0)) await soon();
  expect((await sql('SELECT FROM reserve_line')).rowCount).toBe(8);
  expect((await sql(`SELECT FROM audit_event WHERE action = 'reserves.publish'`)).rowCount).toBe(1);
});

test('a false line fails the whole, with its number, and nothing is published', async () => {
  const snapshot = await harness.snapshot(ID, HELD);
  await snapshot.publish();
  const run = await harness.read(snapshot, harness.made(snapshot, { falseLine: 5 }));
  await harness.prover();
  const row = await harness.ended(run);
  expect(row).toMatchObject({ state: 'FAILED', failure: { line: 5 } });
  expect(row.failure!.message).toMatch(/^line 5: /);
  expect(await reads().open(ID)).toBeUndefined();
  expect(await sql('SELECT report, digests FROM reserves')).toMatchObject({
    rows: [{ report: null, digests: null }],
  });
  // Asked for again, from where they are right now.
  const next = await harness.read(snapshot, harness.made(snapshot));
  expect(next.attempt).toBe(2);
  expect((await harness.ended(next)).state).toBe('PUBLISHED');
});

test.each<[string, Parameters<ReservesHarness['made']>[1], string]>([
  ['another manifest', { manifest: `0x${'12'.repeat(32)}` }, 'MANIFEST_UNTRUE'],
  ['another operator', { operator: operatorOf('another') }, 'KEY_OPERATOR_MISMATCH'],
  ['a signature of another key', { signing: new Uint8Array(32).fill(9) }, 'RESERVES_UNTRUE'],
])('reserves of %s are not published', async (_, wanted, code) => {
  const snapshot = await harness.snapshot(ID, HELD);
  await snapshot.publish();
  const run = await harness.read(snapshot, harness.made(snapshot, wanted));
  await harness.prover();
  expect(await harness.ended(run)).toMatchObject({ state: 'FAILED', failure: { code } });
});

test('publications follow one another, and an earlier one comes too late', async () => {
  const [first, second] = [
    await harness.snapshot(ID, 1),
    await harness.snapshot('december-2026', 1, '2026-12-31T00:00:00Z'),
  ];
  await first.publish();
  await second.publish();
  await harness.prover();
  const december = harness.made(second);
  expect((await harness.ended(await harness.read(second, december))).state).toBe('PUBLISHED');
  const late = await harness.read(first, harness.made(first));
  expect(await harness.ended(late)).toMatchObject({ failure: { code: 'RESERVES_ORDER' } });
  const third = await harness.snapshot('january-2027', 1, '2027-01-31T00:00:00Z');
  await third.publish();
  const unchained = await harness.read(third, harness.made(third));
  expect(await harness.ended(unchained)).toMatchObject({ failure: { code: 'RESERVES_UNTRUE' } });
  const chained = await harness.read(third, harness.made(third, { previous: december.digest }));
  expect((await harness.ended(chained)).state).toBe('PUBLISHED');
});

test('a node that hangs holds up its own publication alone', async () => {
  const [slow, quick] = [await harness.snapshot('slow', 1), await harness.snapshot(ID, 1)];
  await quick.publish();
  let asked = 0;
  const never = new Promise<never>(() => undefined);
  await harness.prover({
    nodes: ethereumNode({
      confirm: (snapshot) =>
        snapshot === 'slow' && ++asked > 0 ? never : Promise.resolve({ 'eip155:1': 'n' }),
    }),
  });
  const hanging = await harness.read(slow, harness.made(slow));
  await harness.tell(hanging, [0, 1, 2]);
  while (asked === 0) await soon();
  const run = await harness.read(quick, harness.made(quick));
  await harness.tell(run, [0, 1, 2]);
  expect((await harness.ended(run)).state).toBe('PUBLISHED');
  expect((await harness.repository.find('slow'))!.state).toBe('JUDGING');
});

test.each([
  ['does not answer', ethereumNode({ confirm: async () => ({}) }), { code: 'NODE_SILENT' }],
  [
    'says another amount',
    ethereumNode({ answer: ({ amount }) => ({ amount: amount === 4_000_000_000n ? 3n : amount }) }),
    { code: 'NODE_CONTRADICTS', line: 4 },
  ],
])('a node that %s fails the publication', async (_, nodes, failure) => {
  const snapshot = await harness.snapshot(ID, 1);
  await snapshot.publish();
  const run = await harness.read(snapshot, harness.made(snapshot));
  await harness.prover({ nodes });
  expect(await harness.ended(run)).toMatchObject({ state: 'FAILED', failure });
});

test('a node that knows nothing of lines leaves them claimed', async () => {
  const snapshot = await harness.snapshot(ID, HELD);
  await snapshot.publish();
  const run = await harness.read(snapshot, harness.made(snapshot));
  await harness.prover({ nodes: ethereumNode({ answer: () => undefined }) });
  await harness.ended(run);
  const published = (await reads().open(ID))!;
  expect(JSON.parse(Buffer.from(published.report).toString())).toMatchObject({
    reasons: { balance: 8 },
    solvency: { verdict: 'claimed' },
  });
});

/** What somebody who can write to the database tries: judged by provers, then changed, then to be published. */
const CHANGES: readonly (readonly [string, string])[] = [
  ['the request', `UPDATE reserves SET source = 'elsewhere'`],
  [
    'the document',
    `UPDATE reserves SET document = convert_to(replace(convert_from(document, 'UTF8'), 'exchange.example', 'exchange.examplf'), 'UTF8')`,
  ],
  ['what provers know', `UPDATE reserves SET known = sha256('')`],
  ['which nodes confirmed blocks', `UPDATE reserves SET nodes = '{"eip155:1": "another node"}'`],
  ['the lines of a part', `UPDATE reserve_part SET content = set_byte(content, 40, 65) WHERE part = 1`],
  [
    'a line and its digest',
    `UPDATE reserve_part SET content = set_byte(content, 40, 65), digest = sha256(set_byte(content, 40, 65)) WHERE part = 1`,
  ],
  [
    'what lines were judged to be',
    `UPDATE reserve_part SET judged = convert_to(replace(convert_from(judged, 'UTF8'), '"claimed"', '"proved"'), 'UTF8') WHERE part = 0`,
  ],
  [
    'what a part was judged to be, to what another was',
    `UPDATE reserve_part a SET judged = b.judged, judged_mac = b.judged_mac FROM reserve_part b
     WHERE a.snapshot_id = b.snapshot_id AND a.part = 0 AND b.part = 1`,
  ],
];
test('what is changed in the database after it was judged is not published', async () => {
  const snapshot = await harness.snapshot(ID, HELD);
  const run = await harness.read(snapshot, harness.made(snapshot));
  const judging = await harness.prover();
  await harness.judged(run);
  await judging.stop();
  await snapshot.publish();
  const tables = ['reserves', 'reserve_part'];
  for (const table of tables) await sql(`CREATE TABLE kept_${table} AS TABLE ${table}`);
  const restore = async () => {
    for (const table of tables) await sql(`TRUNCATE ${table}`);
    for (const table of tables) await sql(`INSERT INTO ${table} TABLE kept_${table}`);
  };
  for (const [what, change] of CHANGES) {
    await restore();
    expect((await sql(change)).rowCount).toBe(1);
    const prover = await harness.prover();
    const { failure } = await harness.ended(run);
    expect([what, failure!.code]).toEqual([what, 'RESERVES_FORGED']);
    expect(await reads().open(ID)).toBeUndefined();
    await prover.stop();
  }
  await restore();
  await harness.prover();
  expect((await harness.ended(run)).state).toBe('PUBLISHED');
});
