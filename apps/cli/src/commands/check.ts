import type { Command } from 'commander';
import { headerOf } from '@solvent/snapshot';
import { loadConfig } from '@solvent/snapshot/readers';
import { checkInput, readingDocument, sayReading } from '../check-input';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { duration, plural, rate, size } from '../format';
import { valueDocuments, valueTable } from '../values';
import { examples, type Run } from './command';

interface CheckArguments {
  readonly input: string;
  readonly config: string;
}

export function registerCheck(program: Command, run: Run): void {
  program
    .command('check')
    .summary('check balance files, down to the first account that is not accepted')
    .description(
      'Checks every row of balance files as `prove` does before it proves: names the first account that is not accepted, with file, row and reason; ' +
        'else says how many accounts there are, and the totals.',
    )
    .requiredOption(
      '--input <DIR>',
      'a balance file (OKX JSON, NDJSON or CSV, also .gz), or a folder of them',
    )
    .requiredOption('--config <FILE>', 'configuration of the snapshot')
    .addHelpText('after', examples('solvent check --input demo/accounts --config demo/snapshot.json'))
    .action((options: CheckArguments) => run('check', (context) => check(options, context)));
}

async function check({ input, config: configFile }: CheckArguments, context: Context): Promise<Outcome> {
  const { say, style } = context;
  const { config } = await loadConfig(configFile);
  const header = headerOf(config);
  const started = performance.now();
  const checked = await checkInput(input, config, header, context);
  const { accounts, totals, bytes, files, sourceDigest } = checked;
  const took = performance.now() - started;
  say(
    `${style.tick} ${plural(accounts, 'account')} in ${plural(files, 'file')} (${size(bytes)}), all accepted, ` +
      `${duration(took)} (${rate(accounts, took, 'accounts')})`,
  );
  sayReading(checked, context);
  say();
  say(`Totals of snapshot ${header.snapshot}, taken at ${header.takenAt} (${header.mode})`);
  for (const row of valueTable(header, totals, style)) say(row);
  const { snapshot, takenAt, mode } = header;
  return {
    exitCode: EXIT.valid,
    document: {
      snapshot,
      takenAt,
      mode,
      accounts,
      files,
      bytes,
      sourceDigest,
      ...readingDocument(checked),
      totals: valueDocuments(header, totals),
    },
  };
}
