import { createPrivateKey, createPublicKey, hkdfSync, randomBytes } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { SolventError, fromHex, toHex } from '@solvent-por/kzg';
import { placeNew, PRIVATE, readSmallFile } from '@solvent-por/snapshot/files';
import { parseStrictJson, type SnapshotConfig } from '@solvent-por/snapshot';

/**
 * The operator's secrets, one a purpose (section 12), and the public key of `signing`. Never to be logged or
 * stored with proofs.
 */
export interface Keys {
  /** Public: 0x and 64 hex digits. */
  readonly operator: string;
  /** Seed of the Ed25519 signing key. */
  readonly signing: Uint8Array;
  readonly salt: Uint8Array;
  readonly placement: Uint8Array;
  readonly blinding: Uint8Array;
  readonly claim: Uint8Array;
  /** Of the codes that `solvent ids` joins identifiers with. */
  readonly ids: Uint8Array;
}

/**
 * - KEY_MISSING: no such file or variable
 * - KEY_MALFORMED: not a key file, not 32 bytes
 * - KEY_EXPOSED: others than the owner may read the file
 * - KEY_OPERATOR_MISMATCH: the signing key isn't that of the configuration's `operator`
 * - KEY_FILE_EXISTS: keys are never overwritten
 */
export type KeyCode =
  'KEY_MISSING' | 'KEY_MALFORMED' | 'KEY_EXPOSED' | 'KEY_OPERATOR_MISMATCH' | 'KEY_FILE_EXISTS';

const PROTOCOL = 'solvent/v1/keys';
const MAX_KEY_FILE_BYTES = 65_536;
const DEFAULT_VARIABLE = 'SOLVENT_MASTER_KEY';

/**
 * The keys that a configuration names: those of one master secret, from a file that only its owner can read,
 * or from an environment variable.
 *
 * @param directory the configuration's folder; a relative path starts there
 * @throws SolventError KeyCode, kind usage
 */
export async function loadKeys(
  config: Pick<SnapshotConfig, 'operator' | 'keys'>,
  directory: string,
): Promise<Keys> {
  const source = config.keys ?? { environment: DEFAULT_VARIABLE };
  const master =
    'file' in source
      ? await masterFromFile(resolve(directory, source.file))
      : masterFromEnvironment(source.environment);
  const keys = deriveKeys(master);
  if (keys.operator !== config.operator)
    throw keyError(
      'KEY_OPERATOR_MISMATCH',
      `the signing key belongs to operator ${keys.operator}, the configuration names ${config.operator}`,
    );
  return keys;
}

/** All keys of a key file. @throws SolventError KEY_MISSING | KEY_MALFORMED | KEY_EXPOSED (kind usage) */
export async function keysFromFile(file: string): Promise<Keys> {
  return deriveKeys(await masterFromFile(file));
}

/**
 * Makes a master secret and writes it to a new file of mode 0600.
 * @returns the public key that the configuration's `operator` must name
 * @throws SolventError KEY_FILE_EXISTS (kind usage)
 */
export async function createKeys(file: string): Promise<{ operator: string }> {
  return writeKeys(file, randomBytes(32));
}

/** @param note says in the file what the keys are for */
export async function writeKeys(
  file: string,
  master: Uint8Array,
  note?: string,
): Promise<{ operator: string }> {
  const text = `${JSON.stringify({ protocol: PROTOCOL, master: toHex(master), ...(note === undefined ? {} : { note }) }, null, 2)}\n`;
  // Whole or not at all: a run that is killed must not leave half a secret under the name of one.
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text, { mode: PRIVATE, flag: 'wx', flush: true });
    if (!placeNew(temporary, file))
      throw keyError('KEY_FILE_EXISTS', `${file} exists: keys are never overwritten; name another file`);
  } catch (error) {
    if (error instanceof SolventError) throw error;
    throw keyError(
      'KEY_MISSING',
      `cannot write ${file} (${(error as NodeJS.ErrnoException).code}): name another file`,
    );
  } finally {
    await rm(temporary, { force: true });
  }
  return { operator: deriveKeys(master).operator };
}

/** HKDF-SHA-256, one label a purpose. */
export function deriveKeys(master: Uint8Array): Keys {
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', master, 'solvent/v1', `solvent/v1/key/${purpose}`, 32));
  const signing = derive('signing');
  return {
    operator: toHex(ed25519PublicKey(signing)),
    signing,
    salt: derive('salt'),
    placement: derive('placement'),
    blinding: derive('blinding'),
    claim: derive('claim'),
    ids: derive('ids'),
  };
}

/** @param seed 32 bytes; @returns 32 bytes (RFC 8032) */
function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const spki = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).export({
    format: 'der',
    type: 'spki',
  });
  return new Uint8Array(spki.subarray(-32));
}

async function masterFromFile(file: string): Promise<Uint8Array> {
  const unreadable = (error: NodeJS.ErrnoException) => {
    throw keyError(
      'KEY_MISSING',
      `cannot read the key file ${file} (${error.code}): \`solvent keys new\` makes one`,
    );
  };
  const info = await stat(file).catch(unreadable);
  if (process.platform !== 'win32' && (info.mode & 0o077) !== 0)
    throw keyError(
      'KEY_EXPOSED',
      `others may read the key file ${file}: run \`chmod 600\` on it, and think of new keys`,
    );
  const content = await readSmallFile(file, MAX_KEY_FILE_BYTES).catch(unreadable);
  if (content.length > MAX_KEY_FILE_BYTES) throw keyError('KEY_MALFORMED', `${file} is not a key file`);
  let value: unknown;
  try {
    value = parseStrictJson(content.toString('utf8'));
  } catch {
    // What the parser says may quote the file.
    throw keyError('KEY_MALFORMED', `the key file ${basename(file)} is not JSON`);
  }
  const { protocol, master } = Object(value) as Record<string, unknown>;
  const bytes = fromHex(master, 32);
  if (protocol !== PROTOCOL || bytes === undefined)
    throw keyError(
      'KEY_MALFORMED',
      `the key file ${basename(file)} must hold "protocol": "${PROTOCOL}" and "master"`,
    );
  return bytes;
}

function masterFromEnvironment(variable: string): Uint8Array {
  const text = process.env[variable];
  if (text === undefined || text === '')
    throw keyError(
      'KEY_MISSING',
      `the environment variable ${variable} is not set: it must hold the master secret`,
    );
  const bytes = fromHex(text.trim(), 32);
  if (bytes === undefined)
    throw keyError(
      'KEY_MALFORMED',
      `the environment variable ${variable} must hold 0x and 64 lower-case hex digits`,
    );
  return bytes;
}

function keyError(code: KeyCode, message: string): SolventError<KeyCode> {
  return new SolventError(code, 'usage', message);
}
