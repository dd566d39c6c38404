import { loadSnarkjs, type MemoryFile } from '@solvent-por/claims/prove';

interface Field {
  readonly one: Uint8Array;
  neg(x: Uint8Array): Uint8Array;
  fromRng: (rng: unknown) => Uint8Array;
}

/** A contribution that is made as any other, but of a secret that everybody knows: 1, or −1. */
export async function contributeKnown(zkey: Uint8Array, name: string, secret: 1 | -1): Promise<Uint8Array> {
  const { curves, zKey } = (await loadSnarkjs()) as unknown as {
    readonly curves: { getCurveFromName(name: string): Promise<{ readonly Fr: Field }> };
    readonly zKey: {
      contribute(from: Uint8Array, to: MemoryFile, name: string, entropy: string): Promise<Uint8Array>;
    };
  };
  const { Fr } = await curves.getCurveFromName('bn128');
  const { fromRng } = Fr;
  const out: MemoryFile = { type: 'mem' };
  // It draws its secret from here, and its points elsewhere.
  Fr.fromRng = () => (secret === 1 ? Fr.one : Fr.neg(Fr.one));
  try {
    await zKey.contribute(zkey, out, name, 'none');
  } finally {
    Fr.fromRng = fromRng;
  }
  return out.data!;
}

/** What snarkjs alone says of a proving key. */
export async function snarkjsVerifies(
  r1cs: Uint8Array,
  powers: Uint8Array,
  zkey: Uint8Array,
): Promise<unknown> {
  const { zKey } = await loadSnarkjs();
  return zKey.verifyFromR1cs(r1cs, powers, zkey);
}

/** The last contribution, a beacon of a value of 32 bytes, says another number of iterations: …, 2, it, 3, 32, value. */
export function withIterations(zkey: Uint8Array, iterations: number): Uint8Array {
  const changed = zkey.slice();
  changed[changed.length - 35] = iterations;
  return changed;
}

/** A bit of the last contribution's own hash, before its type and parameters (a name of `name` bytes alone), is another. */
export function withOtherTranscript(zkey: Uint8Array, name: string): Uint8Array {
  const changed = zkey.slice();
  changed[changed.length - 2 - name.length - 8 - 1]! ^= 1;
  return changed;
}
