import { concat, fromBytes, hexBytes, mod, R, toBytes, toHex, u32be, utf8 } from '@solvent-por/kzg';
import { createHash } from 'node:crypto';
import type { Vector } from './vectors';

/** One call: bytes taken in under a label (the parts concatenated), or a challenge drawn. */
export type TranscriptStep =
  { readonly absorb: string; readonly data: readonly string[] } | { readonly challenge: string };

export interface TranscriptInput {
  readonly name: 'proof' | 'sums';
  readonly steps: readonly TranscriptStep[];
  /** Of an incorrect vector: challenges that somebody claims. */
  readonly challenges?: readonly string[];
}

/** Where a careless implementation leaves section 6. */
interface Rules {
  readonly start: (name: string) => Uint8Array;
  readonly absorbed: (label: Uint8Array, data: Uint8Array) => Uint8Array;
  readonly drawAbsorbs: boolean;
  readonly halves: readonly [number, number];
  readonly reduce: (x: bigint) => bigint;
}

const sha256 = (...parts: readonly Uint8Array[]) =>
  new Uint8Array(
    createHash('sha256')
      .update(concat(...parts))
      .digest(),
  );

const RULES: Rules = {
  start: (name) => sha256(utf8(`solvent/v1/${name}`)),
  absorbed: (label, data) => concat(Uint8Array.of(label.length), label, u32be(data.length), data),
  drawAbsorbs: true,
  halves: [0, 1],
  reduce: mod,
};

/** Section 6 in node:crypto, written apart from the verifier's. */
function challengesOf({ name, steps }: TranscriptInput, rules: Rules = RULES): string[] {
  let state = rules.start(name);
  const challenges: string[] = [];
  const absorb = (label: string, data: Uint8Array) => {
    state = sha256(state, rules.absorbed(utf8(label), data));
  };
  for (const step of steps) {
    if ('absorb' in step) {
      absorb(step.absorb, concat(...step.data.map((hex) => hexBytes(hex, (hex.length - 2) / 2))));
      continue;
    }
    if (rules.drawAbsorbs) absorb(step.challenge, new Uint8Array(0));
    const wide = fromBytes(concat(...rules.halves.map((half) => sha256(state, Uint8Array.of(half)))));
    challenges.push(toHex(toBytes(rules.reduce(wide))));
  }
  return challenges;
}

const bytes = (length: number, first = 0) =>
  toHex(Uint8Array.from({ length }, (_, i) => (first + 7 * i) & 0xff));

const PROOF: TranscriptInput = {
  name: 'proof',
  steps: [
    { absorb: 'header', data: [bytes(32)] },
    { absorb: 'first', data: ['0x00000003'] },
    { absorb: 'accounts', data: [bytes(32, 1)] },
    { absorb: 'limbs', data: [bytes(48, 2), bytes(48, 3)] },
    { absorb: 'multiplicity', data: [bytes(48, 4)] },
    { challenge: 'alpha' },
    { absorb: 'helpers', data: [bytes(48, 5)] },
    { absorb: 'table', data: [bytes(48, 6)] },
    { challenge: 'y' },
    { absorb: 'quotient', data: [7, 8, 9, 10].map((first) => bytes(48, first)) },
    { challenge: 'zeta' },
    { challenge: 'zeta' },
    { absorb: 'evaluations', data: [11, 12, 13].map((first) => bytes(32, first)) },
    { challenge: 'gamma' },
  ],
};
const SUMS: TranscriptInput = {
  name: 'sums',
  steps: [
    { absorb: 'header', data: [bytes(32)] },
    { absorb: 'batches', data: ['0x00000140'] },
    { absorb: 'columns', data: [bytes(32, 1)] },
    { absorb: 'totals', data: [toHex(toBytes(0n)), toHex(toBytes((1n << 96n) - 1n))] },
    { challenge: 'gamma' },
  ],
};
/** The roots of two account trees, 64 bytes. */
const TWO_BATCHES: TranscriptInput = {
  name: 'proof',
  steps: [{ absorb: 'accounts', data: [bytes(32, 1), bytes(32, 2)] }, { challenge: 'alpha' }],
};

/**
 * The vectors of test-vectors/transcript: correct ones, challenges that a careless implementation would give,
 * and labels that are not the page's.
 */
