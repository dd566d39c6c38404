import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Command, InvalidArgumentError } from 'commander';
import { ApiKeyRepository, migrate, openDatabase, startEmbeddedPostgres } from '@solvent/persistence';
import { demonstrate, guide, openSecrets, operatorApiKey, progressLines } from '@solvent/services/local';
import { Cluster } from './cluster';

interface Arguments {
  readonly accounts: number;
  readonly provers: number;
  readonly port: number;
  readonly data: string;
  readonly brokers?: string;
  readonly databaseUrl?: string;
  readonly once: boolean;
}

const root = projectFolder();
const say = (line = '') => process.stdout.write(`${line}\n`);

const program = new Command('npm run dev:cluster --')
  .description(
    'Starts ingest, provers and the gateway as processes of their own over a real Kafka and a real PostgreSQL, proves a made-up exchange and serves it until Ctrl-C.',
  )
  .option('--accounts <N>', 'accounts of the made-up exchange', integer(1, 100_000_000), 10_000)
  .option('--provers <N>', 'provers, one core each', integer(1, 64), 2)
  .option('--port <N>', "the gateway's, on 127.0.0.1", integer(1, 65_535), 4000)
  .option('--data <DIR>', 'database, keys, balances, logs', join(root, 'data', 'cluster'))
  .option(
    '--brokers <LIST>',
    'Kafka at host:port,…; without it a local broker is started (Java 17 and Maven)',
  )
  .option('--database-url <URL>', 'PostgreSQL; without it an embedded one is started')
  .option('--once', 'end when all is shown, instead of serving on')
  .action((options: Arguments) => run(options));

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

async function run({ accounts, provers, port, data, once, ...given }: Arguments): Promise<void> {
  const directory = resolve(data);
  const sourceDirectory = join(directory, 'source');
  await mkdir(sourceDirectory, { recursive: true });
  const closing: (() => Promise<unknown>)[] = [];
  let ending: Promise<void> | undefined;
  const end = () => (ending ??= inReverse(closing));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (ending) process.exit(130);
      say('\nEnding … (Ctrl-C again ends at once)');
      void end().then(() => process.exit(0));
    });
  try {
    const { masterKey, witnessKeys, keys } = await openSecrets(directory);
    const databaseUrl = given.databaseUrl ?? (await localPostgres(directory, closing));
    await migrate(databaseUrl);
    const apiKey = await operatorApiKey(directory, async () => {
      const database = openDatabase(databaseUrl);
      const key = { name: 'dev:cluster', role: 'OPERATOR', createdBy: 'dev:cluster' } as const;
      return (await new ApiKeyRepository(database).create(key).finally(() => database.close())).key;
    });
    const brokers = given.brokers?.split(',') ?? (await localKafka(directory, closing));
    say(
      `Starting ingest, ${provers} prover(s) and the gateway; logs in ${relative(process.cwd(), join(directory, 'logs'))}/`,
    );
    const cluster = await Cluster.start({
      ...{ bundles: __dirname, logs: join(directory, 'logs'), databaseUrl, brokers, sourceDirectory },
      ...{ masterKey, witnessKeys, provers, gatewayPort: port },
      environment: { SOLVENT_OPERATOR: keys.operator, SOLVENT_INTROSPECTION: 'true' },
    });
    closing.push(() => cluster.stop());
    for (const { options, pid } of cluster.services) say(`  ${options.name}: ${options.url}, pid ${pid}`);
    const house = { url: cluster.url, operator: keys.operator, apiKey, sourceDirectory };
    say('Requesting a snapshot …');
    say(guide(house, await demonstrate({ house, accounts, onProgress: progressLines(say) }), directory));
    if (!once) {
      say('Serving until Ctrl-C.');
      return;
    }
  } catch (error) {
    if (!ending) await end();
    throw error;
  }
  await end();
}

async function localPostgres(directory: string, closing: (() => Promise<unknown>)[]): Promise<string> {
  say('Starting PostgreSQL …');
  const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), log: say });
  if (postgres.recovered !== undefined) say(postgres.recovered);
  closing.push(() => postgres.stop());
  return postgres.url;
}

/** A broker of the project's own script; it ends when we do, however that is. */
async function localKafka(directory: string, closing: (() => Promise<unknown>)[]): Promise<string[]> {
  say('Starting Kafka …');
  const script = join(root, 'infra', 'kafka', 'local-kafka.mjs');
  const child = spawn(
    process.execPath,
    [script, 'run', '--directory', join(directory, 'kafka'), '--with-stdin'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      // Ctrl-C is for us: the broker ends last.
      detached: true,
    },
  );
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  closing.push(async () => {
    child.stdin.end();
    await ended;
  });
  const line = await Promise.race([
    new Promise<string>((ready) => createInterface({ input: child.stdout }).once('line', ready)),
    ended.then(() => undefined),
  ]);
  if (line === undefined) throw new Error('Kafka did not start: give the address of one with --brokers');
  return (JSON.parse(line) as { brokers: string[] }).brokers;
}

async function inReverse(closing: (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

function integer(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^(?:0|[1-9][0-9]{0,8})$/.test(text) ? Number(text) : NaN;
    if (!(value >= minimum && value <= maximum))
      throw new InvalidArgumentError(`It must be an integer in ${minimum}…${maximum}.`);
    return value;
  };
}

/** Where package.json is, above the bundle. */
function projectFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'package.json'))) return folder;
  return process.cwd();
}
