import { BN254_R, invert, modulo } from '@solvent-por/claims';

/** A linear combination: wires and their coefficients. */
type Combination = readonly (readonly [wire: number, coefficient: bigint])[];

/** a·b = c over the wires, of which 0 is 1. */
export interface Constraint {
  readonly a: Combination;
  readonly b: Combination;
  readonly c: Combination;
}

/** A compiled circuit as a list of constraints, without anything that computes. */
export interface R1cs {
  readonly wires: number;
  readonly constraints: readonly Constraint[];
  /** Wires of signals that were not simplified away, by name (`main.id[0]`). */
  readonly wireOf: ReadonlyMap<string, number>;
  /** Names of a wire. */
  readonly nameOf: ReadonlyMap<number, string>;
}

/** @param symbols the compiler's `.sym` */
export function readR1cs(file: Uint8Array, symbols: string): R1cs {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const sections = new Map<number, number>();
  for (let at = 12; at < file.length;) {
    sections.set(view.getUint32(at, true), at + 12);
    at += 12 + Number(view.getBigUint64(at + 4, true));
  }
  const header = sections.get(1)! + 4 + view.getUint32(sections.get(1)!, true);
  const [wires, count] = [view.getUint32(header, true), view.getUint32(header + 24, true)];
  let at = sections.get(2)!;
  const combination = (): Combination => {
    const terms = view.getUint32(at, true);
    at += 4;
    return Array.from({ length: terms }, () => {
      const wire = view.getUint32(at, true);
      let coefficient = 0n;
      for (let word = 3; word >= 0; word--)
        coefficient = (coefficient << 64n) | view.getBigUint64(at + 4 + 8 * word, true);
      at += 36;
      return [wire, coefficient] as const;
    });
  };
  const constraints = Array.from({ length: count }, () => ({
    a: combination(),
    b: combination(),
    c: combination(),
  }));
  const [wireOf, nameOf] = [new Map<string, number>(), new Map<number, string>()];
  for (const line of symbols.trim().split('\n')) {
    const [, wire, , name] = line.split(',');
    if (wire === '-1') continue;
    wireOf.set(name!, Number(wire));
    if (!nameOf.has(Number(wire))) nameOf.set(Number(wire), name!);
  }
  return { wires, constraints, wireOf, nameOf };
}

function valueOf(combination: Combination, witness: readonly bigint[]): bigint {
  return combination.reduce((sum, [wire, coefficient]) => sum + coefficient * witness[wire]!, 0n) % BN254_R;
}

/** Numbers of the constraints that a witness does not satisfy: none of an honest one. */
export function unsatisfied({ constraints }: R1cs, witness: readonly bigint[]): number[] {
  return constraints.flatMap(({ a, b, c }, i) => {
    const difference = valueOf(a, witness) * valueOf(b, witness) - valueOf(c, witness);
    return modulo(difference) === 0n ? [] : [i];
  });
}

/** Of each wire the constraints it stands in. */
export function occurrences({ wires, constraints }: R1cs): number[][] {
  const lists = Array.from({ length: wires }, (): number[] => []);
  constraints.forEach(({ a, b, c }, i) => {
    for (const wire of new Set([...a, ...b, ...c].map(([wire]) => wire))) lists[wire]!.push(i);
  });
  return lists;
}

/**
 * A prover that may lie: everything it is not told follows from the constraints, one unknown at a time, and
 * where they contradict each other it goes on. Unlike the compiler's witness generator it refuses nothing.
 *
 * @param r1cs as it is written, not simplified: there, what follows follows one by one
 * @param told values by name: inputs, and signals that no constraint gives (bits)
 * @throws Error naming a signal that does not follow
 */
export function followFrom(r1cs: R1cs, told: ReadonlyMap<string, bigint>): bigint[] {
  const { constraints } = r1cs;
  const places = occurrences(r1cs);
  const witness: (bigint | undefined)[] = Array.from({ length: r1cs.wires });
  /** How many wires of a constraint are not known yet. */
  const missing = constraints.map(() => 0);
  for (const list of places) for (const i of list) missing[i]!++;
  /** Those with one: of a signal that is 0 from the start. */
  const ready = missing.flatMap((count, i) => (count === 1 ? [i] : []));
  const know = (wire: number, value: bigint) => {
    if (witness[wire] !== undefined) return;
    witness[wire] = modulo(value);
    for (const i of places[wire]!) if (--missing[i]! === 1) ready.push(i);
  };
  know(0, 1n);
  for (const [name, value] of told) {
    const wire = r1cs.wireOf.get(name);
    if (wire !== undefined) know(wire, value);
  }
  for (let i = ready.pop(); i !== undefined; i = ready.pop()) {
    const found = missing[i] === 1 ? unknownOf(constraints[i]!, witness) : undefined;
    if (found) know(...found);
  }
  const open = witness.findIndex((value) => value === undefined);
  if (open >= 0) throw new Error(`${r1cs.nameOf.get(open)} does not follow from what was told`);
  return witness as bigint[];
}

/** The same witness for the same circuit, simplified: signals by their names. */
export function byName(from: R1cs, witness: readonly bigint[], to: R1cs): bigint[] {
  const values = Array.from({ length: to.wires }, () => 0n);
  values[0] = 1n;
  for (const [name, wire] of to.wireOf) values[wire] = witness[from.wireOf.get(name)!]!;
  return values;
}

/** The only unknown of a constraint, where the constraint decides it. */
function unknownOf(
  { a, b, c }: Constraint,
  witness: readonly (bigint | undefined)[],
): readonly [wire: number, value: bigint] | undefined {
  const [wire] = [...a, ...b, ...c].find(([each]) => witness[each] === undefined)!;
  const split = (combination: Combination) => {
    let [known, factor] = [0n, 0n];
    for (const [w, coefficient] of combination)
      if (w === wire) factor += coefficient;
      else known += coefficient * witness[w]!;
    return [modulo(known), modulo(factor)] as const;
  };
  const [[ka, fa], [kb, fb], [kc, fc]] = [split(a), split(b), split(c)];
  // Of b·(b − 1) = 0 there are two: it must be told.
  if (fa !== 0n && fb !== 0n) return undefined;
  // (ka + fa·x)·(kb + fb·x) = kc + fc·x, without x².
  const factor = modulo(fa * kb + fb * ka - fc);
  return factor === 0n ? undefined : [wire, modulo((kc - ka * kb) * invert(factor))];
}
