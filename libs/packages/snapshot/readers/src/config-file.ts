import { dirname, resolve } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import { readSmallFile } from '@solvent-por/snapshot/files';
import { parseConfig, parseStrictJson, parseWideConfig, type SnapshotConfig } from '@solvent-por/snapshot';

const MAX_CONFIG_BYTES = 4 << 20;

export interface LoadedConfig {
  readonly config: SnapshotConfig;
  /** The file's folder, absolute: the configuration's relative paths start there. */
  readonly directory: string;
  /** `previous`, absolute. */
  readonly previous?: string;
}

/**
 * @throws SolventError CONFIG_UNREADABLE, CONFIG_MALFORMED (not JSON, or a member twice), CONFIG_INVALID,
 *   CONFIG_ASSETS, CONFIG_PRICE, kind usage
 */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  const config = parseConfig(await readConfig(file));
  const directory = dirname(resolve(file));
  return {
    config,
    directory,
    ...(config.previous === undefined ? {} : { previous: resolve(directory, config.previous) }),
  };
}

/**
 * A configuration that may list more assets than can be proved, to survey an input by.
 * @throws SolventError as loadConfig, but CONFIG_ASSETS and CONFIG_PRICE
 */
export async function loadWideConfig(file: string): Promise<SnapshotConfig> {
  return parseWideConfig(await readConfig(file));
}

async function readConfig(file: string): Promise<unknown> {
  let text: string;
  try {
    const bytes = await readSmallFile(file, MAX_CONFIG_BYTES);
    if (bytes.length > MAX_CONFIG_BYTES) throw Object.assign(new Error(), { code: 'EFBIG' });
    text = bytes.toString('utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SolventError('CONFIG_UNREADABLE', 'usage', `cannot read the configuration ${file} (${code})`);
  }
  try {
    return parseStrictJson(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const { message } = error as SyntaxError;
    throw new SolventError('CONFIG_MALFORMED', 'usage', `the configuration ${file} is not JSON: ${message}`);
  }
}
