import { SealedBundles } from '@solvent-por/services/database';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import { toHex } from '@solvent-por/kzg';
import {
  accountBatchesOf,
  countingMeter,
  headerOf,
  ProverHarness,
  REQUEST_KEY,
  soon,
  type Ingested,
} from '../../testing/prover-harness';

/** What somebody who can write to the database tries; real PostgreSQL, real proofs. */
const ID = 'november-2026';
let database: TestDatabase;
let harness: ProverHarness;
beforeEach(async () => {
  database = await testDatabase();
  harness = await ProverHarness.open(database);
});
afterEach(async () => {
  await harness.close();
  await database.drop();
});

const sql = (text: string, values: unknown[] = []) => harness.database.pool.query(text, values);

async function expectUnsigned(code: string, actor: string, failed: readonly string[]): Promise<void> {
  expect(await harness.ended(ID)).toBe('FAILED');
  const row = (await harness.snapshots.find(ID))!;
  expect(row).toMatchObject({ failure: { code }, manifest: null });
  expect((await sql('SELECT FROM tree_node')).rowCount).toBe(0);
  while (failed.length === 0) await soon();
  expect(failed).toEqual([code]);
  while ((await harness.database.prisma.auditEvent.count()) === 0) await soon();
  expect(await harness.database.prisma.auditEvent.findMany()).toMatchObject([
    { actor, action: 'snapshot.fail', target: ID, details: { code } },
  ]);
}

/** Proved by ingest's and the provers' own means, and only then changed: the signer is the last to look. */
async function provedThen(change: (made: Ingested) => Promise<unknown>, accounts = 4_083) {
  const { counts, meter } = countingMeter();
  const proving = await harness.prover({ meter, sweepEvery: 3_600_000 });
  const made = await harness.plan(headerOf(ID), accountBatchesOf(accounts));
  await harness.publish(made.jobs);
  while ((await harness.snapshots.progress(ID))!.proofs < made.jobs.length) await soon();
  await harness.quiet();
  await change(made);
  await harness.ingested(made);
  return { counts, proving };
}

test('a snapshot that was inserted with all its proofs, and that nobody asked for, is not signed', async () => {
  const { counts } = await provedThen(() => sql('UPDATE snapshot SET request_mac = NULL'));
  await expectUnsigned('REQUEST_FORGED', 'signer', counts.failed);
});

test.each([
  ['its header, to another time', `header = jsonb_set(header, '{takenAt}', '"2026-12-24T00:00:00Z"')`],
  ['its configuration', `config = config || '{"acceptWeakIds": true}'`],
  ['where its balances lie', `source = 'elsewhere'`],
])('%s, was changed after it was asked for: it is not signed', async (_, change) => {
  const { counts } = await provedThen(() => sql(`UPDATE snapshot SET ${change}`));
  await expectUnsigned('REQUEST_FORGED', 'signer', counts.failed);
});

test('a request of an earlier attempt cannot be brought back', async () => {
  const { counts } = await provedThen(async ({ run, header }) => {
    const { config, source, requestedBy } = (await harness.snapshots.find(ID))!;
    const asked = { snapshotId: ID, config, header, source, requestedBy };
    await sql('UPDATE snapshot SET request_mac = $1', [
      REQUEST_KEY.requestMac({ ...asked, attempt: run.attempt + 1 }),
    ]);
  });
  await expectUnsigned('REQUEST_FORGED', 'signer', counts.failed);
});

test('a batch of accounts was taken out, and the plan made to fit: what is owed is not understated', async () => {
  const { counts } = await provedThen(async () => {
    await sql('DELETE FROM proof WHERE first = 1');
    await sql('DELETE FROM batch WHERE batch = 1');
    await sql('UPDATE snapshot SET batch_count = 1, accounts = 4080');
  });
  await expectUnsigned('PLAN_FORGED', 'signer', counts.failed);
});

test('a proof was altered where only its reader would notice: it is verified before anything is signed', async () => {
  const { counts } = await provedThen(async () => {
    const { rows } = await sql('SELECT proof FROM proof WHERE first = 0');
    const [{ proof }] = rows as [{ proof: Buffer }];
    const text = proof.toString('latin1');
    // A scalar of the argument: 32 bytes that are in range, and wrong.
    const evaluation = /"0x0[0-9a-f]{63}"/.exec(text)![0];
    const other = evaluation.replace(/.(?="$)/, (digit) => (digit === '1' ? '2' : '1'));
    await sql('UPDATE proof SET proof = $1 WHERE first = 0', [
      Buffer.from(text.replace(evaluation, other), 'latin1'),
    ]);
  });
  await expectUnsigned('SIGNING_REFUSED', 'signer', counts.failed);
});

test('a prover proves nothing that was not asked for', async () => {
  const { counts, meter } = countingMeter();
  await harness.prover({ meter });
  const made = await harness.plan(headerOf(ID), accountBatchesOf(3));
  await sql('UPDATE snapshot SET request_mac = NULL');
  await harness.publish(made.jobs);
  await expectUnsigned('REQUEST_FORGED', 'prover', counts.failed);
  expect(counts.stored).toBe(0);
});

test('an earlier snapshot that nobody asked for holds nobody up', async () => {
  await harness.prover();
  await harness.plan(headerOf('earlier', '2026-01-01T00:00:00Z'), accountBatchesOf(3));
  await sql('UPDATE snapshot SET request_mac = NULL');
  const made = await harness.plan(headerOf(ID), accountBatchesOf(3, 'b'));
  await harness.publish(made.jobs);
  await harness.ingested(made);
  expect(await harness.ended(ID)).toBe('PUBLISHED');
});

test('a sealed bundle that was inserted, and that nobody asked for, is not made', async () => {
  const { counts, meter } = countingMeter();
  await harness.prover({ meter });
  const made = await harness.plan(headerOf(ID), accountBatchesOf(3));
  await harness.publish(made.jobs);
  await harness.ingested(made);
  expect(await harness.ended(ID)).toBe('PUBLISHED');
  await sql('INSERT INTO sealed_bundle (snapshot_id) VALUES ($1)', [ID]);
  while (counts.sealFailed.length === 0) await soon();
  expect(counts).toMatchObject({ sealFailed: ['REQUEST_FORGED'], sealed: 0 });
  expect(await new SealedBundles(harness.database).progress(ID)).toMatchObject({
    state: 'FAILED',
    failure: { code: 'REQUEST_FORGED' },
  });
});

test('messages that anybody sent make nothing happen that would not happen without them', async () => {
  const { counts, meter } = countingMeter();
  await harness.prover({ meter });
  const made = await harness.plan(headerOf(ID), accountBatchesOf(3));
  const runs: SnapshotRun[] = [made.run, { ...made.run, attempt: 7 }, { snapshotId: 'unknown', attempt: 1 }];
  await harness.tell(runs);
  await harness.quiet();
  expect(await harness.snapshots.progress(ID)).toMatchObject({ state: 'INGESTING', proofs: 0 });
  expect(counts).toMatchObject({ failed: [], finalised: 0, sealed: 0, sealFailed: [] });
  expect(toHex(REQUEST_KEY.bundleMac({ snapshotId: ID, requestedBy: null }))).not.toBe(
    toHex(REQUEST_KEY.bundleMac({ snapshotId: ID, requestedBy: 'ops' })),
  );
});
