import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex, SolventError, toHex } from '@solvent-por/kzg';
import { deriveKeys, type Keys } from '@solvent-por/snapshot/readers';

/** What this installation keeps secret, made at its first start. */
export interface Secrets {
  /** 0x and 64 hex digits: what the keys are derived from. */
  readonly masterKey: string;
  readonly keys: Keys;
  /** As WitnessKeyring.parse takes them. */
  readonly witnessKeys: string;
  /** As RequestKey.parse takes it. */
  readonly requestKey: string;
}

const OWNER_ONLY = 0o600;

/**
 * Reads the secrets of a data folder, or makes them: `keys/master`, `keys/witness`, `keys/request`, readable
 * by their owner alone.
 * @throws SolventError KEY_MALFORMED (usage)
 */
export async function openSecrets(directory: string): Promise<Secrets> {
  const folder = join(directory, 'keys');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const masterKey = await secret(join(folder, 'master'), () => toHex(randomBytes(32)));
  const master = fromHex(masterKey, 32);
  if (!master)
    throw new SolventError(
      'KEY_MALFORMED',
      'usage',
      `${join(folder, 'master')} must hold 0x and 64 hex digits`,
    );
  const witnessKeys = await secret(join(folder, 'witness'), () => `w1:${toHex(randomBytes(32))}`);
  const requestKey = await secret(join(folder, 'request'), () => toHex(randomBytes(32)));
  return { masterKey, keys: deriveKeys(master), witnessKeys, requestKey };
}

/** An API key of this installation's own, kept so that a later start has it too. */
export function keptApiKey(
  directory: string,
  whose: 'operator' | 'partner',
  make: () => Promise<string>,
): Promise<string> {
  return secret(join(directory, 'keys', `${whose}-api-key`), make);
}

/** Of a role of the database. */
export function databasePassword(directory: string, role: string): Promise<string> {
  return secret(join(directory, 'keys', `database-${role}`), () => randomBytes(24).toString('hex'));
}

async function secret(file: string, make: () => string | Promise<string>): Promise<string> {
  if (!existsSync(file)) {
    const text = await make();
    // Beside its place, then renamed: killed in between, the next start makes another.
    const aside = `${file}.making`;
    await rm(aside, { force: true });
    const handle = await open(aside, 'wx', OWNER_ONLY);
    try {
      await handle.writeFile(`${text}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  }
  return (await readFile(file, 'utf8')).trim();
}
