import { SolventError } from '@solvent/algebra';
import type { Header } from '@solvent/proof/verify';
import type { SnapshotConfig } from '@solvent/snapshot';
import { checkSnapshot, type CheckedSnapshot } from '@solvent/snapshot/readers';
import type { Context } from './context';
import { plural, rate } from './format';

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
  const progress = context.progress('checking');
  const started = performance.now();
  try {
    return await checkSnapshot({
      input,
      config,
      header,
      onProgress: ({ bytes, totalBytes, accounts }) => {
        if (context.signal.aborted)
          throw new SolventError(
            'INTERRUPTED',
            'usage',
            'stopped while checking the input: nothing was written',
          );
        const speed = rate(bytes / 1e6, performance.now() - started, 'MB');
        progress.update(bytes, totalBytes, `${plural(accounts, 'account')}, ${speed}`);
      },
    });
  } finally {
    progress.stop();
  }
}
