import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { deadLetter, proofRequested } from '@solvent-por/services/contracts';
import {
  describeWithKafka,
  testKafka,
  testPostgres,
  type TestKafka,
  type TestPostgres,
} from '@solvent-por/dev/servers';
import { accountIds, type MadeBalances } from '../testing/made-balances';
import { ClusterHarness } from '../testing/cluster-harness';

/** Slow enough to be caught in the middle: several jobs of a good part of a second each. */
const SLOW = { accounts: 19_000, mode: 'margin', assets: 12 } as const;
/** Long enough to be caught while it is read: 37 batches. */
const LONG = { accounts: 150_000, mode: 'aggregate' } as const;

describeWithKafka(
  'whatever fails, a snapshot is proved whole',
  () => {
    let kafka: TestKafka;
    let postgres: TestPostgres;
    let harness: ClusterHarness;
    let day = 0;

    beforeAll(async () => {
      [kafka, postgres] = await Promise.all([testKafka().then((broker) => broker!), testPostgres()]);
      harness = await ClusterHarness.prepare({
        databaseUrl: postgres.url,
        brokers: kafka.brokers,
        environment: {
          SOLVENT_RATE_REQUEST: '0',
          SOLVENT_RATE_REQUEST_KEY: '0',
          SOLVENT_RATE_LOOKUP_KEY: '0',
        },
      });
      await harness.start();
    });

    afterEach(async () => {
      if (!kafka.isRunning) await kafka.restart();
      await harness.revive();
    }, 240_000);

    afterAll(async () => {
      await harness?.close();
      await Promise.all([kafka?.stop(), postgres?.stop()]);
    });

    const balances = (snapshotId: string, options: Partial<Parameters<ClusterHarness['balances']>[0]> = {}) =>
      harness.balances({
        snapshotId,
        takenAt: new Date(Date.UTC(2026, 0, ++day)).toISOString().replace('.000Z', 'Z'),
        ...SLOW,
        ...options,
      });

    async function requested(
      snapshotId: string,
      options: Partial<Parameters<ClusterHarness['balances']>[0]> = {},
    ): Promise<MadeBalances> {
      const made = await balances(snapshotId, options);
      await harness.request(made);
      return made;
    }

    test('a prover is killed in the middle of a proof', async () => {
      const { provers } = harness.cluster;
      const made = await requested('prover-killed');
      await harness.untilProofs(made.snapshotId, 1);
      await provers[0]!.kill();
      await harness.expectWhole(made);
      await provers[0]!.start();
    });

    test('a prover is killed when the proof is in the database and its offset is not committed', async () => {
      const { provers } = harness.cluster;
      const made = await requested('killed-before-commit');
      await harness.untilProofs(made.snapshotId, 1);
      const stored = () =>
        harness.sql<{ first: number }>('SELECT first FROM proof WHERE snapshot_id = $1', [made.snapshotId]);
      let before = 0;
      await harness.beforeProofIsStored(made.snapshotId, async () => {
        // Nothing can be committed to a broker that is dead.
        await kafka.kill();
        before = (await stored()).length;
      });
      await harness.untilProofs(made.snapshotId, before + 1);
      await Promise.all(provers.map((prover) => prover.kill()));
      await kafka.restart();
      await Promise.all(provers.map((prover) => prover.start()));
      await harness.expectWhole(made);
    }, 240_000);

    test('ingest is killed halfway and started again', async () => {
      const made = await requested('ingest-killed', { ...LONG, files: 4 });
      for (;;) {
        const [row] = await harness.sql<{ planned: boolean; state: string }>(
          'SELECT accounts IS NOT NULL AS planned, state FROM snapshot WHERE id = $1',
          [made.snapshotId],
        );
        if (row!.planned) break;
      }
      await harness.cluster.ingest.kill();
      expect((await harness.row(made.snapshotId))!.state).toBe('INGESTING');
      await harness.cluster.ingest.start();
      await harness.expectWhole(made);
    }, 240_000);

    test('PostgreSQL restarts while proofs are made', async () => {
      const made = await requested('postgres-restarted');
      await harness.untilProofs(made.snapshotId, 1);
      await postgres.restart();
      await harness.expectWhole(made);
    });

    test('PostgreSQL is killed while proofs are made', async () => {
      const made = await requested('postgres-killed');
      await harness.untilProofs(made.snapshotId, 1);
      await postgres.kill();
      await postgres.restart();
      await harness.expectWhole(made);
    });

    test('the broker restarts while proofs are made', async () => {
      const made = await requested('broker-restarted');
      await harness.untilProofs(made.snapshotId, 1);
      await kafka.restart();
      await harness.expectWhole(made);
    }, 240_000);

    test('the disk is full when proofs are stored, for a while', async () => {
      const made = await balances('disk-full');
      await harness.sql(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`);
      await harness.sql(
        'CREATE TRIGGER full_disk BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION full_disk()',
      );
      await harness.request(made);
      await harness.until(made.snapshotId, 'PROVING');
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      // Neither failed nor stored by halves.
      expect((await harness.row(made.snapshotId))!.state).toBe('PROVING');
      expect(await harness.sql('SELECT 1 FROM proof WHERE snapshot_id = $1', [made.snapshotId])).toEqual([]);
      await harness.sql('DROP TRIGGER full_disk ON batch');
      await harness.expectWhole(made);
    }, 240_000);

    test('the same snapshot is requested many times at once', async () => {
      const made = await balances('requested-twice', { accounts: 9_000, mode: 'aggregate' });
      await Promise.all(Array.from({ length: 8 }, () => harness.request(made)));
      await harness.expectWhole(made);
      const audited = await harness.sql(
        "SELECT 1 FROM audit_event WHERE target = $1 AND action LIKE '%request%'",
        [made.snapshotId],
      );
      expect(audited.length).toBeGreaterThan(0);
    });

    test('jobs come again, in another order, and a message among them is garbage', async () => {
      const made = await requested('again-and-garbage');
      await harness.untilProofs(made.snapshotId, 1);
      const client = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING });
      const jobs = await jobsOf(client, made.snapshotId);
      expect(jobs.length).toBeGreaterThan(0);
      const producer = client.producer();
      await producer.connect();
      const messages = [...jobs.reverse(), Buffer.from('garbage')].map((value) => ({ key: 'again', value }));
      for (let partition = 0; partition < 3; partition++)
        await producer.send({
          topic: proofRequested.topic,
          messages: messages.map((message) => ({ ...message, partition })),
        });
      await producer.disconnect();
      await harness.expectWhole(made);
      const letters = await readAll(client, deadLetter.topic, 1);
      expect(letters.map((value) => deadLetter.decode(value).code)).toContain('MESSAGE_MALFORMED');
      // The queue is not blocked: the next one comes through.
      await harness.expectWhole(await requested('after-garbage', { accounts: 5_000, mode: 'aggregate' }));
    }, 240_000);

    test('balances that change while they are read fail the snapshot, and it can be asked for again', async () => {
      const made = await balances('source-changed', { ...LONG, files: 1 });
      await harness.request(made);
      for (;;) {
        const [row] = await harness.sql<{ planned: boolean }>(
          'SELECT accounts IS NOT NULL AS planned FROM snapshot WHERE id = $1',
          [made.snapshotId],
        );
        if (row!.planned) break;
      }
      const [file] = readdirSync(made.directory);
      appendFileSync(join(made.directory, file!), ' ');
      await harness.until(made.snapshotId, 'FAILED');
      expect((await harness.row(made.snapshotId))!.failure).toMatchObject({ code: 'INPUT_CHANGED' });
      expect(
        await harness.sql('SELECT 1 FROM snapshot WHERE id = $1 AND manifest IS NOT NULL', [made.snapshotId]),
      ).toEqual([]);
      await harness.request(made);
      await harness.expectWhole(made);
    }, 240_000);

    test('200 users at once look up their accounts while a snapshot is proved', async () => {
      const published = await requested('looked-up', { accounts: 8_000, mode: 'aggregate' });
      await harness.expectWhole(published);
      const ids = await accountIds(published, 200);
      const proving = await requested('proved-meanwhile');
      await harness.untilProofs(proving.snapshotId, 1);
      const answers = await Promise.all(
        ids.map((accountId) =>
          harness.query<{ inclusionProof: { accountId: string } }>(
            'query ($snapshotId: String!, $accountId: String!) { inclusionProof(snapshotId: $snapshotId, accountId: $accountId) { accountId } }',
            { snapshotId: published.snapshotId, accountId },
          ),
        ),
      );
      expect(answers.map(({ inclusionProof }) => inclusionProof.accountId)).toEqual(ids);
      await harness.expectWhole(proving);
    }, 240_000);
  },
  { own: true },
);

/** The values of a snapshot's jobs that are on the topic now. */
async function jobsOf(client: Kafka, snapshotId: string): Promise<Buffer[]> {
  const all = await readAll(client, proofRequested.topic, 1);
  return all.filter((value) => {
    try {
      return proofRequested.decode(value).snapshotId === snapshotId;
    } catch {
      return false;
    }
  });
}

/** Everything that is on a topic now. */
async function readAll(client: Kafka, topic: string, atLeast: number): Promise<Buffer[]> {
  const admin = client.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const wanted = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  expect(wanted).toBeGreaterThanOrEqual(atLeast);
  const consumer = client.consumer({ groupId: `reader-${topic}-${Date.now()}`, maxWaitTimeInMs: 200 });
  const values: Buffer[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        values.push(message.value!);
        if (values.length >= wanted) resolve();
      },
    });
  });
  await consumer.disconnect();
  return values;
}
