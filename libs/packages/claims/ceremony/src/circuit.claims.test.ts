import {
  BN254_R,
  claimLeaf,
  claimNode,
  claimNullifier,
  claimScope,
  climbClaims,
  modulo,
  poseidon,
  valueDigests,
  type ClaimFile,
} from '@solvent-por/claims';
import { circuitInput, type CircuitInput, type ClaimRequest } from '@solvent-por/claims/prove';
import { sha256 } from '@noble/hashes/sha2.js';
import { byName, followFrom, occurrences, readR1cs, unsatisfied, type R1cs } from '../testing/r1cs';
import { compileCircuit } from './compile';

/** Every constraint as it is written, and what keys are made of. */
let plain: R1cs;
let simplified: R1cs;

beforeAll(async () => {
  const [written, used] = [await compileCircuit(3, false), await compileCircuit(3)];
  plain = readR1cs(written.r1cs, written.symbols);
  simplified = readR1cs(used.r1cs, used.symbols);
});

const bytes = (label: string) => sha256(new TextEncoder().encode(label));
const element = (label: string) => BigInt(`0x${Buffer.from(bytes(label)).toString('hex')}`) >> 3n;
const file: ClaimFile = {
  manifest: bytes('manifest'),
  ...{ batch: 5, row: 1234 },
  id: bytes('id'),
  claimKey: bytes('claim key').slice(0, 31),
  values: [700n, (1n << 67n) - 1n, 0n],
  path: Array.from({ length: 28 }, (_, j) => element(`sibling ${j}`)),
};
const request: ClaimRequest = {
  ...{ value: 1, threshold: 1000n },
  scope: claimScope('lender.example', 'loan'),
  challenge: bytes('challenge').slice(0, 31),
};
const rootOf = ({ id, claimKey, values, path, batch, row }: ClaimFile) =>
  climbClaims(claimLeaf(id, claimKey, values), path, 4096 * batch + row);
const honest = () => circuitInput(file, request, rootOf(file));

/** Names of what a prover decides: inputs, and bits, which no constraint gives. */
function told(input: CircuitInput): Map<string, bigint> {
  const names = new Map<string, bigint>();
  for (const [name, value] of Object.entries(input)) {
    if (typeof value === 'bigint') names.set(`main.${name}`, value);
    else value.forEach((x, i) => names.set(`main.${name}[${i}]`, x));
  }
  const bits = (component: string, value: bigint, count: number) => {
    for (let i = 0; i < count; i++)
      names.set(`main.${component}.bits.out[${i}]`, (modulo(value) >> BigInt(i)) & 1n);
  };
  const list = (name: string) => input[name] as readonly bigint[];
  list('id').forEach((half, i) => bits(`halfBelow[${i}]`, half, 128));
  list('values').forEach((value, v) => bits(`valueBelow[${v}]`, value, 67));
  bits('thresholdBelow', input.threshold as bigint, 67);
  const held = list('values').reduce((sum, value, v) => sum + value * list('selected')[v]!, 0n);
  bits('difference', held - (input.threshold as bigint), 67);
  return names;
}

/** A liar's witness: everything follows from the input, whatever it contradicts. */
function witnessOf(r1cs: R1cs, input: CircuitInput): bigint[] {
  const witness = followFrom(plain, told(input));
  return r1cs === plain ? witness : byName(plain, witness, r1cs);
}

/** What it breaks, by the names of the signals in each broken constraint. */
function broken(r1cs: R1cs, input: CircuitInput): string[] {
  const witness = witnessOf(r1cs, input);
  return unsatisfied(r1cs, witness).map((i) => {
    const { a, b, c } = r1cs.constraints[i]!;
    return [...a, ...b, ...c].map(([wire]) => r1cs.nameOf.get(wire) ?? '1').join(' ');
  });
}

/** The leaf of what may be no account at all: halves and values as given. */
function leafOf(id: readonly bigint[], claimKey: bigint, values: readonly bigint[]): bigint {
  return poseidon([2n, ...id, claimKey, ...valueDigests(values)]);
}

/** The root over a leaf, in whatever way the circuit mixes a bit that is none. */
function rootOver(leaf: bigint, siblings: readonly bigint[], path: readonly bigint[]): bigint {
  return siblings.reduce((node, sibling, j) => {
    const left = modulo(node + path[j]! * (sibling - node));
    return claimNode(left, modulo(node + sibling - left));
  }, leaf);
}

