import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { SolventError } from '@solvent-por/kzg';
import { lockBeside, lockFolder, PRIVATE_DIRECTORY } from '@solvent-por/snapshot/files';
import {
  linesCoding,
  PACK_INDEX,
  proveInclusionLines,
  proveInclusions,
  refuseWithoutClaims,
  type InclusionsProgress,
  type ProvedInclusions,
  type UserDocuments,
} from '@solvent-por/prover';
import { shellWord } from '@solvent-por/shared/terminal';
import { defaultWorkers, sayTidied, workersArgument, type AccountOptions } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { count, duration, plural, rate } from '../format';
import { holdOutput } from '../hold-output';
import { sealAccounts, type SealArguments } from '../seal-accounts';
import { inWitness, wantedAccounts, type WantedAccounts } from '../wanted-accounts';
import { examples, type Run } from './command';

interface ProveUserArguments extends AccountOptions, SealArguments {
  readonly witness: string;
  readonly keys?: string;
  readonly all?: true;
  readonly format: 'files' | 'ndjson' | 'sealed';
  readonly output: string;
  readonly claims?: string;
  readonly workers: number;
}

/** Most accounts that are missing which are named one by one. */
const MOST_NAMED = 20;

export function registerProveUser(program: Command, run: Run): void {
  program
    .command('prove-user')
    .summary('write the inclusion proofs of one account, a list, or all')
    .description(
      "Writes accounts' inclusion proofs: of one account, of a list, or of all of a snapshot. --format files: one file each, named by a digest of the account's id in this " +
        'snapshot, in folders of at most 4,096 files, beside manifest.json and index.ndjson, which says which files there are; ndjson: one file with a line for each account; sealed: a folder to be published, of which everybody can read their own entry alone. ' +
        'A proof shows one balance: give it to its owner alone. A run that was stopped goes on when the same command is given again.',
    )
    .requiredOption('--witness <DIR>', 'the folder witness/ that `solvent prove` wrote')
    .option('--key <0x…>', 'one account key: 64 hex digits, as in the balance files')
    .option('--identifier <TEXT>', 'one account by its plain identifier, hashed here')
    .option(
      '--keys <FILE>',
      'account keys, one a line, at most 1,000,000; quotes, blanks and 0X are forgiven',
    )
    .option('--all', 'every account of the snapshot')
    .addOption(
      new Option('--format <format>', 'a file for each account, one file of lines, or a sealed bundle')
        .choices(['files', 'ndjson', 'sealed'])
        .default('files'),
    )
    .requiredOption(
      '--output <PATH>',
      'files: a folder; one that holds proofs of another snapshot is refused. ndjson: a new file, compressed where its name ends with .gz or .zst; names of other forms (.zip, …) are refused. sealed: a new folder',
    )
    .option(
      '--claims <PATH>',
      "files and ndjson: also write, in the same format, each account's claim file, which its owner makes private claims with; a place of its own, for a snapshot proved with `claims`",
    )
    .option('--input <DIR>', 'sealed: the balance files that the snapshot was proved from')
    .option('--config <FILE>', 'sealed: the configuration that it was proved with')
    .option(
      '--keys-are-secret',
      'sealed: your word that every account key has 128 bits that only its user and you know',
    )
    .option('--workers <N>', 'worker threads', workersArgument, defaultWorkers())
    .addHelpText(
      'after',
      examples(
        'solvent prove-user --witness demo/published/witness --all --output demo/published/user_proofs',
        'solvent prove-user --witness demo/published/witness --all --format ndjson --output proofs.ndjson.gz',
        'solvent prove-user --witness demo/published/witness --keys keys.txt --output for-support',
        'solvent prove-user --witness demo/published/witness --all --output user_proofs --claims user_claims',
        'solvent prove-user --witness demo/published/witness --all --format sealed --keys-are-secret --input demo/accounts --config demo/snapshot.json --output bundle',
      ),
    )
    .action((options: ProveUserArguments) => run('prove-user', (context) => proveUser(options, context)));
}

