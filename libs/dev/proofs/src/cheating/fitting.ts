import { mod, R } from '@solvent-por/kzg';

type IntegerVector = readonly bigint[];

const dot = (a: IntegerVector, b: IntegerVector) => a.reduce((sum, x, i) => sum + x * b[i]!, 0n);
/** The nearest integer to a / b, b > 0. */
const nearest = (a: bigint, b: bigint) => {
  const doubled = 2n * a + b;
  const quotient = doubled / (2n * b);
  return doubled < 0n && doubled % (2n * b) !== 0n ? quotient - 1n : quotient;
};

/**
 * What somebody finds who knows γ and may still choose values: small integers near `wanted` that fold to what
 * `fixed` folds to, Σ γ^v·fitted[v] = Σ γ^v·fixed[v]. They differ from what is wanted by about r^(1/V), in
 * each of V places: the more values, the better the fit. By LLL reduction (Lenstra, Lenstra, Lovász 1982; in
 * integers as in Cohen, A Course in Computational Algebraic Number Theory, 2.6.7) and Babai's nearest plane.
 */
export function fitted(gamma: bigint, fixed: IntegerVector, wanted: IntegerVector): bigint[] {
  const basis = reduced(changesOfNothing(gamma, fixed.length));
  const difference = wanted.map((x, v) => x - fixed[v]!);
  const rest = sizeReduced([...basis, difference], basis.length);
  return wanted.map((x, v) => x - rest[v]!);
}

/** A basis of all integer changes with Σ γ^v·change[v] = 0 mod r. */
function changesOfNothing(gamma: bigint, count: number): bigint[][] {
  let power = 1n;
  return Array.from({ length: count }, (_, v) => {
    const row = Array.from({ length: count }, (__, i) => BigInt(i === v));
    row[0] = v === 0 ? R : -power;
    power = mod(power * gamma);
    return row;
  });
}

/** Gram–Schmidt in integers: μ_ij = lambda[i][j] / d[j + 1]; d[i] is the determinant of the first i rows. */
function gramSchmidt(rows: readonly IntegerVector[]): { lambda: bigint[][]; d: bigint[] } {
  const d = [1n];
  const lambda = rows.map(() => [] as bigint[]);
  rows.forEach((row, i) => {
    for (let j = 0; j <= i; j++) {
      let u = dot(row, rows[j]!);
      for (let l = 0; l < j; l++) u = (d[l + 1]! * u - lambda[i]![l]! * lambda[j]![l]!) / d[l]!;
      if (j < i) lambda[i]!.push(u);
      else d.push(u);
    }
  });
  return { lambda, d };
}

/** Row k less multiples of the rows before it, the last of them first. */
function sizeReduced(rows: readonly IntegerVector[], k: number): bigint[] {
  let row = [...rows[k]!];
  for (let j = k - 1; j >= 0; j--) {
    const { lambda, d } = gramSchmidt([...rows.slice(0, k), row]);
    const times = nearest(lambda[k]![j]!, d[j + 1]!);
    row = row.map((x, v) => x - times * rows[j]![v]!);
  }
  return row;
}

function reduced(basis: bigint[][]): bigint[][] {
  const rows = [...basis];
  for (let k = 1; k < rows.length;) {
    rows[k] = sizeReduced(rows, k);
    const { lambda, d } = gramSchmidt(rows.slice(0, k + 1));
    const swap = 4n * (d[k + 1]! * d[k - 1]! + lambda[k]![k - 1]! ** 2n) < 3n * d[k]! ** 2n;
    if (swap) [rows[k - 1], rows[k]] = [rows[k]!, rows[k - 1]!];
    k = swap ? Math.max(1, k - 1) : k + 1;
  }
  return rows;
}
