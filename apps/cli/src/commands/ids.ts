import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { lockFolder, PRIVATE_DIRECTORY, storing, type Lock } from '@solvent/files';
import { joinIdentifiers, loadConfig, loadKeys } from '@solvent/snapshot/readers';
import { shellWord } from '@solvent/terminal';
import { reading } from '../check-input';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { plural } from '../format';
import { holdOutput } from '../hold-output';
import { sayFiles } from '../say-reading';
import { examples, type Run } from './command';

interface IdsArguments {
  readonly input: string;
  readonly config: string;
  readonly output: string;
  readonly codes?: string;
}

export function registerIds(program: Command, run: Run): void {
  program
    .command('ids')
    .summary('join each plain identifier with a secret code, and list the codes to hand out')
    .description(
      'Copies balance files with every plain identifier joined by a secret code of 128 bits, so that nobody can guess it, and writes the list of codes: DIR/accounts/ ' +
        'and DIR/codes.csv, which only their owner can read. Codes are derived from the operator’s master secret: the same identifier gets the same code next month. ' +
        'With another key, --codes keeps those of an earlier list. Each user is told their own `account` of the list, and nobody else’s.',
    )
    .requiredOption('--input <DIR>', 'a balance file with plain identifiers, or a folder of them')
    .requiredOption('--config <FILE>', 'configuration of the snapshot, with "accountIds": "plain"')
    .requiredOption('--output <DIR>', 'a new folder')
    .option('--codes <codes.csv>', 'the list of an earlier run: whoever stands in it keeps the code')
    .addHelpText(
      'after',
      examples(
        'solvent ids --input exported --config snapshot.json --output joined',
        'solvent ids --input december --config snapshot.json --output joined-december --codes joined/codes.csv',
      ),
    )
    .action((options: IdsArguments) => run('ids', (context) => ids(options, context)));
}

async function ids(options: IdsArguments, context: Context): Promise<Outcome> {
  const lock = lockFolder(options.output, 'solvent ids', PRIVATE_DIRECTORY);
  return holdOutput(lock, context, () => storing(options.output, () => idsHeld(options, lock, context)));
}

async function idsHeld(
  { input, config: file, output, codes }: IdsArguments,
  lock: Lock,
  context: Context,
): Promise<Outcome> {
  const { say, style } = context;
  const { config, directory } = await loadConfig(file);
  const keys = await loadKeys(config, directory);
  context.interruptible('stopping …');
  const made = await reading('joining', context, (onProgress) =>
    joinIdentifiers({ input, config, directory: output, lock, key: keys.ids, codes, onProgress }),
  );
  const path = (name: string) => shellWord(join(output, basename(name)));
  say(
    `${style.tick} ${plural(made.accounts, 'account')} in ${plural(made.files, 'file')} joined with secret codes`,
  );
  sayFiles(made, context);
  if (made.trimmed > 0)
    say(`${style.bullet} blanks around ${plural(made.trimmed, 'identifier')} were taken off`);
  if (made.kept > 0) say(`${style.bullet} ${plural(made.kept, 'code')} kept from ${shellWord(codes!)} alone`);
  say(`  accounts  ${path(made.accountsDirectory)}/`);
  say(
    `  codes     ${path(made.codesFile)} (mode 0600): tell each user the \`account\` of their line, and nobody else’s`,
  );
  say('Next:');
  say(`  solvent check --input ${path(made.accountsDirectory)} --config ${shellWord(file)}`);
  return { exitCode: EXIT.valid, document: { output, ...made } };
}
