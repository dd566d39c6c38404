/**
 * What kind of failure an error is; it decides the CLI's exit code.
 *
 * - `invalid`: something well-formed is false: an equation, digest, signature, id, chain; an input row is refused (exit 1)
 * - `malformed`: form or encoding is wrong, or a file is cut off (exit 2)
 * - `usage`: arguments, configuration, or something unreadable (exit 2)
 * - `internal`: a bug or a broken instance (exit 2)
 */
export type FailureKind = 'invalid' | 'malformed' | 'usage' | 'internal';

/** An error with a stable code; each library documents the union of the codes it throws. */
export class SolventError<C extends string = string> extends Error {
  constructor(
    readonly code: C,
    readonly kind: FailureKind,
    message: string,
    readonly details: Readonly<Record<string, string | number>> = {},
  ) {
    super(message);
    this.name = 'SolventError';
  }
}
