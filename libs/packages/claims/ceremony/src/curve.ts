import { loadSnarkjs } from '../../prove/src/snarkjs';

/** What we use of ffjavascript's curves, over snarkjs: points are bytes in Montgomery form. */
export interface Group {
  readonly g: Uint8Array;
  readonly zero: Uint8Array;
  add(a: Uint8Array, b: Uint8Array): Uint8Array;
  double(a: Uint8Array): Uint8Array;
  toAffine(a: Uint8Array): Uint8Array;
  /** Of many points, one after another. */
  batchToAffine(points: Uint8Array): Promise<Uint8Array>;
}

export interface Curve {
  readonly G1: Group;
  readonly G2: Group;
}

/** BN254, with its threads (`endSnarkjs`). @throws SolventError CLAIM_TOOLS_MISSING (kind usage) */
export async function loadCurve(): Promise<Curve> {
  const { curves } = (await loadSnarkjs()) as unknown as {
    readonly curves: { getCurveFromName(name: string): Promise<Curve> };
  };
  return curves.getCurveFromName('bn128');
}
