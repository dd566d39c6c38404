import { createHash } from 'node:crypto';
import { SolventError } from '@solvent-por/kzg';
import type { DeadLetter } from '@solvent-por/services/contracts';
import { redactText } from '../logging/redact';
import type { Incoming } from './incoming';

/** The dead letter of a message: where it stands and why it was given up, never what it holds. */
export function deadLetterOf(
  incoming: Incoming,
  group: string,
  { code, reason }: { readonly code: string; readonly reason: string },
  attempts: number,
): DeadLetter {
  const { topic, partition, offset, key, value } = incoming;
  return {
    topic,
    partition,
    offset,
    group,
    key: redactText(key).slice(0, 255),
    code,
    reason,
    valueBytes: value.length,
    valueDigest: createHash('sha256').update(value).digest('hex'),
    attempts,
    at: new Date().toISOString(),
  };
}

/**
 * An error as a dead letter names it: a code of at most 64 characters and a sentence of at most 2,000,
 * without secrets.
 */
export function reasonOf(error: unknown): { code: string; reason: string } {
  const reason = redactText(error instanceof Error ? error.message : String(error)).slice(0, 2_000);
  if (error instanceof SolventError) return { code: error.code.slice(0, 64), reason };
  const { code } = typeof error === 'object' && error !== null ? (error as { code?: unknown }) : {};
  const isCode = typeof code === 'string' && /^[A-Za-z0-9_]{1,64}$/.test(code);
  return { code: isCode ? code : 'HANDLER_FAILED', reason };
}
