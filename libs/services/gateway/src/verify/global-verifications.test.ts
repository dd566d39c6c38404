import { SolventError } from '@solvent-por/kzg';
import { finding, valid, type GlobalVerdict, type Manifest } from '@solvent-por/verifier';
import type { VerificationRecord } from '@solvent-por/services/database';
import { GlobalVerifications, verificationState, type VerificationStore } from './global-verifications';

const MANIFEST = {} as Manifest;
const ALL = finding.totalsHold(4);

/** The table, in memory. */
function memory() {
  const rows = new Map<string, VerificationRecord>();
  const change = (id: string, part: Partial<VerificationRecord>) =>
    rows.set(id, { ...rows.get(id)!, ...part });
  const store: VerificationStore = {
    find: async (id) => rows.get(id) ?? null,
    claim: async (snapshotId, batchCount) => {
      const row = rows.get(snapshotId);
      if (row && (!row.finishedAt || row.valid !== null) && row.heartbeatAt.getTime() > 0) return undefined;
      const startedAt = new Date();
      rows.set(snapshotId, {
        snapshotId,
        startedAt,
        heartbeatAt: startedAt,
        batchesDone: 0,
        batchCount,
        finishedAt: null,
        valid: null,
        verdict: null,
      });
      return startedAt;
    },
    beat: async (id, _run, batchesDone) => void change(id, { batchesDone, heartbeatAt: new Date() }),
    finish: async (id, _run, valid, verdict) => void change(id, { finishedAt: new Date(), valid, verdict }),
    abandon: async (id) => void change(id, { heartbeatAt: new Date(0) }),
  };
  return { rows, store };
}

const opened: GlobalVerifications[] = [];
afterEach(() => Promise.all(opened.splice(0).map((verifications) => verifications.close())));

/** @param claimed the database answers a claim after that */
function harness(claimed?: Promise<void>) {
  const { rows, store: table } = memory();
  const store: VerificationStore = {
    ...table,
    claim: async (...args) => {
      await claimed;
      return table.claim(...args);
    },
  };
  const runs: {
    readonly id: string;
    progress(batches: number): void;
    end(verdict: GlobalVerdict): void;
    fail(error: Error): void;
  }[] = [];
  const errors: unknown[] = [];
  const finished: unknown[] = [];
  const verifications = new GlobalVerifications({
    store,
    batchCount: async (id) => (id === 'unknown' ? undefined : 4),
    verify: (id, progress, signal) =>
      new Promise((end, fail) => {
        signal.addEventListener('abort', () => fail(new Error('stopped')));
        runs.push({ id, progress, end, fail });
      }),
    onFinished: (id, _seconds, valid) => finished.push([id, valid]),
    onError: (_id, error) => errors.push(error),
    beatMilliseconds: 5,
  });
  opened.push(verifications);
  return { rows, runs, errors, finished, verifications };
}

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
};

test('who asks while the row of the same snapshot is being written is answered as the first, not "busy"', async () => {
  let written = (): void => undefined;
  const { verifications, runs } = harness(new Promise((resolve) => (written = resolve)));
  const first = verifications.start('s', 'anybody');
  const second = verifications.start('s', 'anybody');
  await new Promise((resolve) => setImmediate(resolve));
  written();
  expect(await second).toEqual(await first);
  expect(runs).toHaveLength(1);
});

test('runs once, beats, and keeps its verdict', async () => {
  const { verifications, runs, rows, finished } = harness();
  const both = await Promise.all([verifications.start('s', 'anybody'), verifications.start('s', 'anybody')]);
  expect(both.map(({ batchesDone, finishedAt }) => [batchesDone, finishedAt])).toEqual([
    [0, null],
    [0, null],
  ]);
  expect(runs).toHaveLength(1);
  runs[0]!.progress(3);
  await until(() => rows.get('s')!.batchesDone === 3);
  runs[0]!.progress(4);
  runs[0]!.end({ ...valid(ALL), manifest: MANIFEST, proofs: 2 });
  await until(() => finished.length === 1);
  expect(rows.get('s')).toMatchObject({
    batchesDone: 4,
    valid: true,
    verdict: { code: null, reason: null, ...ALL },
  });
  expect(finished).toEqual([['s', true]]);
  // Fresh: answered, not run again.
  expect(await verifications.start('s', 'anybody')).toMatchObject({ valid: true });
  expect(runs).toHaveLength(1);
});

