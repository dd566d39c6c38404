import { dirname } from 'node:path';
import type { Command } from 'commander';
import { lockBeside, PRIVATE_DIRECTORY, storing } from '@solvent/files';
import { createKeys } from '@solvent/snapshot/readers';
import { shellWord } from '@solvent/terminal';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { holdOutput } from '../hold-output';
import { examples, type Run } from './command';

export function registerKeys(program: Command, run: Run): void {
  const keys = program
    .command('keys')
    .summary("the operator's keys")
    .description("The operator's keys: all are derived from one master secret.");
  keys
    .command('new')
    .summary('make new keys')
    .description(
      'Makes a master secret in a new file that only you can read, and prints the public key of the operator.',
    )
    .requiredOption('--output <FILE>', 'a new file; never overwritten')
    .addHelpText('after', examples('solvent keys new --output keys.json'))
    .action((options: { output: string }) => run('keys new', (context) => newKeys(options.output, context)));
}

async function newKeys(file: string, context: Context): Promise<Outcome> {
  const { say, style } = context;
  const lock = lockBeside(file, 'solvent keys new', PRIVATE_DIRECTORY);
  const { operator } = await holdOutput(lock, context, () => storing(dirname(file), () => createKeys(file)));
  say(`${style.tick} wrote ${shellWord(file)} (mode 0600): back it up, show it to nobody`);
  say(`Operator ${operator}`);
  say('Publish this key where users find it, and name it in the configuration:');
  say(`  "operator": "${operator}", "keys": { "file": … }`);
  const unseen = `the keys are in ${shellWord(file)}, whose public key ${operator} is to be published and named in the configuration`;
  return { exitCode: EXIT.valid, document: { file, operator }, unseen };
}
