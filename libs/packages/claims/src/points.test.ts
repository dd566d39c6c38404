import { madeClaims } from '@solvent-por/dev/proofs';
import { concat, hexBytes, toBytes } from '@solvent-por/kzg';
import { bn254 } from '@noble/curves/bn254.js';
import { decodeG1, decodeG2, encodeG1, encodeG2, G1_BYTES, G2_BYTES } from './points';

const { document } = madeClaims().verifyingKey;
const alpha = hexBytes(document.alpha, G1_BYTES);
const beta = hexBytes(document.beta, G2_BYTES);
const P = bn254.fields.Fp.ORDER;
const refusal = (member: string): Error =>
  expect.objectContaining({ code: 'CLAIM_POINT', kind: 'malformed', details: { member } }) as Error;

test('points are written as they are read', () => {
  const { x, y } = decodeG1(alpha, 'alpha').toAffine();
  expect(encodeG1({ x, y })).toEqual(alpha);
  const { x: x2, y: y2 } = decodeG2(beta, 'beta').toAffine();
  expect(encodeG2({ x: [x2.c0, x2.c1], y: [y2.c0, y2.c1] })).toEqual(beta);
});

test('of any other length, and any coordinate from p on, is no point', () => {
  for (const bytes of [alpha.slice(1), concat(alpha, Uint8Array.of(0))])
    expect(() => decodeG1(bytes, 'it')).toThrow(refusal('it'));
  for (const bytes of [alpha, beta.slice(1), concat(beta, Uint8Array.of(0))])
    expect(() => decodeG2(bytes, 'it')).toThrow(refusal('it'));
  for (let at = 0; at < G2_BYTES; at += 32) {
    const changed = beta.slice();
    changed.set(toBytes(P), at);
    expect(() => decodeG2(changed, 'it')).toThrow(refusal('it'));
  }
});

test('a point with one coordinate 0 is not infinity: it is off its curve', () => {
  for (const bytes of [
    concat(new Uint8Array(32), alpha.slice(32)),
    concat(alpha.slice(0, 32), new Uint8Array(32)),
  ])
    expect(() => decodeG1(bytes, 'it')).toThrow('is not on the curve');
  for (let at = 0; at < G2_BYTES; at += 32) {
    const one = new Uint8Array(G2_BYTES);
    one[at + 31] = 1;
    expect(() => decodeG2(one, 'it')).toThrow('is not on the curve');
  }
  expect(() => decodeG1(new Uint8Array(64), 'it')).toThrow('is the point at infinity');
  expect(() => decodeG2(new Uint8Array(128), 'it')).toThrow('is the point at infinity');
});
