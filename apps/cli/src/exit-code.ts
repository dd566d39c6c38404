import { SolventError } from '@solvent-por/kzg';

/**
 * | code | meaning |
 * |---|---|
 * | 0 | everything given is valid |
 * | 1 | invalid: an equation, digest, signature, id or chain fails; an input row is refused; no file is of the id given |
 * | 2 | usage, unreadable, malformed (form or encoding, a file cut off), or a bug; any end without a result |
 * | 3 | neither: evidence that a node must confirm, or that this version does not judge |
 * | 130, 143, 129 | stopped by Ctrl-C (SIGINT), SIGTERM, or SIGHUP (the terminal was closed) |
 */
export const EXIT = {
  valid: 0,
  invalid: 1,
  unusable: 2,
  undecided: 3,
  interrupted: 130,
  terminated: 143,
  hungUp: 129,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** @param signal what stopped the program, if something did */
export function exitCodeOf(error: unknown, signal?: NodeJS.Signals): ExitCode {
  if (!(error instanceof SolventError)) return EXIT.unusable;
  if (error.code === 'INTERRUPTED')
    return signal === 'SIGTERM' ? EXIT.terminated : signal === 'SIGHUP' ? EXIT.hungUp : EXIT.interrupted;
  return error.kind === 'invalid' ? EXIT.invalid : EXIT.unusable;
}

/**
 * What came of one file of many. `foreign` is a valid one of another account than the one asked for: neither
 * good nor bad.
 */
export type FileStatus = 'valid' | 'invalid' | 'malformed' | 'foreign';

/**
 * Of many files: 1 when one is false; else 2 when one could not be judged, or there is none; else 0, but 1
 * when nothing but somebody else's files is there: then what was asked for is not.
 */
export function exitCodeOfFiles(statuses: readonly FileStatus[]): ExitCode {
  if (statuses.includes('invalid')) return EXIT.invalid;
  if (statuses.length === 0 || statuses.includes('malformed')) return EXIT.unusable;
  return statuses.includes('valid') ? EXIT.valid : EXIT.invalid;
}
