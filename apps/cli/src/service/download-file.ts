import { dirname } from 'node:path';
import { storing } from '@solvent-por/snapshot/files';
import type { GlobalProofStream, ResumeOptions } from '@solvent-por/client';
import type { Context } from '../context';
import { printable, rate, size } from '../format';
import { apiFailure } from './api-failure';
import type { Connection } from './connection';
import { download, type Downloaded } from './resumable-download';

/**
 * Downloads a long file, with progress, and from where an earlier run stopped.
 * @throws SolventError INTERRUPTED, and what the service refuses
 */
export async function downloadFile(
  start: (options: ResumeOptions) => Promise<GlobalProofStream>,
  file: string,
  { endpoint }: Connection,
  context: Context,
): Promise<Downloaded> {
  const { say, complain, style, signal } = context;
  const progress = context.progress('downloading');
  const started = performance.now();
  let first: number | undefined;
  try {
    return await storing(dirname(file), () =>
      download({
        file,
        signal,
        start,
        onProgress: (bytes, total) => {
          if (first === undefined && bytes > 0)
            say(`${style.bullet} going on after ${size(bytes)} of an earlier run`);
          first ??= bytes;
          const speed = rate(Math.max(bytes - first, 0) / 1e6, performance.now() - started, 'MB');
          if (total !== undefined)
            progress.update(bytes, total, `${size(bytes)} of ${size(total)}, ${speed}`);
        },
        onPause: ({ message }, seconds) =>
          complain(`${style.warning} ${printable(message)}; going on in ${seconds.toFixed(1)} s`),
      }),
    );
  } catch (error) {
    throw apiFailure(error, endpoint);
  } finally {
    progress.stop();
  }
}
