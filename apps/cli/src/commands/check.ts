import type { Command } from 'commander';
import { headerOf, refuseUnmeantFutureDate } from '@solvent-por/snapshot';
import { checkInput, loadConfigFor } from '../check-input';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { duration, plural, rate, size } from '../format';
import { sayUnheld } from '../input-advice';
import { haircutDocument, sayHaircuts, saySize } from '../say-haircuts';
import { readingDocument, sayReading } from '../say-reading';
import { valueDocuments, valueTable } from '../values';
import { examples, type Run } from './command';

interface CheckArguments {
  readonly input: string;
  readonly config: string;
  readonly allowFutureDate?: true;
}

export function registerCheck(program: Command, run: Run): void {
  program
    .command('check')
    .summary('check balance files: names what is not accepted')
    .description(
      'Checks every row of balance files as `prove` does before it proves: names the first row that is not accepted, and every account that cannot be proved, with file, row and reason; ' +
        'else says how many accounts there are, and the totals, which columns were added up or not read, and which assets nobody holds.',
    )
    .requiredOption(
      '--input <DIR>',
      'a balance file (OKX JSON, NDJSON or CSV, also .gz), or a folder of them',
    )
    .requiredOption('--config <FILE>', 'configuration of the snapshot')
    .option('--allow-future-date', 'accept a takenAt later than a day ahead of now')
    .addHelpText('after', examples('solvent check --input demo/accounts --config demo/snapshot.json'))
    .action((options: CheckArguments) => run('check', (context) => check(options, context)));
}

async function check(options: CheckArguments, context: Context): Promise<Outcome> {
  const { say, style } = context;
  const { input } = options;
  const { config } = await loadConfigFor(input, options.config, context);
  refuseUnmeantFutureDate({ ...config, ...options }, new Date());
  const header = headerOf(config);
  const started = performance.now();
  const checked = await checkInput(input, config, header, context);
  const { accounts, totals, bytes, files, sourceDigest, unheld } = checked;
  const took = performance.now() - started;
  say(
    `${style.tick} ${plural(accounts, 'account')} in ${plural(files, 'file')} (${size(bytes)}), all accepted, ` +
      `${duration(took)} (${rate(accounts, took, 'accounts')})`,
  );
  sayReading(checked, config, context);
  sayHaircuts(config, context);
  saySize(header, context);
  say();
  say(`Totals of snapshot ${header.snapshot}, taken at ${header.takenAt} (${header.mode})`);
  for (const row of valueTable(header, totals, context)) say(row);
  sayUnheld(unheld, config.assets.length, context);
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
      ...haircutDocument(config, header),
      totals: valueDocuments(header, totals),
      unheld,
    },
  };
}