export function transcriptVectors(): Vector[] {
  const correct: [string, TranscriptInput][] = [
    ['proof', PROOF],
    ['sums', SUMS],
    ['two-batches', TWO_BATCHES],
    ['nothing-absorbed', { name: 'proof', steps: [{ challenge: 'alpha' }] }],
    ['no-data', { name: 'proof', steps: [{ absorb: 'accounts', data: [] }, { challenge: 'alpha' }] }],
    [
      'one-part',
      { name: 'proof', steps: [{ absorb: 'accounts', data: [bytes(96)] }, { challenge: 'alpha' }] },
    ],
    [
      'the-same-in-two-parts',
      {
        name: 'proof',
        steps: [{ absorb: 'accounts', data: [bytes(48), bytes(48, 7 * 48)] }, { challenge: 'alpha' }],
      },
    ],
    [
      'another-label',
      { name: 'proof', steps: [{ absorb: 'limbs', data: [bytes(96)] }, { challenge: 'alpha' }] },
    ],
    [
      'data-of-300-bytes',
      { name: 'proof', steps: [{ absorb: 'limbs', data: [bytes(300)] }, { challenge: 'alpha' }] },
    ],
  ];
  const flaws: [string, Partial<Rules>][] = [
    ['lengths-left-out', { absorbed: (label, data) => concat(label, data) }],
    [
      'length-of-two-bytes',
      {
        absorbed: (label, data) =>
          concat(Uint8Array.of(label.length), label, u32be(data.length).slice(2), data),
      },
    ],
    ['label-left-out', { absorbed: (_, data) => concat(u32be(data.length), data) }],
    ['name-left-out', { start: () => new Uint8Array(32) }],
    ['challenge-not-absorbed', { drawAbsorbs: false }],
    ['halves-swapped', { halves: [1, 0] }],
    ['one-half-only', { reduce: (x) => mod(x >> 256n) }],
    ['low-half-only', { reduce: (x) => mod(x & ((1n << 256n) - 1n)) }],
    ['masked-instead-of-reduced', { reduce: (x) => mod(x & ((1n << 254n) - 1n)) % R }],
  ];
  const absorbing = (label: string): object => ({
    name: 'proof',
    steps: [{ absorb: label, data: [bytes(32)] }, { challenge: 'alpha' }],
  });
  const LABEL = 'TRANSCRIPT_LABEL';
  const malformed: [string, object, string][] = [
    ['name-unknown', { ...PROOF, name: 'proofs' }, 'TRANSCRIPT_UNKNOWN'],
    ['name-of-a-property', { ...PROOF, name: 'constructor' }, 'TRANSCRIPT_UNKNOWN'],
    ['label-empty', absorbing(''), LABEL],
    ['label-in-upper-case', absorbing('Accounts'), LABEL],
    ['label-not-ascii', absorbing('äccounts'), LABEL],
    // Its length in one byte is that of the empty label.
    ['label-of-256-bytes', absorbing('a'.repeat(256)), LABEL],
    ['label-of-another-transcript', absorbing('columns'), LABEL],
    ['label-of-the-old-form', absorbing('tags'), LABEL],
    ['name-of-the-old-form', { ...SUMS, name: 'inclusion' }, 'TRANSCRIPT_UNKNOWN'],
    ['challenge-of-another-transcript', { ...SUMS, steps: [{ challenge: 'zeta' }] }, LABEL],
  ];
  return [
    ...correct.map(([name, input]): Vector => ({
      kind: 'correct',
      name,
      input,
      expected: { challenges: challengesOf(input) },
    })),
    ...flaws.map(([name, flaw]): Vector => ({
      kind: 'incorrect',
      name,
      input: { ...PROOF, challenges: challengesOf(PROOF, { ...RULES, ...flaw }) },
      expected: { valid: false },
    })),
    // γ of a snapshot drawn from less, or in another order.
    ...SUMS.steps.slice(0, -1).map((step): Vector => ({
      kind: 'incorrect',
      name: `sums-without-${'absorb' in step ? step.absorb : ''}`,
      input: { ...SUMS, challenges: challengesOf({ ...SUMS, steps: SUMS.steps.filter((s) => s !== step) }) },
      expected: { valid: false },
    })),
    {
      kind: 'incorrect',
      name: 'sums-totals-before-columns',
      input: {
        ...SUMS,
        challenges: challengesOf({ ...SUMS, steps: [0, 1, 3, 2, 4].map((i) => SUMS.steps[i]!) }),
      },
      expected: { valid: false },
    },
    ...malformed.map(([name, input, code]): Vector => ({
      kind: 'malformed',
      name,
      input,
      expected: { code },
    })),
  ];
}