test('a false one', async () => {
  const { verifications, runs, rows, finished } = harness();
  await verifications.start('s', 'anybody');
  runs[0]!.end({ valid: false, code: 'GLOBAL_ROOT', reason: 'another root' });
  await until(() => finished.length === 1);
  expect(rows.get('s')).toMatchObject({
    valid: false,
    verdict: { code: 'GLOBAL_ROOT', reason: 'another root' },
  });
});

test('what cannot even be read is a verdict; a lost database is none, and may start again', async () => {
  const { verifications, runs, rows, finished, errors } = harness();
  await verifications.start('s', 'anybody');
  runs[0]!.fail(new SolventError('PROOF_MALFORMED', 'malformed', 'cut off'));
  await until(() => finished.length === 1);
  expect(rows.get('s')).toMatchObject({ valid: false, verdict: { code: 'PROOF_MALFORMED' } });
  await verifications.start('t', 'anybody');
  runs[1]!.fail(new Error('connection lost: password=secret'));
  await until(() => finished.length === 2);
  expect(rows.get('t')).toMatchObject({ valid: null, verdict: { code: 'INTERNAL' } });
  expect(JSON.stringify(rows.get('t'))).not.toContain('secret');
  expect(verificationState(rows.get('t')!, Date.now())).toBe('BROKEN_OFF');
  expect(errors).toHaveLength(2);
  await verifications.start('t', 'anybody');
  expect(runs).toHaveLength(3);
});

test('one at a time here; unknown snapshots are refused', async () => {
  const { verifications, runs } = harness();
  await verifications.start('s', 'anybody');
  await expect(verifications.start('t', 'anybody')).rejects.toMatchObject({ code: 'VERIFICATION_BUSY' });
  await expect(verifications.start('unknown', 'anybody')).rejects.toMatchObject({
    code: 'SNAPSHOT_NOT_FOUND',
  });
  expect(runs).toHaveLength(1);
});

test('who has no auditor’s key takes the place of none, and the same snapshot is run once for both', async () => {
  const { verifications, runs } = harness();
  await verifications.start('s', 'anybody');
  expect(await verifications.start('s', 'auditor')).toMatchObject({ snapshotId: 's' });
  await verifications.start('t', 'auditor');
  expect(runs.map(({ id }) => id)).toEqual(['s', 't']);
  await expect(verifications.start('u', 'auditor')).rejects.toMatchObject({ code: 'VERIFICATION_BUSY' });
  await expect(verifications.start('u', 'anybody')).rejects.toMatchObject({ code: 'VERIFICATION_BUSY' });
});

test('closing ends it, and another gateway may start it at once', async () => {
  const { verifications, rows, errors } = harness();
  await verifications.start('s', 'anybody');
  await verifications.close();
  expect(rows.get('s')).toMatchObject({ finishedAt: null, heartbeatAt: new Date(0) });
  expect(verificationState(rows.get('s')!, Date.now())).toBe('BROKEN_OFF');
  expect(errors).toEqual([]);
  await expect(verifications.start('t', 'anybody')).rejects.toMatchObject({ code: 'VERIFICATION_BUSY' });
});

test('a heart that was silent for a minute has stopped', () => {
  const record = { finishedAt: null, valid: null, heartbeatAt: new Date(100_000) } as VerificationRecord;
  expect(verificationState(record, 159_000)).toBe('RUNNING');
  expect(verificationState(record, 161_000)).toBe('BROKEN_OFF');
});
