import { G1_BASE, G1_ZERO } from './points';
import { decodeUncompressed, encodeUncompressed } from './uncompressed';

test('points survive the way to another thread and back', () => {
  const points = [G1_BASE, G1_BASE.double().add(G1_BASE), G1_ZERO, G1_BASE.negate()];
  const encoded = encodeUncompressed(points);
  expect(encoded.map(({ length }) => length)).toEqual([96, 96, 96, 96]);
  decodeUncompressed(encoded).forEach((point, i) => expect(point.equals(points[i]!)).toBe(true));
});

test('a damaged point is refused', () => {
  const [encoded] = encodeUncompressed([G1_BASE]);
  encoded![95]! ^= 1;
  expect(() => decodeUncompressed([encoded!])).toThrow(expect.objectContaining({ code: 'POINT_MALFORMED' }));
  expect(() => decodeUncompressed([encoded!.subarray(1)])).toThrow(
    expect.objectContaining({ code: 'POINT_MALFORMED' }),
  );
});
