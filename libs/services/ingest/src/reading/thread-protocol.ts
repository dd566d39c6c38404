import type { ReadProgress } from '@solvent-por/snapshot/readers';
import { SolventError, type FailureKind } from '@solvent-por/kzg';
import type { CompressedJob, CuttingPlan, ReadingPass, SourceFacts } from './balance-source';

/** What is asked of the thread, one thing at a time. */
export type ThreadQuestion =
  | { readonly ask: 'check' }
  | { readonly ask: 'cut'; readonly plan: CuttingPlan; readonly skip: ReadonlySet<number> }
  | { readonly ask: 'next' };

/** What it answers. */
export type ThreadAnswer =
  | { readonly answer: 'checked'; readonly facts: SourceFacts }
  | { readonly answer: 'cutting' }
  | { readonly answer: 'job'; readonly job: CompressedJob }
  | { readonly answer: 'end' }
  | { readonly answer: 'failure'; readonly failure: PostedError };

/** What it says by itself. */
export type ThreadNews =
  | { readonly news: 'loaded' }
  | { readonly news: 'reading'; readonly pass: ReadingPass; readonly progress: ReadProgress };

/** An error as it can be posted: an Error that is cloned loses its code, kind and details. */
export interface PostedError {
  readonly message: string;
  readonly code?: string;
  /** Of a SolventError only. */
  readonly kind?: FailureKind;
  readonly details?: SolventError['details'];
}

export function postedError(error: unknown): PostedError {
  if (error instanceof SolventError) {
    const { message, code, kind, details } = error;
    return { message, code, kind, details };
  }
  const { message = String(error), code } = Object(error) as { message?: string; code?: unknown };
  return { message, ...(typeof code === 'string' ? { code } : {}) };
}

export function receivedError({ message, code, kind, details }: PostedError): Error {
  if (kind !== undefined) return new SolventError(code ?? 'UNKNOWN', kind, message, details);
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}
