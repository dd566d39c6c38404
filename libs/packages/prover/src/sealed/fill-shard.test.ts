import { createCipheriv, createHmac } from 'node:crypto';
import { u32be } from '@solvent-por/kzg';
import { fillShard, type Filling } from './fill-shard';

const filling: Filling = {
  blindingKey: new Uint8Array(32).fill(1),
  manifestDigest: new Uint8Array(32).fill(2),
  shape: { bits: 3, entries: 20 },
  published: 1,
};
const EACH = 607;

/** What the page says a shard is filled with, from node:crypto. */
function stream(number: number, count: number): Buffer[] {
  const key = createHmac('sha256', filling.blindingKey)
    .update('solvent/v1/sealed-fill')
    .update(filling.manifestDigest)
    .update(u32be(number))
    .digest();
  const bytes = createCipheriv('chacha20', key, Buffer.alloc(16)).update(Buffer.alloc(EACH * count));
  return Array.from({ length: count }, (_, i) => bytes.subarray(EACH * i, EACH * (i + 1)));
}

function expected(entries: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat([...entries].sort((a, b) => Buffer.compare(a.subarray(0, 16), b.subarray(0, 16)))),
  );
}

test('an empty shard is all filling, in the order of tags, of its own number', () => {
  expect(fillShard(5, [], filling)).toEqual(expected(stream(5, 20)));
  expect(fillShard(6, [], filling)).not.toEqual(fillShard(5, [], filling));
});

test('accounts stand among the filling; a full shard has none', () => {
  const own = stream(9, 20);
  expect(fillShard(5, own.slice(0, 3), filling)).toEqual(expected([...own.slice(0, 3), ...stream(5, 17)]));
  expect(fillShard(5, own, filling)).toEqual(expected(own));
  expect(() => fillShard(5, [...own, own[0]!], filling)).toThrow(RangeError);
});

test('filling whose tag is there already is skipped', () => {
  const fill = stream(5, 21);
  const twin = Buffer.concat([fill[2]!.subarray(0, 16), Buffer.alloc(EACH - 16)]);
  expect(fillShard(5, [twin], filling)).toEqual(
    expected([twin, ...fill.slice(0, 20).filter((_, i) => i !== 2)]),
  );
});
