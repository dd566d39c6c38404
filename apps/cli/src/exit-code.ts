import { SolventError } from '@solvent/algebra';

/**
 * | code | meaning |
 * |---|---|
 * | 0 | everything given is valid |
 * | 1 | invalid: an equation, digest, signature, id or chain fails; an input row is refused; a mixture of files |
 * | 2 | usage, unreadable, malformed (form or encoding, a file cut off), or a bug; any end without a result |
 * | 130, 143, 129 | stopped by Ctrl-C (SIGINT), SIGTERM, or SIGHUP (the terminal was closed) |
 */
export const EXIT = {
  valid: 0,
  invalid: 1,
  unusable: 2,
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

/** Of many files: 0 when all are valid, 2 when none could be judged, else 1. An empty list is not valid. */
export function exitCodeOfFiles(statuses: readonly ('valid' | 'invalid' | 'malformed')[]): ExitCode {
  if (statuses.length > 0 && statuses.every((status) => status === 'valid')) return EXIT.valid;
  return statuses.every((status) => status === 'malformed') ? EXIT.unusable : EXIT.invalid;
}
