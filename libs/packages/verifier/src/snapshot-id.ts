/**
 * What a snapshot may be named (section 4): nothing that a path, a URL or a database would read in another
 * way.
 */
export const SNAPSHOT_ID = /^[a-z0-9-]{1,64}$/;
export const SNAPSHOT_ID_FORM = '1 to 64 characters of a-z, 0-9 and -';

export function isSnapshotId(text: string): boolean {
  return SNAPSHOT_ID.test(text);
}
