import { isSnapshotId } from '@solvent-por/verifier';

/**
 * The name, or the empty one, which no snapshot has: asked for it, the database does the same work; on some
 * texts that are no name, PostgreSQL fails.
 */
export function askableId(text: string): string {
  return isSnapshotId(text) ? text : '';
}
