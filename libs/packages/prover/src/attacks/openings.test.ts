import {
  mod,
  OpeningChecks,
  rowPoint,
  ROWS,
  u32be,
  type FieldKernels,
  type RandomBytes,
  type Vector,
} from '@solvent-por/kzg';
import { layoutOf, verifyBatches, type BatchProof } from '@solvent-por/verifier';
import {
  cancellingMove,
  claimedOpenings,
  contextOf,
  failingClaims,
  Forger,
  moveOpening,
  testAccounts,
  testHeader,
  toBatches,
  type Forgery,
} from '@solvent-por/dev/proofs';

const header = testHeader('aggregate', 1, 2);
const net = layoutOf(header).bases[1]!.firstLimb;
type Which = keyof BatchProof['openings'];
const ORDER: readonly Which[] = ['zeta', 'omegaZeta', 'zero'];

let forger: Forger;
let honest: Forgery;
/** 1,000 taken off net in a reserved row: the value at ζ is not what was committed. */
let lying: Forgery;
beforeAll(async () => {
  forger = await Forger.open();
  honest = forger.forge(header, {});
  lying = forger.forge(header, { limbs: [{ limb: net, row: 4080, add: -1000n }] });
});

/** Secret bytes as a careless verifier draws them: claims of the same group get the same. */
function shared(group: (claim: number) => number): RandomBytes {
  let claim = 0;
  return (length) => {
    const bytes = new Uint8Array(length).fill(77);
    bytes.set(u32be(group(claim++)));
    return bytes;
  };
}

function accepts(proofs: readonly BatchProof[], randomBytes?: RandomBytes): boolean {
  const checks = new OpeningChecks(randomBytes);
  for (const proof of proofs) expect(verifyBatches(proof, honest.context, checks)).toHaveLength(1);
  return checks.holds(honest.context.kzg);
}

const moved = (proof: BatchProof, which: Which, scalar: bigint) =>
  moveOpening(proof, which, scalar, honest.context);
const cancelling = (z: bigint) => cancellingMove(lying, z);

describe('errors in two openings that cancel under a shared secret factor', () => {
  test.each(['omegaZeta', 'zero'] as const)('π_ζ and π_%s of one proof', (other) => {
    const place = claimedOpenings(lying.proof, lying.context)[ORDER.indexOf(other)]!.point;
    const a = cancelling(place);
    const forged = moved(moved(lying.proof, 'zeta', a), other, -a);
    expect(
      accepts(
        [forged],
        shared(() => 0),
      ),
    ).toBe(true);
    expect(failingClaims(forged, lying.context)).toEqual(['zeta', other]);
    expect(accepts([forged])).toBe(false);
  });

  test('π_ζ of two proofs: one factor for each kind of opening', () => {
    const a = cancelling(claimedOpenings(honest.proof, honest.context)[0]!.point);
    const forged = [moved(lying.proof, 'zeta', a), moved(honest.proof, 'zeta', -a)];
    expect(
      accepts(
        forged,
        shared((claim) => claim % 3),
      ),
    ).toBe(true);
    expect(accepts(forged)).toBe(false);
  });

  test('π_ζ and π_0 of two proofs, and one factor a proof', () => {
    const across = cancelling(0n);
    const forged = [moved(lying.proof, 'zeta', across), moved(honest.proof, 'zero', -across)];
    const oneForAProof = () => shared((claim) => Math.floor(claim / 3));
    expect(accepts(forged, oneForAProof())).toBe(false);
    expect(
      accepts(
        forged,
        shared(() => 0),
      ),
    ).toBe(true);
    expect(accepts(forged)).toBe(false);

    const within = [honest.proof, moved(moved(lying.proof, 'zeta', across), 'zero', -across)];
    expect(accepts(within, oneForAProof())).toBe(true);
    expect(accepts(within)).toBe(false);
  });

  test('honest proofs pass careless and careful verifiers', () => {
    expect(accepts([honest.proof, honest.proof])).toBe(true);
    expect(
      accepts(
        [honest.proof, honest.proof],
        shared(() => 0),
      ),
    ).toBe(true);
  });

  test('every claim draws a factor of its own', () => {
    const drawn: number[] = [];
    accepts([honest.proof, honest.proof], (length) => {
      drawn.push(length);
      return globalThis.crypto.getRandomValues(new Uint8Array(length));
    });
    expect(drawn).toHaveLength(6);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(16);
  });
});

describe('a proof in another place', () => {
  test('under another header', () => {
    const other = contextOf({ ...header, snapshot: 'another' });
    expect(failingClaims(honest.proof, other)).toEqual(['zeta', 'omegaZeta']);
  });

  test('at another first batch', () => {
    expect(failingClaims({ ...honest.proof, first: 1 }, honest.context)).toEqual(['zeta', 'omegaZeta']);
  });

  test('with the batches of a proof swapped', () => {
    const { proof, context } = forger.forge(header, {}, 2);
    const half = <T>(list: readonly T[]) => [
      ...list.slice(list.length / 2),
      ...list.slice(0, list.length / 2),
    ];
    const swap = <T extends { limbs: readonly U[] }, U>(columns: T): T => ({
      ...columns,
      limbs: half(columns.limbs),
    });
    const swapped = {
      ...proof,
      accounts: half(proof.accounts),
      commitments: swap(proof.commitments),
      evaluations: swap(proof.evaluations),
    };
    expect(failingClaims(proof, context)).toEqual([]);
    expect(failingClaims(swapped, context)).toEqual(['zeta', 'omegaZeta']);
  });
});

describe('the quotient', () => {
  /** Adds c·X^power, power 0 or n − 1, to one chunk. */
  const term = (kernels: FieldKernels, chunk: Vector, c: bigint, power: number) => {
    const rows = kernels.read(chunk, 0, ROWS);
    kernels.load(
      chunk,
      0,
      rows.map((x, i) => mod(x + c * rowPoint(i * power))),
    );
  };
  const changed = (change: (chunks: Vector[], kernels: FieldKernels) => Vector[]) =>
    forger.forge(header, { chunks: (chunks, kernels) => change([...chunks], kernels) });

  test('cut elsewhere, with the same sum, holds', () => {
    const forgery = changed((chunks, kernels) => {
      term(kernels, chunks[1]!, 5n, ROWS - 1);
      term(kernels, chunks[2]!, -5n, 0);
      return chunks;
    });
    expect(forgery.failing).toEqual([]);
  });

  test('with a coefficient beyond 4(n − 1) does not', () => {
    const forgery = changed((chunks, kernels) => {
      term(kernels, chunks[3]!, 5n, ROWS - 1);
      return chunks;
    });
    expect(forgery.failing).toEqual(['zeta']);
  });

  test('cut as if chunks were n wide does not', () => {
    const forgery = changed((chunks, kernels) => {
      term(kernels, chunks[1]!, 5n, ROWS - 1);
      term(kernels, chunks[2]!, -5n, 1);
      return chunks;
    });
    expect(forgery.failing).toEqual(['zeta']);
  });

  test('with two chunks swapped does not', () => {
    expect(changed(([a, b, c, d]) => [a!, c!, b!, d!]).failing).toEqual(['zeta']);
  });

  test('of another proof does not', () => {
    const other = forger.forgeBatches(header, toBatches(testAccounts(header, 2, 'other')), {});
    const commitments = { ...honest.proof.commitments, quotient: other.proof.commitments.quotient };
    expect(failingClaims({ ...honest.proof, commitments }, honest.context)).toEqual(['zeta', 'omegaZeta']);
  });
});
