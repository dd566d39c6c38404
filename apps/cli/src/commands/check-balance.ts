import type { Command } from 'commander';
import { ADDRESSES_FILE, RESERVES_FILE } from '@solvent-por/reserves';
import { checkBalances, type CheckBalanceOptions } from '../check-balances';
import { asVerdict } from '../reserves-outcome';
import { withNodes } from '../reserve-nodes';
import { examples, type Run } from './command';

export function registerCheckBalance(program: Command, run: Run): void {
  const command = program
    .command('check-balance')
    .summary('ask nodes what the listed addresses held')
    .description(
      'Compares the amount of each line with what a node of your choice says the address held at the stated block. Signatures and sums are for verify-reserves. ' +
        'Exit codes: 0 every amount is right, 1 one is wrong, or the block is, 2 unreadable, 3 for some there is no answer.',
    )
    .argument('<DIR>', `a folder with ${RESERVES_FILE} and ${ADDRESSES_FILE}`);
  withNodes(command)
    .option('--network <N>', 'lines of this network alone; else of all that a node is named for')
    .option('--asset <A>', 'lines of this asset alone')
    .option('--address <X>', 'lines of this address alone')
    .option('--tokens <FILE>', 'coins and tokens that you vouch for, beside those built in')
    .addHelpText(
      'after',
      examples(
        'solvent check-balance published/reserves --node bitcoin=esplora+https://blockstream.info/api',
        'solvent check-balance published/reserves --node eip155:1=https://node.example --asset USDT',
      ),
    )
    .action((directory: string, options: CheckBalanceOptions) =>
      run('check-balance', (context) => asVerdict(context, () => checkBalances(directory, options, context))),
    );
}
