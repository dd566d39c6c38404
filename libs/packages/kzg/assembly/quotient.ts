// The quotient of section 7 on one coset, and the last step of its interpolation from four.
import { add, load4, multiply, reduce, reduceSmall, subtract } from './generated/arithmetic';
import { ELEMENT, RAISED2, RAISED4, ROWS } from './layout';
import { A, B, C, D, E, loadRow, scalar, storeRow } from './vectors';

/**
 * acc += weight·((h + size/α)·Π(α+l) − Σ_l Π_{l'≠l}(α+l')). Scalars: 0 α, 1 size/α, 2 weight, 3 one.
 * With A = α+l0, B = α+l1, D = α+l2, H = h + size/α the bracket is
 * A·H − 1;  A·(B·H − 1) − B;  D·(A·B·H − (A + B)) − A·B.
 */
export function accumulateGroup(acc: usize, h: usize, l0: usize, l1: usize, l2: usize): void {
  for (let i: usize = 0; i < ROWS * ELEMENT; i += 4 * ELEMENT) {
    loadRow(A, l0 + i);
    add(A, A, scalar(0));
    loadRow(C, h + i);
    add(C, C, scalar(1));
    if (!l1) {
      multiply(C, C, A);
      subtract(C, C, scalar(3), RAISED4);
    } else {
      loadRow(B, l1 + i);
      add(B, B, scalar(0));
      if (!l2) {
        multiply(C, C, B);
        subtract(C, C, scalar(3), RAISED4);
        multiply(C, C, A);
        subtract(C, C, B, RAISED4);
      } else {
        loadRow(D, l2 + i);
        add(D, D, scalar(0));
        multiply(E, A, B);
        multiply(C, C, E);
        subtract(C, C, A, RAISED4);
        subtract(C, C, B, RAISED4);
        multiply(C, C, D);
        subtract(C, C, E, RAISED4);
      }
    }
    multiply(C, C, scalar(2));
    loadRow(A, acc + i);
    add(C, C, A);
    reduceSmall(C, C);
    storeRow(C, acc + i);
  }
}

/**
 * acc = [s·(acc − wTable·m) + wTable·(α·s + t)·(hT + m/α) + wPairs·p·(W + W(ωX))] / (X^n − 1) on one coset.
 * Scalars: 0 α, 1 1/α, 2 wTable, 3 wPairs, 4 1/(X^n − 1), which is one number on a coset.
 * `columns` holds s, t and p there, one after another.
 */
export function finishQuotient(acc: usize, columns: usize, hT: usize, m: usize, w: usize): void {
  const column = ROWS * ELEMENT;
  for (let i: usize = 0; i < column; i += 4 * ELEMENT) {
    loadRow(E, columns + i);
    loadRow(D, m + i);
    loadRow(A, acc + i);
    multiply(C, D, scalar(2));
    subtract(A, A, C, RAISED2);
    multiply(A, A, E);

    loadRow(C, columns + column + i);
    multiply(B, E, scalar(0));
    add(B, B, C);
    loadRow(E, hT + i);
    multiply(C, D, scalar(1));
    add(C, C, E);
    multiply(B, B, C);
    multiply(B, B, scalar(2));
    add(A, A, B);

    loadRow(B, columns + 2 * column + i);
    loadRow(C, w + i);
    const p = w + i + ELEMENT;
    load4(D, p, p + ELEMENT, p + 2 * ELEMENT, w + ((i + 4 * ELEMENT) & (column - 1)));
    add(C, C, D);
    multiply(C, C, B);
    multiply(C, C, scalar(3));
    add(A, A, C);

    multiply(A, A, scalar(4));
    storeRow(A, acc + i);
  }
}

/**
 * Four columns in natural order, g_j[k] = (7η^j)^(−k)/(4n) · Σ_i v_j[i]·ω^(−ik), one after another → 16,384
 * coefficients in natural order: f[mn + k] = 7^(−mn)·Σ_j ι^(−jm)·g_j[k]. Scalars: 0 ι^(−1) = η^(−n), m = 1,
 * 2, 3: 7^(−mn).
 */
export function combineCosets(target: usize, g: usize): void {
  const column = ROWS * ELEMENT;
  for (let i: usize = 0; i < column; i += 4 * ELEMENT) {
    loadRow(A, g + i);
    loadRow(B, g + column + i);
    loadRow(C, g + 2 * column + i);
    loadRow(D, g + 3 * column + i);
    // A ± C and B ± D
    add(E, A, C);
    subtract(A, A, C, RAISED2);
    add(C, B, D);
    subtract(B, B, D, RAISED2);
    multiply(B, B, scalar(0));
    add(D, E, C);
    reduce(D, D);
    storeRow(D, target + i);
    subtract(D, E, C, RAISED4);
    multiply(D, D, scalar(2));
    storeRow(D, target + 2 * column + i);
    add(D, A, B);
    multiply(D, D, scalar(1));
    storeRow(D, target + column + i);
    subtract(D, A, B, RAISED2);
    multiply(D, D, scalar(3));
    storeRow(D, target + 3 * column + i);
  }
}
