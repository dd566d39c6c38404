import { SolventError } from '@solvent-por/kzg';

/** How large a compiled circuit is. */
export interface CircuitSize {
  readonly constraints: number;
  readonly publicSignals: number;
  /** The least with constraints + public signals + 1 ≤ 2^exponent: what phase 1 must have. */
  readonly exponent: number;
}

/**
 * Reads the header of an .r1cs file (its section 1). @throws SolventError R1CS_MALFORMED (kind malformed)
 */
export function constraintCount(r1cs: Uint8Array): CircuitSize {
  const view = new DataView(r1cs.buffer, r1cs.byteOffset, r1cs.byteLength);
  const fail = () =>
    new SolventError('R1CS_MALFORMED', 'malformed', 'the file is not a compiled circuit (.r1cs)');
  if (r1cs.length < 12 || new TextDecoder().decode(r1cs.subarray(0, 4)) !== 'r1cs') throw fail();
  for (let at = 12; at + 12 <= r1cs.length;) {
    const [id, length] = [view.getUint32(at, true), Number(view.getBigUint64(at + 4, true))];
    const start = at + 12;
    if (id === 1) {
      const counts = start + 4 + view.getUint32(start, true);
      if (counts + 28 > r1cs.length) throw fail();
      const [outputs, inputs] = [view.getUint32(counts + 4, true), view.getUint32(counts + 8, true)];
      const constraints = view.getUint32(counts + 24, true);
      const publicSignals = outputs + inputs;
      return { constraints, publicSignals, exponent: Math.ceil(Math.log2(constraints + publicSignals + 1)) };
    }
    at = start + length;
  }
  throw fail();
}
