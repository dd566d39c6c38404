import { concat, fromBytes, mod, toBytes, toHex, u32be } from '@solvent-por/kzg';
import { createHash } from 'node:crypto';
import { TEST_GAMMA } from './cheating';
import { testKey } from './snapshots';
import type { Vector } from './vectors';

/** Input of a `blinding` vector (section 12): the s of cells and the u of subcells of one batch. */
export interface BlindingVectorInput {
  readonly openingSeed: string;
  readonly gamma: string;
  readonly cells: readonly number[];
  readonly subcells: readonly number[];
  /** Of an incorrect vector: what a careless prover would blind with. */
  readonly claimed?: BlindingVectorOutput;
}

export interface BlindingVectorOutput {
  readonly s: readonly string[];
  readonly u: readonly string[];
}

interface Rules {
  readonly kinds: readonly [number, number];
  readonly gamma: (gamma: Uint8Array) => Uint8Array;
  readonly index: (c: number) => Uint8Array;
  readonly halves: readonly number[];
}

const RULES: Rules = {
  kinds: [0x40, 0x08],
  gamma: (gamma) => gamma,
  index: u32be,
  halves: [0, 1],
};

function outputOf(input: BlindingVectorInput, rules: Rules = RULES): BlindingVectorOutput {
  const seed = Buffer.from(input.openingSeed.slice(2), 'hex');
  const gamma = rules.gamma(Uint8Array.from(Buffer.from(input.gamma.slice(2), 'hex')));
  const drawn = (which: 0 | 1, c: number) => {
    const halves = rules.halves.map((half) =>
      createHash('sha256')
        .update(concat(seed, gamma, Uint8Array.of(rules.kinds[which]), rules.index(c), Uint8Array.of(half)))
        .digest(),
    );
    return toHex(toBytes(mod(fromBytes(concat(...halves)))));
  };
  return { s: input.cells.map((c) => drawn(0, c)), u: input.subcells.map((c) => drawn(1, c)) };
}

export function blindingVectors(): Vector[] {
  const base: BlindingVectorInput = {
    openingSeed: toHex(testKey('opening seed')),
    gamma: toHex(toBytes(TEST_GAMMA)),
    cells: [0, 1, 63],
    subcells: [0, 64, 511],
  };
  const correct: [string, Partial<BlindingVectorInput>][] = [
    ['some', {}],
    ['another-gamma', { gamma: toHex(toBytes(7n)) }],
    ['another-seed', { openingSeed: toHex(testKey('another seed')) }],
  ];
  const flaws: [string, Partial<Rules>][] = [
    ['without-gamma', { gamma: () => new Uint8Array(0) }],
    ['gamma-little-endian', { gamma: (gamma) => Uint8Array.from(gamma).reverse() }],
    ['cells-and-subcells-swapped', { kinds: [0x08, 0x40] }],
    ['cells-blinded-as-subcells', { kinds: [0x08, 0x08] }],
    ['index-of-two-bytes', { index: (c) => u32be(c).slice(2) }],
    ['halves-swapped', { halves: [1, 0] }],
    ['one-half-only', { halves: [0] }],
    ['the-same-for-every-cell', { index: () => u32be(0) }],
  ];
  return [
    ...correct.map(([name, change]): Vector => {
      const input = { ...base, ...change };
      return { kind: 'correct', name, input, expected: outputOf(input) };
    }),
    ...flaws.map(([name, flaw]): Vector => ({
      kind: 'incorrect',
      name,
      input: { ...base, claimed: outputOf(base, { ...RULES, ...flaw }) },
      expected: { valid: false },
    })),
  ];
}
