import { encodePoints, encodeUncompressed, G1_BASE, G1_ZERO } from '@solvent/algebra';
import { compressPoint } from './compressed-point';

test('the same bytes as the encoder of points', () => {
  let point = G1_BASE;
  const points = [G1_ZERO];
  // Both halves of the y coordinates come up.
  for (let i = 0; i < 40; i++) points.push((point = point.add(i % 3 === 0 ? point : G1_BASE)));
  const compressed = encodePoints(points);
  expect(encodeUncompressed(points).map(compressPoint)).toEqual(compressed);
  expect(new Set(compressed.map((bytes) => bytes[0]! & 0x20)).size).toBe(2);
});
