import { basename, join } from 'node:path';
import { Option, type Command } from 'commander';
import { lockFolder, PRIVATE_DIRECTORY, storing } from '@solvent/files';
import { MODES, type Mode } from '@solvent/proof/verify';
import { generateSnapshot, RECORD_FORMATS, type RecordFormat } from '@solvent/snapshot/readers';
import { shellWord } from '@solvent/terminal';
import { integerArgument, shareArgument } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { duration, plural, printable } from '../format';
import { holdOutput } from '../hold-output';
import { examples, type Run } from './command';

interface GenerateArguments {
  readonly accounts: number;
  readonly assets?: number;
  readonly mode: Mode;
  readonly files: number;
  readonly format: RecordFormat;
  readonly seed: string;
  readonly nonZero?: number;
  readonly debts?: number;
  readonly tiers?: number;
  readonly pools?: number;
  readonly gzip?: true;
  readonly output: string;
}

export function registerGenerate(program: Command, run: Run): void {
  program
    .command('generate')
    .summary('make test data: balances, a configuration that fits, development keys')
    .description(
      'Makes test data: DIR/accounts/ with balance files, DIR/snapshot.json, a configuration that fits, and DIR/keys.json, development keys. ' +
        'The same options give the same bytes, so such keys are no secret.',
    )
    .requiredOption('--accounts <N>', 'how many accounts', integerArgument(1, 2 ** 28))
    .option('--assets <T>', 'how many tokens or assets', integerArgument(1, 4096))
    .addOption(new Option('--mode <mode>', 'what is to be proved').choices(MODES).default('aggregate'))
    .option('--files <F>', 'over how many files the accounts are divided', integerArgument(1, 10_000), 1)
    .addOption(new Option('--format <format>', 'of the balance files').choices(RECORD_FORMATS).default('okx'))
    .option('--seed <S>', 'another seed gives other data', '1')
    .option('--non-zero <SHARE>', 'share of balances that are not zero, 0…1 (default 0.25)', shareArgument)
    .option(
      '--debts <SHARE>',
      'share of accounts that owe something, 0…1 (default 0.1; none in spot)',
      shareArgument,
    )
    .option('--tiers <N>', 'haircut tiers of each asset or pool (margin)', integerArgument(1, 32))
    .option('--pools <Q>', 'pools of each asset, the first at 0 % (margin)', integerArgument(2, 8))
    .option('--gzip', 'compress the balance files')
    .requiredOption('--output <DIR>', 'a new folder')
    .addHelpText(
      'after',
      examples(
        'solvent generate --accounts 10000 --mode margin --assets 20 --output demo',
        'solvent generate --accounts 10000 --mode margin --tiers 10 --pools 4 --output demo',
      ),
    )
    .action((options: GenerateArguments) => run('generate', (context) => generate(options, context)));
}

async function generate(options: GenerateArguments, context: Context): Promise<Outcome> {
  const { say, style } = context;
  const progress = context.progress('generating');
  const started = performance.now();
  const { output, gzip = false, nonZero, debts, ...rest } = options;
  const lock = lockFolder(output, 'solvent generate', PRIVATE_DIRECTORY);
  const made = await holdOutput(lock, context, () =>
    storing(output, () =>
      generateSnapshot({
        ...rest,
        gzip,
        nonZeroShare: nonZero,
        debtShare: debts,
        directory: output,
        lock,
        onProgress: ({ accounts, totalAccounts }) => progress.update(accounts, totalAccounts),
      }),
    ),
  ).finally(() => progress.stop());
  say(
    `${style.tick} ${plural(made.accounts, 'account')} in ${plural(made.files.length, 'file')}, ` +
      `${duration(performance.now() - started)}`,
  );
  const path = (file: string) => shellWord(join(output, basename(file)));
  say(`  accounts       ${path(made.accountsDirectory)}`);
  say(`  configuration  ${path(made.configFile)}`);
  say(
    `  keys           ${path(made.keysFile)} (for development only: made from seed ${printable(options.seed)})`,
  );
  say();
  say('Next:');
  say(
    `  solvent prove --input ${path(made.accountsDirectory)} --config ${path(made.configFile)} --output OUT`,
  );
  return { exitCode: EXIT.valid, document: { ...made } };
}
