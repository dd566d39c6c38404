import { SolventError } from '@solvent-por/kzg';

/** Ends the judging of something whose form is wrong: exit 2. */
export function malformed(code: string, message: string, details: Details = {}): never {
  throw new SolventError(code, 'malformed', message, details);
}

/** Ends the judging of something well-formed that is not true: exit 1. */
export function untrue(code: string, message: string, details: Details = {}): never {
  throw new SolventError(code, 'invalid', message, details);
}

type Details = Readonly<Record<string, string | number>>;
