import { dirname, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { storing } from '@solvent/files';
import { headerOf } from '@solvent/snapshot';
import { importAssets, writeConfig } from '@solvent/snapshot/readers';
import { shellWord } from '@solvent/terminal';
import { integerArgument } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { plural, printable } from '../format';
import { haircutDocument, sayHaircuts, saySize } from '../say-haircuts';
import { examples, type Run } from './command';

interface ImportArguments {
  readonly snapshot: string;
  readonly takenAt: string;
  readonly operator: string;
  readonly keys?: string;
  readonly tiers?: number;
  readonly collateral?: string;
  readonly output: string;
}

export function registerConfig(program: Command, run: Run): void {
  const config = program
    .command('config')
    .summary('configurations of snapshots')
    .description('Configurations of snapshots.');
  config
    .command('import')
    .summary("make a configuration from Binance's list of assets, prices and collateral ratios")
    .description(
      "Makes a configuration in mode margin from Binance's cex_assets_info.csv: each asset with its price, and pools loan, margin and portfolio with the haircuts of " +
        'their lists, whose limits are values. Nothing counts above the last limit, of an empty list, and of what lies in no pool. A list that does not fall is ' +
        'refused, with asset and tier.',
    )
    .argument('<cex_assets_info.csv>', 'the list of assets')
    .requiredOption('--snapshot <NAME>', 'name of the snapshot')
    .requiredOption('--taken-at <TIME>', 'when the balances were taken, as YYYY-MM-DDTHH:MM:SSZ')
    .requiredOption('--operator <KEY>', "the operator's public key; `solvent keys new` prints it")
    .option('--keys <FILE>', 'where the master secret is, to be named in the configuration')
    .option(
      '--tiers <N>',
      'at most so many tiers a list: longer ones become coarser, below the true ones, so that more is proved than is asked',
      integerArgument(1, 32),
    )
    .option(
      '--collateral <SYMBOLS>',
      'take the lists of these assets alone, divided by commas; nothing counts of the others',
    )
    .requiredOption('--output <FILE>', 'a new file')
    .addHelpText(
      'after',
      examples(
        'solvent config import cex_assets_info.csv --snapshot nov-2026 --taken-at 2026-11-30T00:00:00Z --operator 0x… --keys keys.json --output snapshot.json',
        'solvent config import cex_assets_info.csv … --collateral BTC,ETH,USDT --tiers 4 --output snapshot.json',
      ),
    )
    .action((list: string, options: ImportArguments) =>
      run('config import', (context) => importConfig(list, options, context)),
    );
}

async function importConfig(list: string, options: ImportArguments, context: Context): Promise<Outcome> {
  const { say, style } = context;
  const { keys, collateral, output, ...rest } = options;
  const { input, config, uncounted, coarser } = await importAssets({
    ...rest,
    list,
    ...(keys !== undefined && { keys: { file: relative(dirname(resolve(output)), resolve(keys)) } }),
    ...(collateral !== undefined && { collateral: collateral.split(',').map((symbol) => symbol.trim()) }),
  });
  await storing(dirname(output), () => writeConfig(output, input));
  const header = headerOf(config);
  say(`${style.tick} wrote ${shellWord(output)}: ${plural(header.assets.length, 'asset')} in mode margin`);
  saySize(header, context);
  sayHaircuts(config, context);
  if (uncounted.length > 0)
    say(`${style.bullet} nothing counts of ${plural(uncounted.length, 'asset')}: ${some(uncounted)}`);
  if (coarser > 0)
    say(
      `${style.bullet} ${plural(coarser, 'list')} made coarser, so that less counts than by the true one: whoever is solvent so is solvent`,
    );
  say('Next:');
  say(`  solvent check --input DIR --config ${shellWord(output)}`);
  return {
    exitCode: EXIT.valid,
    document: {
      output,
      assets: header.assets.length,
      uncounted,
      coarser,
      ...haircutDocument(config, header),
    },
  };
}

function some(symbols: readonly string[]): string {
  const more = symbols.length > 20 ? `, … and ${symbols.length - 20} more` : '';
  return `${symbols.slice(0, 20).map(printable).join(', ')}${more}`;
}
