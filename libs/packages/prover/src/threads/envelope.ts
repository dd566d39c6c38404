import { SolventError, type FailureKind } from '@solvent-por/kzg';

/**
 * A SolventError on its way out of a thread: an Error that is posted between threads loses its code, kind and
 * details.
 */
export interface Failure {
  readonly failure: {
    readonly code: string;
    readonly kind: FailureKind;
    readonly message: string;
    readonly details: SolventError['details'];
  };
}

/**
 * In the thread: does the work, and turns what went wrong into a result; whoever asked must not wait for
 * ever. Of an error of the system its code is kept (SYSTEM_ENOSPC); a mistake of the program is
 * WORKER_FAILED, without its stack.
 */
export async function postable<T>(work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SolventError) {
      const { code, kind, message, details } = error;
      return { failure: { code, kind, message, details } };
    }
    const { message = 'a worker failed', code } = Object(error) as { message?: string; code?: unknown };
    const system = typeof code === 'string' && /^E[A-Z0-9]+$/.test(code);
    return {
      failure: { code: system ? `SYSTEM_${code}` : 'WORKER_FAILED', kind: 'internal', message, details: {} },
    };
  }
}

/** In the thread that asked: the result, or the other one's SolventError. */
export function received<T>(result: T | Failure): T {
  if (typeof result !== 'object' || result === null || !('failure' in result)) return result as T;
  const { code, kind, message, details } = result.failure;
  throw new SolventError(code, kind, message, details);
}
