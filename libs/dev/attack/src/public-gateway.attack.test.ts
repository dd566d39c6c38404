import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import {
  describeWithKafka,
  testKafka,
  testPostgres,
  type TestKafka,
  type TestPostgres,
} from '@solvent-por/dev/servers';
import { ClusterHarness } from '../../cluster/testing/cluster-harness';
import { accountIds } from '../../cluster/testing/made-balances';

/**
 * Each attack comes from one address, as from one stranger, and from another than those before: their allowance
 * is used up. Whom it may harm is at another.
 */
const stranger = (attack: string) => `127.0.1.${1 + NAMES.indexOf(attack)}`;
const BYSTANDER = '127.0.0.2';
const SECONDS = 10;
/** Where orchestrators would end the process. */
const LIMIT_MIB = 1024;
/** Generous, since machines differ; what was found took between 14 s and for ever. */
const HEALTH_P99_MS = 500;
/** Connections that are held open when a gateway is to end; of its own there are a dozen. */
const HELD = 300;
/** As orchestrators do. */
const KILLED_AFTER_SECONDS = 30;

const NAMES = JSON.parse(
  execFileSync(process.execPath, [join(__dirname, 'run.mjs'), '--names'], { encoding: 'utf8' }),
) as string[];

interface Seen {
  readonly health: number[];
  readonly lookUps: number[];
  readonly failed: string[];
}

describeWithKafka(
  'one stranger cannot keep others from a gateway with default limits',
  () => {
    let kafka: TestKafka;
    let postgres: TestPostgres;
    let harness: ClusterHarness;
    let bystander: object;
    let target: object;

    beforeAll(async () => {
      [kafka, postgres] = await Promise.all([testKafka().then((broker) => broker!), testPostgres()]);
      harness = await ClusterHarness.prepare({ databaseUrl: postgres.url, brokers: kafka.brokers });
      await harness.start();
      const made = await harness.balances({
        snapshotId: 'attacked',
        takenAt: '2026-01-01T00:00:00Z',
        accounts: 60_000,
        mode: 'aggregate',
      });
      await harness.request(made);
      await harness.expectWhole(made);
      // What is attacked is the gateway: the others' cores are for those who attack and look.
      await Promise.all(
        [harness.cluster.ingest, ...harness.cluster.provers].map((service) => service.stop()),
      );
      const { hostname, port } = new URL(harness.cluster.url);
      const ids = await accountIds(made, 20);
      const { inclusionProof } = await harness.query<{ inclusionProof: { document: string } }>(
        'query ($s: String!, $a: String!) { inclusionProof(snapshotId: $s, accountId: $a) { document } }',
        { s: made.snapshotId, a: ids[0]! },
      );
      const common = { host: hostname, port: Number(port), snapshotId: made.snapshotId };
      bystander = { ...common, from: BYSTANDER, accountIds: ids };
      target = { ...common, inclusion: inclusionProof.document };
      // Once, so that they are kept: the first of a batch computes, whoever asks.
      for (const id of ids)
        await harness.query(
          'query ($s: String!, $a: String!) { inclusionProof(snapshotId: $s, accountId: $a) { accountId } }',
          { s: made.snapshotId, a: id },
        );
    });

    afterAll(async () => {
      await harness?.close();
      await Promise.all([kafka?.stop(), postgres?.stop()]);
    });

    afterEach(async () => {
      const { gateway } = harness.cluster;
      if (!gateway.isRunning) await gateway.start();
    });

    test.each(NAMES)('%s', async (name) => {
      const { gateway } = harness.cluster;
      const pid = gateway.pid!;
      const attacked = JSON.stringify({ ...target, from: stranger(name) });
      const memory = watchMemory(pid);
      const watching = script('bystander.mjs', JSON.stringify(bystander));
      const outcomes = await script('run.mjs', name, String(SECONDS), attacked).output();
      const seen = JSON.parse(await watching.output()) as Seen;
      const mebibytes = memory.end();
      const p99 = [...seen.health].sort((a, b) => a - b)[Math.floor(seen.health.length * 0.99)]!;
      process.stdout.write(
        `${name}: health p99 ${p99.toFixed(0)} ms, longest look-up ${Math.max(...seen.lookUps).toFixed(0)} ms, ${mebibytes} MiB, ${outcomes.trim()}\n`,
      );
      expect(seen.failed).toEqual([]);
      expect(seen.lookUps.length).toBeGreaterThanOrEqual(SECONDS / 2 - 1);
      expect(p99).toBeLessThan(HEALTH_P99_MS);
      expect(mebibytes).toBeLessThan(LIMIT_MIB);
      // Neither ended nor started again.
      expect(gateway.isRunning).toBe(true);
      expect(gateway.pid).toBe(pid);
    });

    test('SIGTERM ends a gateway before it is killed, whoever holds connections open', async () => {
      const { gateway } = harness.cluster;
      const held = NAMES.filter((name) => /never|say nothing/.test(name)).map((name, at) =>
        script('run.mjs', name, '20', JSON.stringify({ ...target, from: `127.0.2.${at + 1}` })),
      );
      while (connectionsTo(new URL(harness.cluster.url).port) < HELD) await pause(100);
      const began = performance.now();
      await gateway.stop();
      const seconds = (performance.now() - began) / 1000;
      process.stdout.write(`SIGTERM: ended in ${seconds.toFixed(1)} s\n`);
      expect(seconds).toBeLessThan(KILLED_AFTER_SECONDS);
      await Promise.all(held.map((attack) => attack.output()));
    });
  },
  { own: true },
);

/** One of this folder's programs. `output` tells it to end, and gives what it wrote. */
function script(file: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(__dirname, file), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return {
    output(): Promise<string> {
      child.stdin.end();
      return text(child.stdout);
    },
  };
}

/** The most that a process has had in memory, asked ten times a second; above the limit it is killed. */
function watchMemory(pid: number) {
  let most = 0;
  const timer = setInterval(() => {
    const resident = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    most = Math.max(most, Math.round(resident / 1024));
    if (most >= LIMIT_MIB) process.kill(pid, 'SIGKILL');
  }, 100);
  return {
    end(): number {
      clearInterval(timer);
      return most;
    },
  };
}

/** Established connections to a port of this machine, as Linux lists them. */
function connectionsTo(port: string): number {
  const local = `:${Number(port).toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .filter(([, address, , state]) => address?.endsWith(local) && state === '01').length;
}
