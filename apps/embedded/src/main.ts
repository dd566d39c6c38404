import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { SolventError } from '@solvent/algebra';
import { demonstrate, guide, progressLines } from '@solvent/services/local';
import { startEmbedded } from './embedded-house';

interface Arguments {
  readonly accounts: number;
  readonly data: string;
  readonly port: number;
  readonly workers: number;
  readonly once: boolean;
}

const MOST_ACCOUNTS = 100_000_000;
const root = projectFolder();
const say = (line = '') => process.stdout.write(`${line}\n`);
const bold = (text: string) =>
  process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[22m` : text;

const program = new Command('npm start --')
  .description(
    'Starts Solvent on this machine, with nothing but Node: PostgreSQL, ingest, prover and gateway; proves a made-up exchange, publishes it, and serves it until Ctrl-C.',
  )
  .option('--accounts <N>', 'accounts of the made-up exchange', integer(1, MOST_ACCOUNTS), 10_000)
  .option('--data <DIR>', 'database, keys, balances and log', join(root, 'data'))
  .option('--port <N>', "the gateway's, on 127.0.0.1; 0 for any", integer(0, 65_535), 4000)
  .option('--workers <N>', 'proofs made side by side', integer(1, 256), availableParallelism())
  .option('--once', 'end when all is shown, instead of serving on')
  .action((options: Arguments) => run(options));

program.parseAsync().catch((failure: unknown) => {
  const error = explained(failure);
  const told = error instanceof SolventError;
  process.stderr.write(
    `${told ? `${error.message} (${error.code})` : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(told && error.kind === 'usage' ? 2 : 1);
});

async function run({ accounts, data, port, workers, once }: Arguments): Promise<void> {
  const directory = resolve(data);
  const started = performance.now();
  say(
    `\n${bold('Solvent')}: an exchange of ${accounts.toLocaleString('en')} made-up accounts, proved, published and served from this machine.\n`,
  );
  say(
    `Starting PostgreSQL, ingest, prover and gateway; everything is kept in ${relative(process.cwd(), directory) || '.'}/`,
  );
  const house = await startEmbedded({
    directory,
    port,
    workers,
    version: version(),
    say: (line) => say(`  ${line}`),
  });
  // From here on Ctrl-C ends everything in good order; a second one at once.
  let ending: Promise<void> | undefined;
  const end = () => {
    if (ending) process.exit(130);
    say('\nEnding … (Ctrl-C again ends at once)');
    ending = house.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  say(`  ready after ${seconds(started)}\n`);
  try {
    say('Requesting a snapshot of its balances …');
    const asked = performance.now();
    const shown = await demonstrate({ house, accounts, onProgress: progressLines(say) });
    say(shown.wasThere ? '  published by an earlier start' : `  published after ${seconds(asked)}`);
    say(guide(house, shown, directory));
    say(`${bold('Log')}      ${relative(process.cwd(), house.logFile)}`);
  } catch (error) {
    if (!ending) await house.stop();
    throw error;
  }
  if (once) {
    await house.stop();
    say('Ended, as --once says.');
    return;
  }
  say(`${bold('Serving until Ctrl-C.')}`);
}

/** What whoever starts it can do something about. */
function explained(error: unknown): unknown {
  const { code, port } = error instanceof Error ? (error as NodeJS.ErrnoException & { port?: number }) : {};
  if (code !== 'EADDRINUSE') return error;
  const message = `port ${port} of 127.0.0.1 is taken: end what listens there, or give another one with --port (0 for any)`;
  return new SolventError('PORT_TAKEN', 'usage', message);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
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

function version(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}
