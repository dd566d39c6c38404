import type { Documents } from './documents';
import type { Step } from './report';

/** What the user says beside the documents. */
export interface Complaint {
  readonly had: string;
  readonly steps: readonly Step[];
  readonly exchange: string;
  readonly at: Date;
}

const FORM = 'solvent/evidence/v1';

/**
 * One file to hand over: proof and manifest byte for byte, as text, what was found, and what the user says they
 * had. No key: who gets it needs none.
 */
export function evidence({ manifest, proof }: Documents, { had, steps, exchange, at }: Complaint): string {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const found = steps.map(({ id, state, why, code }) => ({ step: id, state, why, ...(code && { code }) }));
  const content = {
    ...{ form: FORM, exchange, madeAt: at.toISOString(), iHad: had, found },
    ...{ manifest: text(manifest), proof: text(proof) },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** Proof and manifest out of such a file; undefined where it is none. */
export function readEvidence(text: string): { manifest: Uint8Array; proof: Uint8Array } | undefined {
  try {
    const { form, manifest, proof } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (form !== FORM || typeof manifest !== 'string' || typeof proof !== 'string') return undefined;
    const encoder = new TextEncoder();
    return { manifest: encoder.encode(manifest), proof: encoder.encode(proof) };
  } catch {
    return undefined;
  }
}
