import { SolventError } from '@solvent-por/kzg';

/** A place in a list, as clients hand it back: base64url of its parts. */
export function encodeCursor(...parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws SolventError CURSOR_MALFORMED */
export function decodeCursor(cursor: string, kinds: readonly ('string' | 'number')[]): (string | number)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(parts) &&
      parts.length === kinds.length &&
      parts.every((part, i) => typeof part === kinds[i])
    )
      return parts as (string | number)[];
  } catch {
    // refused below
  }
  throw new SolventError('CURSOR_MALFORMED', 'usage', 'after must be an endCursor of this very list');
}
