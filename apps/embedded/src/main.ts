import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { SolventError } from '@solvent-por/kzg';
import {
  DEMONSTRATION_VALUES,
  demonstrate,
  guide,
  hasClaimKeys,
  installClaimKeys,
  LocalProgram,
  makeClaimKeys,
  progressLines,
  integerOption,
  projectFolder,
} from '@solvent-por/dev/local';
import { packageVersion } from '@solvent-por/services/kit';
import { shellWord } from '@solvent-por/shared/terminal';
import { startEmbedded } from './embedded-services';

interface Arguments {
  readonly accounts: number;
  readonly data: string;
  readonly port: number;
  readonly workers: number;
  readonly once: boolean;
  readonly claims?: true;
}

const MOST_ACCOUNTS = 100_000_000;
const root = projectFolder();
const local = new LocalProgram();
const { say } = local;
let serveOn = false;

const program = new Command('npm start --')
  .description(
    'Starts Solvent on this machine, with nothing but Node: PostgreSQL, ingest, prover, signer and gateway; proves a made-up exchange, publishes it, and serves it until Ctrl-C.',
  )
  .option('--accounts <N>', 'accounts of the made-up exchange', integerOption(1, MOST_ACCOUNTS), 10_000)
  .option('--data <DIR>', 'database, keys, balances and log', join(root, 'data'))
  .option('--port <N>', "the gateway's, on 127.0.0.1; 0 for any", integerOption(0, 65_535), 4000)
  .option('--workers <N>', 'proofs made side by side', integerOption(1, 256), availableParallelism())
  .option('--claims', 'offer private claims, with a development set-up (made once, within a minute)')
  .option('--once', 'end when all is shown, instead of serving on')
  .exitOverride(({ exitCode }) => local.endAtOnce(exitCode === 0 ? 0 : 2))
  .action((options: Arguments) => run(options));

void local.run(async () => {
  await program.parseAsync();
  return { serveOn };
});

async function run({ accounts, data, port, workers, once, claims }: Arguments): Promise<void> {
  const directory = resolve(data);
  const started = performance.now();
  say(
    `\n${local.bold('Solvent')}: an exchange of ${accounts.toLocaleString('en')} made-up accounts, proved, published and served from this machine.\n`,
  );
  say(
    `Starting PostgreSQL, ingest, prover, signer and gateway; everything is kept in ${shellWord(relative(process.cwd(), directory) || '.')}/`,
  );
  const keys = claims || hasClaimKeys(directory) ? await claimKeys(directory) : undefined;
  const services = await local.start(
    () =>
      startEmbedded({
        directory,
        port,
        workers,
        claimKeys: keys?.folder,
        version: packageVersion(),
        say: (line) => say(`  ${line}`),
      }).catch(explained),
    (started) => started.stop(),
  );
  say(`  ready after ${seconds(started)}\n`);
  say('Requesting a snapshot of its balances …');
  const asked = performance.now();
  const shown = await demonstrate({
    services,
    accounts,
    claimKey: keys?.digest,
    onProgress: progressLines(say),
  });
  say(shown.wasThere ? '  published by an earlier start' : `  published after ${seconds(asked)}`);
  say(guide(services, shown, directory));
  say(`${local.bold('Log')}      ${shellWord(relative(process.cwd(), services.logFile))}`);
  local.done();
  serveOn = !once;
  say(once ? 'Ending, as --once says.' : local.bold('Serving until Ctrl-C.'));
}

/** Made once for this machine, then kept with the data: a later start offers claims, too. */
async function claimKeys(directory: string): Promise<{ readonly folder: string; readonly digest: string }> {
  const making = await local.start(
    () => makeClaimKeys(root, DEMONSTRATION_VALUES),
    (begun) => begun.end(),
  );
  if (!making.wasThere) say('  making a development set-up of private claims, once: about a minute');
  return installClaimKeys(await making.folder, directory);
}

/** What whoever starts it can do something about. */
function explained(error: unknown): never {
  if (!(error instanceof SolventError) || error.code !== 'PORT_TAKEN') throw error;
  const { port } = error.details;
  const message = `port ${port} of 127.0.0.1 is taken: end what listens there, or give another one with --port (0 for any)`;
  throw new SolventError('PORT_TAKEN', 'usage', message);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
