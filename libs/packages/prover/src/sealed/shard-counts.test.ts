import { shardShapes } from '@solvent-por/verifier';
import { ShardCounts } from './shard-counts';

const [rule, less] = shardShapes(1);

/**
 * So many accounts in one shard of the rule's shape, and in the shard beside it, which is the same one with a
 * bit less.
 */
function counts(own: number, beside = 0): ShardCounts {
  const shards = new ShardCounts();
  for (let i = 0; i < own; i++) shards.add(0x2000);
  for (let i = 0; i < beside; i++) shards.add(0x0123);
  return shards;
}

test('a bundle has the shape of the rule, and a bit less only where a shard would overflow', () => {
  expect(new ShardCounts().shape(1)).toEqual(rule);
  expect(counts(rule.entries).shape(1)).toEqual(rule);
  expect(counts(rule.entries + 1).shape(1)).toEqual(less);
  expect(counts(rule.entries + 1, less.entries - rule.entries - 1).shape(1)).toEqual(less);
});

test('where that overflows too there is no bundle', () => {
  const refusal = expect.objectContaining({ code: 'SEALED_OVERFLOW', kind: 'invalid' }) as Error;
  expect(() => counts(less.entries + 1).shape(1)).toThrow(refusal);
  expect(() => counts(rule.entries + 1, less.entries - rule.entries).shape(1)).toThrow(refusal);
});