async function proveUser(options: ProveUserArguments, context: Context): Promise<Outcome> {
  const { format, output, claims } = options;
  const { say, style } = context;
  if (claims !== undefined) await refuseClaims(claims, options);
  if (format === 'sealed') return sealAccounts(options, context);
  if (format === 'ndjson') linesCoding(output);
  const accounts = await wantedAccounts(options);
  const noted = sayTidied(accounts.tidied, context);
  const { written, resumed, missing, levels } = await made('inclusions', options, accounts, context);
  if (written > 0 && format === 'files')
    say(
      `  ${shellWord(join(output, PACK_INDEX))} says which: \`solvent verify\` tells whether one is missing`,
    );
  if (claims !== undefined) {
    const ofClaims = await made('claims', { ...options, output: claims }, accounts, context);
    if (ofClaims.written > 0)
      say(
        `${style.warning} whoever has a claim file can make claims for its account: give each to its owner alone`,
      );
  }
  const names = await accounts.missing(missing);
  const document = {
    output,
    format,
    written,
    resumed,
    ...(claims !== undefined && { claims }),
    ...(levels !== undefined && accounts.files(missing, levels)),
    missing: names.map(({ name }) => name),
    ...noted,
  };
  if (names.length === 0) return { exitCode: EXIT.valid, document };
  sayMissing(names, context);
  const message = `${plural(names.length, 'account')} not in this snapshot`;
  return { exitCode: EXIT.invalid, document: { code: 'ACCOUNT_UNKNOWN', message, ...document } };
}

function sayMissing(
  names: readonly { readonly name: string; readonly hint?: string }[],
  { complain, style }: Context,
): void {
  for (const { name, hint } of names.slice(0, MOST_NAMED))
    complain(`${style.cross} ${name} is not in this snapshot${hint === undefined ? '' : `: ${hint}`}`);
  if (names.length > MOST_NAMED)
    complain(`${style.cross} nor are ${plural(names.length - MOST_NAMED, 'other account')}`);
}

/** What can be refused before hours of work. @throws SolventError OPTIONS, CLAIMS_NOT_OFFERED, … (usage) */
async function refuseClaims(claims: string, { format, output, witness }: ProveUserArguments): Promise<void> {
  const refuse = (message: string) => {
    throw new SolventError('OPTIONS', 'usage', message);
  };
  if (format === 'sealed')
    refuse(
      'a sealed bundle holds no claim files, for it is published: write them with --format files or ndjson, and hand each to its owner',
    );
  if (resolve(claims) === resolve(output))
    refuse('claim files have the names of inclusion proofs: give --claims another place than --output');
  if (format === 'ndjson') linesCoding(claims);
  await inWitness(witness, async ({ manifest }) => refuseWithoutClaims(manifest));
}

/** Makes them, and says so. */
async function made(
  documents: UserDocuments,
  options: ProveUserArguments,
  accounts: WantedAccounts,
  context: Context,
): Promise<ProvedInclusions> {
  const { say, style } = context;
  const name = documents === 'claims' ? 'claim file' : 'inclusion proof';
  const started = performance.now();
  const result = await proved(documents, options, accounts, context);
  const took = performance.now() - started;
  const { written, resumed } = result;
  if (resumed > 0) say(`${style.tick} ${plural(resumed, name)} written by an earlier run`);
  if (written > 0)
    say(
      `${style.tick} ${plural(written, name)} in ${shellWord(options.output)}, ${duration(took)} (${rate(written - resumed, took, 'accounts')})`,
    );
  return result;
}

function proved(
  documents: UserDocuments,
  { format, witness, output, workers }: ProveUserArguments,
  { ids }: WantedAccounts,
  context: Context,
): Promise<ProvedInclusions> {
  const lock =
    format === 'files'
      ? lockFolder(output, 'solvent prove-user', PRIVATE_DIRECTORY)
      : lockBeside(output, 'solvent prove-user', PRIVATE_DIRECTORY);
  context.interruptible(
    'stopping after the batches under way … (Ctrl-C again ends at once; either way the same command goes on from here)',
  );
  const progress = context.progress(documents === 'claims' ? 'writing claim files' : 'proving accounts');
  const started = performance.now();
  const common = {
    ...{ witness, ids, documents, output, workers },
    signal: context.signal,
    onProgress: (now: InclusionsProgress) =>
      progress.update(now.written, now.wanted, pace(now, performance.now() - started)),
  };
  return holdOutput(lock, context, () =>
    format === 'files' ? proveInclusions({ ...common, lock }) : proveInclusionLines(common),
  ).finally(() => progress.stop());
}

/** `40,800 of 262,144, 3,021 accounts/s, 1 min 13 s left` */
function pace({ written, wanted, resumed }: InclusionsProgress, milliseconds: number): string {
  const made = written - resumed;
  const of = `${count(written)} of ${count(wanted)}`;
  if (made === 0) return of;
  const now = `${of}, ${rate(made, milliseconds, 'accounts')}`;
  return written === wanted ? now : `${now}, ${duration(((wanted - written) * milliseconds) / made)} left`;
}
