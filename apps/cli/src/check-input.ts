import { SolventError } from '@solvent/algebra';
import type { Header } from '@solvent/proof/verify';
import type { SnapshotConfig } from '@solvent/snapshot';
import { checkSnapshot, type CheckedSnapshot } from '@solvent/snapshot/readers';
import type { Context } from './context';
import { plural, printable, rate } from './format';

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

/** Says what stands beside the balance files and was not read, and what of them is not as usual: nothing is passed over without a word. */
export function sayReading({ notRead, notes }: CheckedSnapshot, { say, style }: Context): void {
  if (notRead.length > 0)
    say(
      `${style.warning} not read: ${notRead.map(({ name, reason }) => `${printable(name)} (${reason})`).join(', ')}`,
    );
  for (const note of notes) say(`${style.warning} ${printable(note)}`);
}

/** The same for `--json`. */
export function readingDocument({ notRead, notes }: CheckedSnapshot) {
  return { notRead, notes };
}
