import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runDirectory, sharedServer } from './shared-server';

const SCRIPT = join(__dirname, '../../../../infra/kafka/local-kafka.mjs');

/** A broker of one test's own. */
export interface TestKafka {
  readonly brokers: string[];
  readonly isRunning: boolean;
  /** Ends it in good order, and starts it again on the same data and port. */
  restart(): Promise<void>;
  /** SIGKILL: as a crash would end it. `restart` starts it again. */
  kill(): Promise<void>;
  /** Ends it for good and removes what it kept. */
  stop(): Promise<void>;
}

let reason: string | undefined | null = null;

/** Why this machine cannot run a broker; undefined when it can. */
export function whyNoKafka(): string | undefined {
  if (reason === null) {
    const question = `import('${SCRIPT}').then(({ whyNoKafka }) => console.log(whyNoKafka() ?? ''))`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', question], {
      encoding: 'utf8',
    });
    reason = stdout.trim() || stderr.trim() || undefined;
  }
  return reason;
}

/**
 * Tests that need a broker. Where there can be none they are skipped, with one line that says how to enable
 * them; in CI that is a failure.
 * @param own whether they start brokers of their own, for which an address that is given is of no use
 */
export function describeWithKafka(name: string, tests: () => void, { own = false } = {}): void {
  const missing = !own && givenBrokers() ? undefined : whyNoKafka();
  if (missing === undefined) return describe(name, tests);
  const hint = `tests of ${name} need a Kafka broker: ${missing}. Install a JDK 17 and Maven${own ? '' : ', or set SOLVENT_TEST_KAFKA_BROKERS=host:port'}.`;
  if (process.env.CI === 'true')
    return describe(name, () => {
      test('a broker is there', () => {
        throw new Error(hint);
      });
    });
  process.stderr.write(`\n*** SKIPPED: ${hint} ***\n\n`);
  describe.skip(name, tests);
}

/**
 * The broker that all tests of this run share, or that SOLVENT_TEST_KAFKA_BROKERS names: each test uses
 * topics and groups of its own names.
 */
export async function sharedKafka(): Promise<string[]> {
  const given = givenBrokers();
  if (given) return given;
  const address = await sharedServer('kafka', async () => {
    const directory = mkdtempSync(join(runDirectory(), 'kafka-'));
    const broker = await Broker.start(directory, undefined, 'detached');
    return { pid: broker.supervisor, directory, signal: 'SIGTERM', address: broker.brokers.join(',') };
  });
  return address.split(',');
}

export interface TestKafkaOptions {
  /** More of server.properties. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Users, as NAME=PASSWORD, for a listener that wants one. */
  readonly scram?: readonly string[];
}

/**
 * A broker of one's own, for tests that restart it or use the services' real topics; undefined where none can
 * be run.
 */
export async function testKafka(options: TestKafkaOptions = {}): Promise<TestKafka | undefined> {
  if (whyNoKafka() !== undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'solvent-test-kafka-'));
  let broker = await Broker.start(directory, undefined, 'attached', options);
  const { brokers, port } = broker;
  return {
    brokers,
    get isRunning() {
      return broker.isRunning;
    },
    async restart() {
      await broker.end();
      broker = await Broker.start(directory, port, 'attached', options);
    },
    kill: () => broker.kill(),
    async stop() {
      await broker.end();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function givenBrokers(): string[] | undefined {
  const given = process.env.SOLVENT_TEST_KAFKA_BROKERS;
  return given ? given.split(',') : undefined;
}

interface Ready {
  readonly brokers: string[];
  readonly port: number;
  readonly pid: number;
}

/**
 * A broker and the process of infra/kafka that watches over it: when this process ends, however it ends, so
 * do they.
 */
class Broker {
  #isRunning = true;

  private constructor(
    readonly supervisor: number,
    readonly brokers: string[],
    readonly port: number,
    private readonly pid: number,
    private readonly ended: Promise<void>,
  ) {
    void ended.then(() => (this.#isRunning = false));
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** @param bond `attached`: it ends with this process; `detached`: with the run of jest */
  static async start(
    directory: string,
    port: number | undefined,
    bond: 'attached' | 'detached',
    { settings = {}, scram = [] }: TestKafkaOptions = {},
  ): Promise<Broker> {
    const bonds = {
      attached: ['--with-stdin'],
      detached: ['--while-pid', String(jestProcess()), '--temporary'],
    };
    const sets = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const child = spawn(
      process.execPath,
      [
        ...[SCRIPT, 'run', '--directory', directory, ...bonds[bond], ...sets],
        ...(port === undefined ? [] : ['--port', String(port)]),
        ...scram.flatMap((user) => ['--scram', user]),
      ],
      { stdio: ['pipe', 'pipe', 'pipe'], detached: bond === 'detached' },
    );
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const line = await Promise.race([
      new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve)),
      ended.then(() => undefined),
    ]);
    if (line === undefined) throw new Error(`Kafka did not start: ${errors}`);
    if (bond === 'detached') {
      child.unref();
      for (const stream of child.stdio) stream?.destroy();
    }
    const { brokers, port: listens, pid } = JSON.parse(line) as Ready;
    return new Broker(child.pid!, brokers, listens, pid, ended);
  }

  async end(): Promise<void> {
    send(this.supervisor, 'SIGTERM');
    await this.ended;
  }

  async kill(): Promise<void> {
    send(this.pid, 'SIGKILL');
    await this.ended;
  }
}

/** Of the folder's name that jest/global-setup.cjs gives a run. */
function jestProcess(): number {
  return Number(/solvent-test-run-(\d+)-/.exec(runDirectory())?.[1] ?? process.pid);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}
