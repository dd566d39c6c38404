import type { Command } from 'commander';
import { SolventError, toHex } from '@solvent/algebra';
import { lockFolder, PRIVATE_DIRECTORY } from '@solvent/files';
import { proveInclusions, WitnessDirectory } from '@solvent/proof/prove';
import { readAccountIds } from '../account-ids';
import { defaultWorkers, givenAccountId, sayTidied, workersArgument, type Given } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { duration, plural, rate, shortId } from '../format';
import { holdOutput } from '../hold-output';
import { shellWord } from '../shell-word';
import { examples, type Run } from './command';

interface ProveUserArguments {
  readonly witness: string;
  readonly id?: string;
  readonly identifier?: string;
  readonly ids?: string;
  readonly all?: true;
  readonly output: string;
  readonly workers: number;
}

/** Most ids that are missing which are named one by one. */
const MOST_NAMED = 20;

export function registerProveUser(program: Command, run: Run): void {
  program
    .command('prove-user')
    .summary('write the inclusion proofs of one account, a list, or all')
    .description(
      "Writes <id>.json, an account's inclusion proof, for one account, for a list, or for all of a snapshot. " +
        'A proof shows one balance: give it to its owner alone.',
    )
    .requiredOption('--witness <DIR>', 'the folder witness/ that `solvent prove` wrote')
    .option('--id <0x…>', 'one account id: 64 hex digits')
    .option('--identifier <TEXT>', 'one account by its plain identifier, hashed here')
    .option('--ids <FILE>', 'account ids, one a line, at most 1,000,000; quotes, blanks and 0X are forgiven')
    .option('--all', 'every account of the snapshot')
    .requiredOption(
      '--output <DIR>',
      'folder for the proofs; one that holds proofs of another snapshot is refused',
    )
    .option('--workers <N>', 'worker threads', workersArgument, defaultWorkers())
    .addHelpText(
      'after',
      examples(
        'solvent prove-user --witness demo/published/witness --all --output demo/published/user_proofs',
        'solvent prove-user --witness demo/published/witness --ids ids.txt --output for-support',
      ),
    )
    .action((options: ProveUserArguments) => run('prove-user', (context) => proveUser(options, context)));
}

async function proveUser(options: ProveUserArguments, context: Context): Promise<Outcome> {
  const { witness, output, workers } = options;
  const { say, complain, style } = context;
  const { value: ids, tidied } = await wantedIds(options);
  const noted = sayTidied(tidied, context);
  const progress = context.progress('proving accounts');
  const started = performance.now();
  const lock = lockFolder(output, 'solvent prove-user', PRIVATE_DIRECTORY);
  const { written, missing } = await holdOutput(lock, context, () =>
    proveInclusions({
      witness,
      ids,
      output,
      lock,
      workers,
      onProgress: ({ written: done, wanted }) =>
        progress.update(done, wanted, rate(done, performance.now() - started, 'accounts')),
    }),
  ).finally(() => progress.stop());
  const took = performance.now() - started;
  const names = missing.map((id) => shortId(toHex(id)));
  if (written > 0)
    say(
      `${style.tick} ${plural(written, 'inclusion proof')} in ${shellWord(output)}, ${duration(took)} (${rate(written, took, 'accounts')})`,
    );
  for (const name of names.slice(0, MOST_NAMED))
    complain(`${style.cross} account ${name} is not in this snapshot`);
  if (names.length > MOST_NAMED)
    complain(`${style.cross} nor are ${plural(names.length - MOST_NAMED, 'other account')}`);
  if (missing.length > 0)
    return {
      exitCode: EXIT.invalid,
      document: {
        code: 'ACCOUNT_UNKNOWN',
        message: `${plural(missing.length, 'account id')} not in this snapshot`,
        output,
        written,
        missing: names,
        ...noted,
      },
    };
  return { exitCode: EXIT.valid, document: { output, written, missing: names, ...noted } };
}

/** @throws SolventError OPTIONS (kind usage) unless exactly one of the four ways to name accounts was taken */
async function wantedIds(options: ProveUserArguments): Promise<Given<readonly Uint8Array[] | 'all'>> {
  const { id, identifier, ids, all, witness } = options;
  if ([id, identifier, ids, all].filter((given) => given !== undefined).length !== 1)
    throw new SolventError('OPTIONS', 'usage', 'give one of --id, --identifier, --ids and --all');
  if (all) return { value: 'all', tidied: [] };
  if (ids !== undefined) return readAccountIds(ids);
  const directory = await WitnessDirectory.open(witness);
  try {
    const given = givenAccountId({ id, identifier }, directory.manifest.header);
    return { value: given ? [given.value] : [], tidied: given?.tidied ?? [] };
  } finally {
    await directory.close();
  }
}
