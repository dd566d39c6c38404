import { SolventError } from '@solvent-por/kzg';
import { lockFolder } from '@solvent-por/snapshot/files';

/**
 * Makes this process the owner of a data folder, so that a second `npm start` doesn't take the first one's
 * living server for an orphan. A folder whose owner is gone is nobody's.
 *
 * @returns gives it up again
 * @throws SolventError EMBEDDED_POSTGRES_IN_USE (usage)
 */
export function takeOwnership(folder: string): () => void {
  try {
    const lock = lockFolder(folder, 'PostgreSQL of this installation');
    return () => lock.release();
  } catch (error) {
    if (!(error instanceof SolventError && error.code.startsWith('OUTPUT_IN_USE'))) throw error;
    throw new SolventError('EMBEDDED_POSTGRES_IN_USE', 'usage', error.message, error.details);
  }
}
