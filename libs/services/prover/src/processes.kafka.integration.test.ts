import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '@solvent-por/dev/embedded-postgres';
import { toHex } from '@solvent-por/kzg';
import { serviceKeysText } from '@solvent-por/snapshot/readers';
import { isTransient } from '@solvent-por/services/database';
import { KafkaBus, silentLog, silentMeter } from '@solvent-por/services/kit';
import {
  describeWithKafka,
  testDatabase,
  testKafka,
  type TestDatabase,
  type TestKafka,
} from '@solvent-por/dev/servers';
import {
  accountBatchesOf,
  headerOf,
  KEYS,
  MASTER_KEY,
  REQUEST_KEY_TEXT,
  soon,
  totalOf,
  WITNESS_KEYS,
  ProverHarness,
} from '../testing/prover-harness';

/** The bundles as they ship, over a real broker. They come from `npm run build`. */
const BUNDLES = join(__dirname, '../../../../dist/services');

describeWithKafka(
  'prover processes',
  () => {
    let kafka: TestKafka;
    let database: TestDatabase;
    let harness: ProverHarness;
    const processes: ChildProcess[] = [];
    beforeAll(async () => {
      kafka = (await testKafka())!;
      database = await testDatabase();
      const connection = { brokers: kafka.brokers, clientId: 'test' };
      const bus = new KafkaBus({ connection, isTransient, log: silentLog, meter: silentMeter });
      harness = await ProverHarness.open(database, bus);
    });
    afterAll(async () => {
      for (const child of processes) if (child.exitCode === null) child.kill('SIGKILL');
      await harness?.close();
      await database?.drop();
      await kafka?.stop();
    });

    async function start(name: 'prover' | 'signer'): Promise<ChildProcess> {
      const port = await freePort();
      const keys =
        name === 'signer'
          ? { SOLVENT_MASTER_KEY: toHex(MASTER_KEY) }
          : { SOLVENT_PROVER_KEYS: serviceKeysText('prover', KEYS) };
      const child = spawn(process.execPath, [join(BUNDLES, `${name}.cjs`)], {
        env: {
          PATH: process.env.PATH,
          SOLVENT_DATABASE_URL: database.as(name),
          SOLVENT_KAFKA_BROKERS: kafka.brokers.join(','),
          SOLVENT_WITNESS_KEYS: WITNESS_KEYS,
          SOLVENT_REQUEST_KEY: REQUEST_KEY_TEXT,
          ...keys,
          SOLVENT_HTTP_PORT: String(port),
          SOLVENT_WORKERS: '1',
        },
        stdio: 'ignore',
      });
      processes.push(child);
      while (!(await isReady(port))) {
        if (child.exitCode !== null) throw new Error(`the ${name} ended (${child.exitCode}) as it started`);
        await soon();
      }
      return child;
    }

    test('one is killed at work: the other proves what is left, the signer signs, and they end in good order', async () => {
      const header = headerOf('november-2026');
      const ingested = await harness.plan(header, accountBatchesOf(11 * 4080 + 7));
      const [victim, heir, signer] = await Promise.all([start('prover'), start('prover'), start('signer')]);
      await harness.publish(ingested.jobs);
      await harness.ingested(ingested);
      // The victim may be within a proof, before a commit or after one: each is to be survived.
      while ((await harness.snapshots.progress(header.snapshot))!.proofs < 2) await soon();
      victim.kill('SIGKILL');
      await once(victim, 'exit');
      expect((await harness.snapshots.progress(header.snapshot))!.state).toBe('PROVING');
      expect(await harness.ended(header.snapshot)).toBe('PUBLISHED');
      expect(await harness.verdict(header.snapshot)).toMatchObject({
        valid: true,
        proofs: 12,
        manifest: { batchCount: 12, totals: [totalOf(ingested.batches)] },
      });
      for (const child of [heir, signer]) {
        child.kill('SIGTERM');
        const [code] = (await once(child, 'exit')) as [number | null];
        expect(code).toBe(0);
      }
    }, 240_000);
  },
  { own: true },
);

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