/** The honest input with changes, its root made anew, so that only what was changed can be wrong. */
function changed(changes: CircuitInput): CircuitInput {
  const input = { ...honest(), ...changes };
  const list = (name: string) => input[name] as readonly bigint[];
  const leaf = leafOf(list('id').map(modulo), input.claimKey as bigint, list('values').map(modulo));
  return { ...input, claimRoot: rootOver(leaf, list('siblings'), list('path')), ...changes };
}

test('an honest witness satisfies everything, as the circuit is written and as it is simplified', () => {
  expect(broken(plain, honest())).toEqual([]);
  expect(broken(simplified, honest())).toEqual([]);
  // The smallest and the largest of all that is allowed.
  const edges = { ...changed({ id: [0n, (1n << 128n) - 1n], values: [0n, (1n << 67n) - 1n, 0n] }) };
  expect(broken(plain, { ...edges, threshold: (1n << 67n) - 1n })).toEqual([]);
  expect(broken(plain, { ...edges, threshold: 0n })).toEqual([]);
});

/** One constraint each, and nothing else, as the circuit is written. */
const VIOLATIONS: readonly (readonly [string, () => CircuitInput])[] = [
  ['the first half of an id is 2^128 or more: an alias', () => changed({ id: [1n << 128n, 5n] })],
  [
    'the second half of an id is its number minus one, below nothing',
    () => changed({ id: [5n, BN254_R - 1n] }),
  ],
  ['a value that is not the one meant is 2^67', () => changed({ values: [1n << 67n, 2000n, 0n] })],
  ['a value is negative: the order minus one', () => changed({ values: [0n, 2000n, BN254_R - 1n] })],
  [
    'the threshold is negative, so that anything is above it',
    () => ({ ...honest(), threshold: BN254_R - 1n, ...valuesOf([700n, 1000n, 0n]) }),
  ],
  [
    'the threshold is one above the value',
    () => ({ ...changed({ values: [700n, 999n, 0n] }), threshold: 1000n }),
  ],
  ['the index is that of another value', () => ({ ...honest(), value: 2n })],
  [
    'two values are selected, whose indices add up to the one meant',
    () => ({ ...changed({ values: [700n, 999n, 500n] }), value: 1n, selected: [1n, 1n, 0n] }),
  ],
  ['the root is that of another tree', () => ({ ...honest(), claimRoot: 7n })],
  [
    'the nullifier is that of another scope',
    () => ({
      ...honest(),
      nullifier: claimNullifier(file.claimKey, claimScope('lender.example', 'another')),
    }),
  ],
  [
    'the nullifier is that of another account',
    () => ({ ...honest(), nullifier: claimNullifier(bytes('other').slice(0, 31), request.scope) }),
  ],
  [
    'a bit of the path is 2, which mixes two children into others',
    () => changed({ path: (honest().path as bigint[]).map((bit, j) => (j === 3 ? 2n : bit)) }),
  ],
];

function valuesOf(values: readonly bigint[]): CircuitInput {
  const { claimRoot } = changed({ values });
  return { values, claimRoot: claimRoot! };
}

test.each(VIOLATIONS)('%s: one constraint refuses it, and no other', (_, lie) => {
  expect(broken(plain, lie())).toHaveLength(1);
});

test.each(VIOLATIONS)('%s: refused by what keys are made of, too', (_, lie) => {
  expect(broken(simplified, lie())).not.toEqual([]);
});

test('values that are selected by halves are refused', () => {
  const half = modulo(-(BN254_R >> 1n));
  const lie = { ...changed({ values: [2000n, 0n, 2000n] }), selected: [half, 0n, half] };
  expect(modulo(half + half)).toBe(1n);
  for (const r1cs of [plain, simplified]) {
    const found = broken(r1cs, lie);
    expect(found.length).toBeGreaterThan(0);
  }
  for (const names of broken(plain, lie)) expect(names).toMatch(/main\.selected\[[02]\]/);
});

test('another challenge than the one that was bound is refused by one constraint', () => {
  for (const r1cs of [plain, simplified]) {
    const witness = witnessOf(r1cs, honest());
    witness[r1cs.wireOf.get('main.challenge')!] = 8n;
    expect(unsatisfied(r1cs, witness)).toHaveLength(1);
  }
});

test('no signal is free: whichever is changed, something breaks', () => {
  const witness = witnessOf(simplified, honest());
  const places = occurrences(simplified);
  const { constraints } = simplified;
  for (let wire = 1; wire < simplified.wires; wire++) {
    const own = witness[wire]!;
    witness[wire] = modulo(own + 1n);
    const part = { ...simplified, constraints: places[wire]!.map((i) => constraints[i]!) };
    if (unsatisfied(part, witness).length === 0)
      throw new Error(`${simplified.nameOf.get(wire)} can be changed without anything breaking`);
    witness[wire] = own;
  }
});
