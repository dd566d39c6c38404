import fc from 'fast-check';
import { buildTrie } from '../../testing/trie';
import { rlpNumber } from './write-rlp';
import { provedValue } from './merkle-patricia';

/** Keys that share long beginnings, so that tries have extensions and nodes that stand inside their parents. */
const key = fc.tuple(fc.uint8Array({ minLength: 2, maxLength: 2 }), fc.nat(30)).map(([tail, shared]) => {
  const bytes = new Uint8Array(32).fill(7);
  bytes.set(tail, shared);
  return bytes;
});
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('what a trie holds is proved of every key, and what it does not hold is proved absent', () => {
  fc.assert(
    fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 40, selector: hex }), key, (keys, other) => {
      const values = new Map(keys.map((one, i) => [hex(one), rlpNumber(BigInt(i + 1))]));
      const { root, proof } = buildTrie(keys.map((one) => [one, values.get(hex(one))!]));
      for (const one of [...keys, other])
        expect(provedValue(root, one, proof(one))).toEqual(values.get(hex(one)));
    }),
  );
});

test('the proof of one key is never the proof of another amount, whatever byte is changed', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { minLength: 2, maxLength: 20, selector: hex }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (keys, at, change) => {
        const { root, proof } = buildTrie(keys.map((one, i) => [one, rlpNumber(BigInt(i + 1))]));
        const nodes = proof(keys[0]!).map((node) => Uint8Array.from(node));
        const node = nodes[at % nodes.length]!;
        node[at % node.length]! ^= change;
        expect(() => provedValue(root, keys[0]!, nodes)).toThrow();
      },
    ),
  );
});
