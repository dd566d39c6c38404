import { dirname } from 'node:path';
import { Option, type Command } from 'commander';
import { lockBeside, PRIVATE_DIRECTORY, storing } from '@solvent-por/snapshot/files';
import {
  createKeys,
  keysFromFile,
  SERVICE_ROLES,
  serviceKeysText,
  type ServiceRole,
} from '@solvent-por/snapshot/readers';
import { shellWord } from '@solvent-por/shared/terminal';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { holdOutput } from '../hold-output';
import { newSecretFile } from '../new-secret-file';
import { examples, type Run } from './command';

interface DeriveArguments {
  readonly keys: string;
  readonly for: ServiceRole;
  readonly output: string;
}

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
  keys
    .command('derive')
    .summary('the keys of a service that does not sign')
    .description(
      'Writes what ingest or a prover needs of the keys, and no more, for SOLVENT_INGEST_KEYS_FILE or SOLVENT_PROVER_KEYS_FILE: the master secret is for the signer alone, and cannot be made from it.',
    )
    .requiredOption('--keys <FILE>', 'the file that `solvent keys new` made')
    .addOption(new Option('--for <SERVICE>', 'whose keys').choices(SERVICE_ROLES).makeOptionMandatory())
    .requiredOption('--output <FILE>', 'a new file that only you can read')
    .addHelpText('after', examples('solvent keys derive --keys keys.json --for prover --output prover-keys'))
    .action((options: DeriveArguments) => run('keys derive', (context) => derive(options, context)));
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

async function derive(
  { keys: file, for: role, output }: DeriveArguments,
  context: Context,
): Promise<Outcome> {
  const { say, style } = context;
  const keys = await keysFromFile(file);
  const handle = await newSecretFile(output);
  try {
    await handle.writeFile(`${serviceKeysText(role, keys)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  say(`${style.tick} wrote ${shellWord(output)} (mode 0600): give it to ${role} alone`);
  return { exitCode: EXIT.valid, document: { file: output, service: role, operator: keys.operator } };
}
