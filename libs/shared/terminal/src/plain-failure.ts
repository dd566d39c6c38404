import { SolventError } from '@solvent-por/kzg';

/**
 * What people are told of an error that ends a program, in one sentence; the stack only where SOLVENT_DEBUG
 * asks for it.
 */
export function plainFailure(error: unknown, debug = !!process.env.SOLVENT_DEBUG): string {
  if (error instanceof SolventError && !debug) return `${error.message} (${error.code})`;
  if (!(error instanceof Error)) return String(error);
  if (debug && error.stack) return error.stack;
  const { code } = error as NodeJS.ErrnoException;
  // Several addresses that were tried in vain make an error without a message of its own.
  const [sentence = ''] = (error.message || String(code ?? error.name)).split('\n', 1);
  return `${sentence} (SOLVENT_DEBUG=1 shows where)`;
}

/** 2 where whoever started it can do something about it, else 1. */
export function failureCode(error: unknown): number {
  return error instanceof SolventError && error.kind === 'usage' ? 2 : 1;
}
