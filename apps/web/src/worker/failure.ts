import { SolventApiError } from '@solvent-por/client';
import { SolventError } from '@solvent-por/kzg';
import { SourceError } from '../check/source';
import type { Failure } from './protocol';

/** An error as it crosses from a worker to the page. */
export function failureOf(error: unknown): Failure {
  if (error instanceof SolventError)
    return {
      code: error.code,
      kind: error.kind === 'malformed' ? 'malformed' : 'internal',
      message: error.message,
    };
  if (error instanceof SolventApiError || error instanceof SourceError)
    return { code: error.code, kind: 'source', message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL', kind: 'internal', message };
}
