import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import { contentsOf, holdFolder, PRIVATE_DIRECTORY, type Lock } from '@solvent-por/snapshot/files';
import {
  generateAccounts,
  parseConfig,
  type GeneratedAccount,
  type GeneratorOptions,
} from '@solvent-por/snapshot';
import { writeKeys } from './keys';
import { FILE_ENDINGS, writeRecords, type RecordFormat } from './record-writer';

export interface GenerateOptions extends GeneratorOptions {
  /** Made if missing; a folder that holds anything is refused. */
  readonly directory: string;
  /** The folder's, when the caller holds it already. */
  readonly lock?: Lock | undefined;
  /** Over how many files the accounts are divided; default 1. */
  readonly files?: number | undefined;
  /** Default `okx`. */
  readonly format?: RecordFormat | undefined;
  readonly gzip?: boolean | undefined;
  /** After each file. */
  readonly onProgress?: ((progress: { accounts: number; totalAccounts: number }) => void) | undefined;
}

export interface Generated {
  readonly configFile: string;
  readonly accountsDirectory: string;
  readonly keysFile: string;
  readonly files: readonly string[];
  readonly accounts: number;
  readonly operator: string;
}

/**
 * Test data, a configuration that fits, and development keys: DIR/accounts/…, DIR/snapshot.json,
 * DIR/keys.json. The same options give the same bytes, keys included: such keys are no secret. Folders and
 * files are for their owner alone, as real balances should be.
 *
 * @throws SolventError OUTPUT_NOT_EMPTY, GENERATOR_OPTION (kind usage); OUTPUT_IN_USE, … as lockFolder
 */
export async function generateSnapshot(options: GenerateOptions): Promise<Generated> {
  const { accounts: total, files: fileCount = 1, lock } = options;
  const snapshot = generateAccounts(options);
  if (!Number.isInteger(fileCount) || fileCount < 1 || fileCount > Math.min(total, 10_000))
    throw new SolventError(
      'GENERATOR_OPTION',
      'usage',
      'files must be an integer from 1 to the number of accounts, at most 10,000',
    );
  const directory = resolve(options.directory);
  const hold = { command: 'generateSnapshot', mode: PRIVATE_DIRECTORY, lock };
  return holdFolder(directory, hold, () => generateInto(directory, snapshot, options));
}

async function generateInto(
  directory: string,
  snapshot: ReturnType<typeof generateAccounts>,
  options: GenerateOptions,
): Promise<Generated> {
  const { accounts: total, files: fileCount = 1, format = 'okx', gzip = false, seed = 1 } = options;
  if (contentsOf(directory).length > 0)
    throw new SolventError(
      'OUTPUT_NOT_EMPTY',
      'usage',
      `${directory} is not empty, and nothing is replaced in silence: name a new folder`,
    );
  const accountsDirectory = join(directory, 'accounts');
  await mkdir(accountsDirectory, { mode: PRIVATE_DIRECTORY });

  const keysFile = join(directory, 'keys.json');
  const master = createHash('sha256').update(`solvent/v1/generated keys ${seed}`).digest();
  const { operator } = await writeKeys(keysFile, master, 'made from a seed, for development only');
  const config = { ...snapshot.config(operator), keys: { file: basename(keysFile) } };
  parseConfig(config);
  const configFile = join(directory, 'snapshot.json');
  await writeFile(configFile, `${JSON.stringify(config, null, 2)}\n`);

  const accounts = snapshot.accounts();
  const files: string[] = [];
  let written = 0;
  for (let i = 0; i < fileCount; i++) {
    const name = `accounts-${String(i + 1).padStart(4, '0')}${FILE_ENDINGS[format]}${gzip ? '.gz' : ''}`;
    const share = Math.floor(((i + 1) * total) / fileCount) - written;
    written += await writeRecords(join(accountsDirectory, name), format, snapshot, take(accounts, share));
    files.push(join(accountsDirectory, name));
    options.onProgress?.({ accounts: written, totalAccounts: total });
  }
  return { configFile, accountsDirectory, keysFile, files, accounts: written, operator };
}

/** Unlike a for loop that breaks off, leaves the generator open for the next file. */
function* take(
  accounts: Iterator<GeneratedAccount, void, void>,
  count: number,
): Generator<GeneratedAccount, void, void> {
  for (let i = 0; i < count; i++) {
    const { value, done } = accounts.next();
    if (done || value === undefined) return;
    yield value;
  }
}
