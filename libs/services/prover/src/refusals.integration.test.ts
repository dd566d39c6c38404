import type { ProofRequested } from '@solvent-por/services/contracts';
import { sealJobMessage } from '@solvent-por/services/database';
import type { InProcessBus } from '@solvent-por/services/kit';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import {
  accountBatchesOf,
  countingMeter,
  headerOf,
  inParts,
  inProcessBus,
  jobOf,
  KEYRING,
  soon,
  ProverHarness,
  type Ingested,
} from '../testing/prover-harness';

/**
 * What ends a snapshot: real PostgreSQL, the bus in this process, real proofs. Threads come from `npm run
 * build`.
 */
let database: TestDatabase;
let harness: ProverHarness;
let bus: InProcessBus;
beforeEach(async () => {
  database = await testDatabase();
  bus = inProcessBus();
  harness = await ProverHarness.open(database, bus);
});
afterEach(async () => {
  await harness.close();
  await database.drop();
});

describe('a snapshot fails, with its reason, when', () => {
  async function failureOf(
    spoil: (made: Ingested) => Parameters<ProverHarness['publish']>[0],
    batches = accountBatchesOf(4_083),
    header = headerOf('november-2026'),
  ) {
    const { counts, meter } = countingMeter();
    await harness.prover({ meter });
    const made = await harness.plan(header, batches);
    await harness.publish(spoil(made));
    await harness.ingested(made);
    expect(await harness.ended(header.snapshot)).toBe('FAILED');
    const { failure, manifest } = (await harness.snapshots.find(header.snapshot))!;
    expect(manifest).toBeNull();
    const audit = await harness.database.prisma.auditEvent.findMany();
    const { code } = failure as { code: string };
    expect(audit).toMatchObject([
      {
        actor: expect.stringMatching(/^(prover|signer)$/) as string,
        action: 'snapshot.fail',
        details: { code },
      },
    ]);
    expect(counts.failed).toEqual([code]);
    return failure as { code: string; message: string; details: object };
  }

  test('a payload of ours was sealed for another place', async () => {
    const failure = await failureOf(({ jobs: [first, second] }) => [
      sealJobMessage(KEYRING, { ...first!, first: 1 }),
      second!,
    ]);
    expect(failure.code).toBe('WITNESS_SEAL_BROKEN');
  });

  test('a job is not one that it was cut into', async () => {
    const failure = await failureOf(({ run, header, batches }) => [jobOf(run, header, 0, batches)]);
    expect(failure.code).toBe('JOB_MISPLACED');
  });

  test('what was sealed is not batches', async () => {
    const failure = await failureOf(({ run }) => {
      const other = {
        ...headerOf('x'),
        assets: [0, 1].map((t) => ({ symbol: `C${t}`, scale: 0, limbs: 1 })),
      };
      return [jobOf(run, other, 0, [{ count: 1, ids: new Uint8Array(32), amounts: new Uint32Array(6) }])];
    });
    expect(failure.code).toBe('BATCHES_MALFORMED');
  });

  test('an account cannot be proved; neither its id nor its amount is told', async () => {
    const batches = accountBatchesOf(4_083);
    batches[0]!.amounts[3 * 7] = 987_654_321;
    const failure = await failureOf(({ jobs }) => jobs, batches);
    expect(failure).toMatchObject({ code: 'WITNESS_OUT_OF_RANGE', details: { first: 0, row: 7 } });
    expect(JSON.stringify(failure)).not.toMatch(/987654321|[0-9a-f]{9}/);
  });

  test('an account stands in two batches; no more of its id than 8 digits is told', async () => {
    const batches = accountBatchesOf(4_083);
    batches[1]!.ids.set(batches[0]!.ids.subarray(0, 32), 64);
    const failure = await failureOf(({ jobs }) => jobs, batches);
    expect(failure.code).toBe('ROW_DUPLICATE_ACCOUNT');
    expect(JSON.stringify(failure)).not.toMatch(/[0-9a-f]{9}/);
  });

  test('accounts are missing that the source had', async () => {
    const failure = await failureOf(({ run, header, jobs: [first] }) => [
      first!,
      jobOf(run, header, 1, accountBatchesOf(2, 'others')),
    ]);
    expect(failure.code).toBe('ACCOUNTS_MISSING');
  });

  test('it names another operator than the key of these services', async () => {
    const operator = `0x${'11'.repeat(32)}`;
    const header = headerOf('november-2026', undefined, operator);
    const failure = await failureOf(({ jobs }) => jobs, accountBatchesOf(3), header);
    expect(failure.code).toBe('KEY_OPERATOR_MISMATCH');
  });
});

