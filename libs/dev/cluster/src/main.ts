import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { startEmbeddedPostgres } from '@solvent-por/dev/embedded-postgres';
import { ApiKeyRepository, openDatabase } from '@solvent-por/services/database';
import {
  demonstrate,
  guide,
  LocalProgram,
  openSecrets,
  keptApiKey,
  prepareDatabase,
  progressLines,
  integerOption,
  projectFolder,
} from '@solvent-por/dev/local';
import { shellWord } from '@solvent-por/shared/terminal';
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
const local = new LocalProgram();
const { say } = local;
let serveOn = false;

const program = new Command('npm run dev:cluster --')
  .description(
    'Starts ingest, provers, the signer and the gateway as processes of their own over a real Kafka and a real PostgreSQL, proves a made-up exchange and serves it until Ctrl-C.',
  )
  .option('--accounts <N>', 'accounts of the made-up exchange', integerOption(1, 100_000_000), 10_000)
  .option('--provers <N>', 'provers, one core each', integerOption(1, 64), 2)
  .option('--port <N>', "the gateway's, on 127.0.0.1", integerOption(1, 65_535), 4000)
  .option('--data <DIR>', 'database, keys, balances, logs', join(root, 'data', 'cluster'))
  .option(
    '--brokers <LIST>',
    'Kafka at host:port,…; without it a local broker is started (Java 17 and Maven)',
  )
  .option('--database-url <URL>', 'PostgreSQL, as its superuser; without it an embedded one is started')
  .option('--once', 'end when all is shown, instead of serving on')
  .exitOverride(({ exitCode }) => local.endAtOnce(exitCode === 0 ? 0 : 2))
  .action((options: Arguments) => run(options));

void local.run(async () => {
  await program.parseAsync();
  return { serveOn };
});

async function run({ accounts, provers, port, data, once, ...given }: Arguments): Promise<void> {
  const directory = resolve(data);
  const sourceDirectory = join(directory, 'source');
  await mkdir(sourceDirectory, { recursive: true });
  const { masterKey, witnessKeys, requestKey, keys } = await openSecrets(directory);
  const databases = await prepareDatabase(given.databaseUrl ?? (await localPostgres(directory)), directory);
  const apiKey = await keptApiKey(directory, 'operator', async () => {
    const database = openDatabase(databases.migrator);
    const key = { name: 'dev:cluster', role: 'OPERATOR', createdBy: 'dev:cluster' } as const;
    return (await new ApiKeyRepository(database).create(key).finally(() => database.close())).key;
  });
  const brokers = given.brokers?.split(',') ?? (await localKafka(directory));
  const logs = join(directory, 'logs');
  say(
    `Starting ingest, ${provers} prover(s), the signer and the gateway; logs in ${shellWord(relative(process.cwd(), logs))}/`,
  );
  const cluster = await Cluster.prepare({
    ...{ bundles: __dirname, logs, databases, brokers, sourceDirectory },
    ...{ masterKey, witnessKeys, requestKey, provers, gatewayPort: port },
    environment: { SOLVENT_OPERATOR: keys.operator, SOLVENT_INTROSPECTION: 'true' },
  });
  await local.start(
    () => cluster.start(),
    () => cluster.stop(),
  );
  for (const { options, pid } of cluster.services) say(`  ${options.name}: ${options.url}, pid ${pid}`);
  const services = {
    url: cluster.url,
    operator: keys.operator,
    apiKey,
    sourceDirectory,
    signing: keys.signing,
  };
  say('Requesting a snapshot …');
  say(guide(services, await demonstrate({ services, accounts, onProgress: progressLines(say) }), directory));
  local.done();
  serveOn = !once;
  if (serveOn) say('Serving until Ctrl-C.');
}

async function localPostgres(directory: string): Promise<string> {
  say('Starting PostgreSQL …');
  const postgres = await local.start(
    () => startEmbeddedPostgres({ directory: join(directory, 'postgres'), log: say }),
    (started) => started.stop(),
  );
  if (postgres.recovered !== undefined) say(postgres.recovered);
  return postgres.url;
}

/** A broker of the project's own script; it ends when we do, however that is. */
async function localKafka(directory: string): Promise<string[]> {
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
  const line = await local.start(
    () =>
      Promise.race([
        new Promise<string>((ready) => createInterface({ input: child.stdout }).once('line', ready)),
        ended.then(() => undefined),
      ]),
    async () => {
      child.stdin.end();
      await ended;
    },
  );
  if (line === undefined) throw new Error('Kafka did not start: give the address of one with --brokers');
  return (JSON.parse(line) as { brokers: string[] }).brokers;
}
