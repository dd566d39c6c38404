import { SolventError } from '@solvent-por/kzg';
import type { Header } from '@solvent-por/verifier';
import type { SnapshotConfig } from '@solvent-por/snapshot';
import {
  checkSnapshot,
  loadConfig,
  loadWideConfig,
  surveyInput,
  type CheckedSnapshot,
  type LoadedConfig,
  type ReadProgress,
  type Survey,
} from '@solvent-por/snapshot/readers';
import type { Context } from './context';
import { plural, rate } from './format';
import { unheldChange } from './input-advice';

/**
 * Checks a whole input with progress; Ctrl-C stops it where `interruptible` was called.
 * @throws SolventError as checkSnapshot; INTERRUPTED
 */
export async function checkInput(
  input: string,
  config: SnapshotConfig,
  header: Header,
  context: Context,
): Promise<CheckedSnapshot> {
  return reading('checking', context, (onProgress) => checkSnapshot({ input, config, header, onProgress }));
}

/** Surveys a whole input with progress. @throws SolventError as surveyInput; INTERRUPTED */
export async function surveyWithProgress(
  input: string,
  config: SnapshotConfig,
  context: Context,
): Promise<Survey> {
  return reading('reading', context, (onProgress) => surveyInput({ input, config, onProgress }));
}

/**
 * The configuration; where it lists more assets than a snapshot holds, the input is read first, so that the
 * error says which of them nobody holds.
 * @throws SolventError as loadConfig, CONFIG_ASSETS with `unheld` in its details; as surveyInput
 */
export async function loadConfigFor(input: string, file: string, context: Context): Promise<LoadedConfig> {
  try {
    return await loadConfig(file);
  } catch (error) {
    if (!(error instanceof SolventError) || error.code !== 'CONFIG_ASSETS') throw error;
    const { assets } = await surveyWithProgress(input, await loadWideConfig(file), context);
    throw tooManyAssets(error, assets);
  }
}

function tooManyAssets({ details }: SolventError, assets: Survey['assets']): SolventError {
  const listed = Number(details.assets);
  const limit = Number(details.limit);
  const unheld = assets.filter(({ holders }, i) => holders === 0 && i < listed).map(({ symbol }) => symbol);
  const left = listed - unheld.length;
  const advice =
    unheld.length === 0
      ? 'Each of them is held by somebody: make two snapshots of it, with a part of the assets each'
      : `${unheldChange(unheld)}\n${left <= limit ? `Then ${left} are left` : `Then ${left} are left, still too many: make two snapshots of it, with a part of the assets each`}`;
  return new SolventError(
    'CONFIG_ASSETS',
    'usage',
    `the configuration lists ${listed} assets; a snapshot holds ${limit} at most. Nobody holds ${unheld.length} of them. ${advice}`,
    { assets: listed, limit, unheld: unheld.length },
  );
}

/** Reads an input with a bar of progress. */
export async function reading<T>(
  label: string,
  context: Context,
  work: (onProgress: (progress: ReadProgress) => void) => Promise<T>,
): Promise<T> {
  const progress = context.progress(label);
  const started = performance.now();
  try {
    return await work(({ bytes, totalBytes, accounts }) => {
      if (context.signal.aborted)
        throw new SolventError(
          'INTERRUPTED',
          'usage',
          'stopped while checking the input: nothing was written',
        );
      const speed = rate(bytes / 1e6, performance.now() - started, 'MB');
      progress.update(bytes, totalBytes, `${plural(accounts, 'account')}, ${speed}`);
    });
  } finally {
    progress.stop();
  }
}
