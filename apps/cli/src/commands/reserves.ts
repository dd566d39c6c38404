import type { Command } from 'commander';
import { collect } from '../arguments';
import { buildPublication, type BuildOptions } from '../build-publication';
import { importReserves, SOURCES } from '../import-reserves';
import { withNodes } from '../reserve-nodes';
import { sayStatement } from '../say-statement';
import { asVerdict } from '../reserves-outcome';
import { examples, type Run } from './command';
import { registerReservesService } from './reserves-service';

export function registerReserves(program: Command, run: Run): void {
  const reserves = program
    .command('reserves')
    .summary('publish what the exchange holds')
    .description(
      'Makes a publication of reserves: the text that keys sign, files of others read, the two files.',
    );
  reserves
    .command('statement')
    .summary('the statement, and the text that every key signs')
    .description(
      'Prints the statement of a snapshot of reserves and the text that wallets sign, the same for every address; and the standing text of a date, for keys that cannot sign each time.',
    )
    .requiredOption('--snapshot <FILE>', 'the configuration of `solvent reserves build`, or a reserves.json')
    .option('--named <YYYY-MM-DD>', 'the standing text of this date, too')
    .addHelpText('after', examples('solvent reserves statement --snapshot reserves-config.json'))
    .action((options: { snapshot: string; named?: string }) =>
      run('reserves statement', (context) => sayStatement(options.snapshot, options.named, context)),
    );
  reserves
    .command('import')
    .summary('read files of OKX and BitMEX, row by row')
    .description(
      'Judges every row of other people’s files and writes a line of reserves for each that is not refused. Exit code 1 where a row is wrong or malformed: each is named with its reason.',
    )
    .argument('<FILES...>', 'the files')
    .requiredOption('--from <FORM>', `${SOURCES.join(', ')}`)
    .option('--output <FILE>', 'write the lines to a new file, for `solvent reserves build`')
    .addHelpText('after', examples('solvent reserves import --from okx okx_por.csv --output lines.ndjson'))
    .action((files: string[], options: { from: string; output?: string }) =>
      run('reserves import', (context) => asVerdict(context, () => importReserves(files, options, context))),
    );
  const build = reserves
    .command('build')
    .summary('sort, add up and sign the two files')
    .description(
      'Sorts lines, adds them up, signs reserves.json, and verifies what it made before it is written. The configuration names the domain, blocks, assets, files of lines and keys: docs/guides/reserves.md. ' +
        'With --node, headers and state proofs of EVM lines that have none are fetched.',
    )
    .argument('<DIR>', 'where the two files are written; nothing is replaced')
    .requiredOption('--config <FILE>', 'JSON')
    .option(
      '--lines <FILE>',
      'lines in any order, beside those of the configuration; more than once',
      collect,
    )
    .option('--tokens <FILE>', 'where tokens that are not built in keep their balances, for their proofs');
  withNodes(build)
    .addHelpText(
      'after',
      examples(
        'solvent reserves build published/reserves --config reserves-config.json',
        'solvent reserves build published/reserves --config reserves-config.json --node eip155:1=https://node.example',
      ),
    )
    .action((directory: string, options: BuildOptions) =>
      run('reserves build', (context) => buildPublication(directory, options, context)),
    );
  registerReservesService(reserves, run);
}
