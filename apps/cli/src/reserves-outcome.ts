import { SolventError } from '@solvent-por/kzg';
import type { Context, Outcome } from './context';
import { EXIT, type ExitCode } from './exit-code';

/** What a verifier of reserves can say; the first two of single pieces alone. */
export type ReservesWord = 'unchecked' | 'unsupported' | 'right' | 'wrong' | 'malformed';

const EXITS: Readonly<Record<ReservesWord, ExitCode>> = {
  right: EXIT.valid,
  wrong: EXIT.invalid,
  malformed: EXIT.unusable,
  unchecked: EXIT.undecided,
  unsupported: EXIT.undecided,
};

export function exitOf(verdict: ReservesWord): ExitCode {
  return EXITS[verdict];
}

/**
 * Work whose every end is a verdict, on one line under `--json`: what could not be read is malformed, what a
 * file that was given says and is false is wrong.
 */
export async function asVerdict(
  { complain, style }: Context,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return { ...(await work()), oneLine: true };
  } catch (error) {
    if (!(error instanceof SolventError) || error.kind === 'internal' || error.code === 'INTERRUPTED')
      throw error;
    const verdict = error.kind === 'invalid' ? 'wrong' : 'malformed';
    complain(`${style.cross} ${error.message} (${error.code})`);
    const document = { verdict, code: error.code, reason: error.message };
    return { exitCode: exitOf(verdict), document, oneLine: true };
  }
}

/** An argument that cannot be used. */
export function usage(message: string): never {
  throw new SolventError('USAGE', 'usage', message);
}
