import { bitReverse12, GENERATOR, OMEGA, ROWS } from '../domain';
import { inverse, pow, R } from '../field';
import { ELEMENT_BYTES, type WasmInstance, QUAD_BYTES } from './instance';

/** η: a primitive root of unity of order 16,384, η^4 = ω. */
export const ETA = pow(GENERATOR, (R - 1n) / BigInt(4 * ROWS));

/** 7·η^j: coset j is this times H. */
export function cosetShift(j: number): bigint {
  return (GENERATOR * pow(ETA, BigInt(j))) % R;
}

/** target_i = first · ratio^i; count is a multiple of four. */
export function powers(
  instance: WasmInstance,
  target: number,
  first: bigint,
  ratio: bigint,
  count: number,
): void {
  const lanes = [1n, ratio, (ratio * ratio) % R, pow(ratio, 3n)] as const;
  instance.setScalars(first, ratio, pow(ratio, 4n));
  instance.setScalarLanes(3, lanes);
  instance.exports.powers(target, count);
}

/** Bytes of the table of either transform. */
export const TABLE_BYTES = (3 + ROWS / 4) * QUAD_BYTES;

/** The twiddles of `interpolate` (libs/packages/kzg/assembly/transform.ts). */
export function interpolationTable(instance: WasmInstance, table: number): void {
  const half = ROWS / 2;
  instance.borrow(3 * half * ELEMENT_BYTES, (natural) => {
    const gathered = natural + half * ELEMENT_BYTES;
    powers(instance, natural, 1n, inverse(OMEGA), half);
    const gather = (quads: number, blocks: readonly number[]): void => {
      blocks.forEach((block, i) => {
        const source = instance.bytes(natural + (bitReverse12(block) >> 1) * ELEMENT_BYTES, ELEMENT_BYTES);
        instance.bytes(gathered + i * ELEMENT_BYTES, ELEMENT_BYTES).set(source);
      });
      instance.exports.toQuads(quads, gathered, blocks.length);
    };
    const blocks = Array.from({ length: half }, (_, block) => block);
    gather(table, blocks);
    gather(
      table + (half / 4) * QUAD_BYTES,
      blocks.filter((block) => block % 2 === 0),
    );
    gather(
      table + (half / 4 + half / 8) * QUAD_BYTES,
      blocks.filter((block) => block % 2 === 1),
    );
  });
}

/** The twiddles of `evaluate` at shift·ω^i (libs/packages/kzg/assembly/transform.ts). */
export function evaluationTable(instance: WasmInstance, table: number, shift: bigint): void {
  const first = (distance: number): bigint => pow(shift, BigInt(ROWS / 2 / distance));
  const ratio = (distance: number): bigint => pow(OMEGA, BigInt(ROWS / 2 / distance));
  const splat = (quad: number, x: bigint): void =>
    instance.writeQuad(table + quad * QUAD_BYTES, [x, x, x, x]);
  splat(0, first(1));
  splat(1, first(2));
  splat(2, (first(2) * ratio(2)) % R);
  instance.borrow((ROWS / 2) * ELEMENT_BYTES, (vector) => {
    for (let distance = 4; distance < ROWS; distance *= 2) {
      powers(instance, vector, first(distance), ratio(distance), distance);
      instance.exports.toQuads(table + (2 + distance / 4) * QUAD_BYTES, vector, distance);
    }
  });
}
