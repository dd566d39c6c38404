import { toHex } from '@solvent-por/kzg';
import { signAnything } from '@solvent-por/dev/proofs';
import { canonicalJson, manifestDigest, type Manifest } from '@solvent-por/verifier';

/** A manifest that is not true, signed all the same. */
export interface SignedLie {
  readonly manifest: string;
  /** What inclusion proofs name. */
  readonly digest: string;
}

/** Each total is one smallest unit less than it is. @param signing the operator's own seed */
export function falseTotals(honest: string, signing: Uint8Array): SignedLie {
  const { signature: _, ...unsigned } = JSON.parse(honest) as Manifest;
  const totals = unsigned.totals.map((total) => String(BigInt(total) - 1n));
  return lie({ ...unsigned, totals }, signing);
}

/** The same snapshot as another operator would sign it. @param operator 0x and 64 hex digits */
export function otherOperator(honest: string, signing: Uint8Array, operator: string): SignedLie {
  const { signature: _, ...unsigned } = JSON.parse(honest) as Manifest;
  return lie({ ...unsigned, header: { ...unsigned.header, operator } }, signing);
}

function lie(unsigned: object, signing: Uint8Array): SignedLie {
  const signed = signAnything(unsigned, signing);
  return { manifest: canonicalJson(signed), digest: toHex(manifestDigest(signed)) };
}

/** The lines of a whole proof with the sums of its first two exchanged. */
export function exchangedSums(global: string): string {
  const [head, first, second, ...rest] = global.split('\n');
  const [one, other] = [first!, second!].map((line) => JSON.parse(line) as { sums: string[] });
  return [head, canonicalJson({ ...one!, sums: other!.sums }), second, ...rest].join('\n');
}