test('a key that this prover does not know: given up after some tries, nothing fails by it', async () => {
  await harness.prover();
  const header = headerOf('november-2026');
  const made = await harness.plan(header, accountBatchesOf(3));
  await harness.publish(made.jobs.map((job) => ({ ...job, keyId: 'k9' })));
  await harness.quiet();
  expect(await harness.snapshots.progress(header.snapshot)).toMatchObject({ state: 'INGESTING' });
  expect(bus.deadLetters).toMatchObject([{ code: 'WITNESS_KEY_UNKNOWN', attempts: 3 }]);
});

test('a damaged witness is found when finalising: FAILED, nothing of it is published', async () => {
  const header = headerOf('november-2026');
  const made = await harness.plan(header, accountBatchesOf(3));
  await harness.prover();
  await harness.publish(made.jobs);
  while ((await harness.snapshots.progress(header.snapshot))!.proofs === 0) await soon();
  await harness.database.pool.query(
    'UPDATE batch SET witness = set_byte(witness, 50, get_byte(witness, 50) # 1)',
  );
  await harness.ingested(made);
  expect(await harness.ended(header.snapshot)).toBe('FAILED');
  expect((await harness.snapshots.find(header.snapshot))!.failure).toMatchObject({
    code: 'WITNESS_SEAL_BROKEN',
  });
  const { rows } = await harness.database.pool.query('SELECT count(*)::int AS nodes FROM tree_node');
  expect(rows).toEqual([{ nodes: 0 }]);
});

test('a failed snapshot is requested again: its next attempt is proved anew and published', async () => {
  await harness.prover();
  const header = headerOf('november-2026');
  const batches = accountBatchesOf(3);
  const made = await harness.plan(header, batches);
  await harness.publish([
    sealJobMessage(KEYRING, { ...made.jobs[0]!, payload: made.jobs[0]!.payload.slice(1) }),
  ]);
  expect(await harness.ended(header.snapshot)).toBe('FAILED');
  const again = await harness.plan(header, batches);
  expect(again.run.attempt).toBe(2);
  await harness.publish([...made.jobs, ...again.jobs]);
  await harness.ingested(again);
  expect(await harness.ended(header.snapshot)).toBe('PUBLISHED');
  expect(await harness.verdict(header.snapshot)).toMatchObject({ valid: true });
});

describe('a forged message fails nothing, is not tried again, and stands among the dead letters:', () => {
  test.each<[string, (job: ProofRequested) => ProofRequested[]]>([
    ['rubbish of 276 bytes', (job) => [{ ...job, payload: new Uint8Array(16) }]],
    [
      'an altered payload',
      (job) => [{ ...job, payload: job.payload.map((byte, i) => byte ^ Number(i === 99)) }],
    ],
    ['a payload of another place', (job) => [{ ...job, first: 1 }]],
    ['another number of batches', (job) => [{ ...job, batches: 2 }]],
    [
      'a part that takes the place of a true one',
      (job) => inParts(job, 2).map((part) => ({ ...part, payload: new Uint8Array(9) })),
    ],
    ['another attempt than the one under way', (job) => [{ ...job, attempt: 2 }]],
  ])('%s', async (_, forge) => {
    const { counts, meter } = countingMeter();
    await harness.prover({ meter });
    const header = headerOf('november-2026');
    const made = await harness.plan(header, accountBatchesOf(4_083));
    const forged = forge(made.jobs[0]!);
    await harness.publish(forged);
    await harness.quiet();
    const letter = { topic: 'solvent.proofs.requested.v1', code: 'MESSAGE_FORGED', attempts: 1 };
    expect(bus.deadLetters).toMatchObject(forged.map(() => letter));
    const { rows } = await harness.database.pool.query('SELECT 1 FROM job_part');
    expect(rows).toEqual([]);
    await harness.publish(inParts(made.jobs[0]!, 2));
    await harness.publish(made.jobs.slice(1));
    await harness.ingested(made);
    expect(await harness.ended(header.snapshot)).toBe('PUBLISHED');
    expect(counts.failed).toEqual([]);
  });
});
