import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { sealContext, WitnessKeyring } from './witness-keyring';

const key = (byte: string) => `0x${byte.repeat(32)}`;
const old = WitnessKeyring.parse(`k1:${key('11')}`);
const both = WitnessKeyring.parse(`k2:${key('22')},k1:${key('11')}`);

const broken = expect.objectContaining({ code: 'WITNESS_SEAL_BROKEN', kind: 'invalid' });
const bytes = fc.uint8Array({ maxLength: 300 });
const context = fc.string({ maxLength: 40 });

test('what was sealed is opened, under its context and key alone', () => {
  fc.assert(
    fc.property(bytes, context, (plain, where) => {
      const { keyId, sealed } = old.seal(plain, where);
      expect(keyId).toBe('k1');
      expect(sealed).toHaveLength(12 + plain.length + 16);
      expect([...old.open(sealed, keyId, where)]).toEqual([...plain]);
      expect([...both.open(sealed, keyId, where)]).toEqual([...plain]);
      expect(() => both.open(sealed, 'k2', where)).toThrow(broken);
    }),
  );
});

test('any flipped byte is refused', () => {
  fc.assert(
    fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (plain, at, flip) => {
      const sealed = Uint8Array.from(old.seal(plain, 'here').sealed);
      sealed[at % sealed.length]! ^= flip;
      expect(() => old.open(sealed, 'k1', 'here')).toThrow(broken);
    }),
  );
});

test('another context is refused', () => {
  fc.assert(
    fc.property(bytes, context, context, (plain, here, there) => {
      fc.pre(Buffer.from(here).compare(Buffer.from(there)) !== 0);
      expect(() => old.open(old.seal(plain, here).sealed, 'k1', there)).toThrow(broken);
    }),
  );
});

test('anything cut off or longer is refused', () => {
  const { sealed } = old.seal(Uint8Array.of(1, 2, 3), 'here');
  for (let length = 0; length < sealed.length; length++)
    expect(() => old.open(sealed.subarray(0, length), 'k1', 'here')).toThrow(broken);
  expect(() => old.open(Buffer.concat([sealed, Buffer.of(0)]), 'k1', 'here')).toThrow(broken);
});

test('the same bytes are sealed differently each time', () => {
  const seals = Array.from({ length: 50 }, () =>
    Buffer.from(old.seal(Uint8Array.of(1), 'here').sealed).toString('hex'),
  );
  expect(new Set(seals).size).toBe(50);
});

test('the first key is the current one', () => {
  expect(both.currentId).toBe('k2');
  expect(both.seal(Uint8Array.of(1), 'x').keyId).toBe('k2');
});

test('a key that is not in the ring is named, a malformed name is not', () => {
  expect(() => old.open(randomBytes(40), 'k2', 'here')).toThrow(
    expect.objectContaining({ code: 'WITNESS_KEY_UNKNOWN', message: expect.stringContaining('k2') }),
  );
  expect(() => old.open(randomBytes(40), 'k\n2', 'here')).toThrow(/key of a malformed id/);
});

test('contexts tell snapshots, attempts, batches and accounts apart', () => {
  const contexts = [
    sealContext.job('a', 1, 0),
    sealContext.job('a', 2, 0),
    sealContext.job('a', 1, 10),
    sealContext.witness('a', 1, 1),
    sealContext.witness('a', 2, 1),
    sealContext.witness('a-1', 1, 1),
    sealContext.cells('a', 1, 1),
    sealContext.cells('a', 2, 1),
    sealContext.prefixes('a', 1, 1),
    sealContext.prefixes('a', 2, 1),
    sealContext.inclusion('a', 1, Uint8Array.of(0xab)),
    sealContext.inclusion('a', 2, Uint8Array.of(0xab)),
  ];
  expect(new Set(contexts).size).toBe(contexts.length);
  expect(contexts.slice(0, 1).concat(contexts.slice(3, 4), contexts.slice(-1))).toEqual([
    'job:a:1:0',
    'witness:a:1:1',
    'inclusion:a:2:ab',
  ]);
});

test('spaces and a line feed around keys do not matter (secrets come from files)', () => {
  expect(WitnessKeyring.parse(` k1:${key('11')} , k2:${key('22')}\n`).currentId).toBe('k1');
});

test.each([
  ['nothing', ''],
  ['no id', key('11')],
  ['a short key', 'k1:0x1111'],
  ['a long key', `k1:${key('11')}11`],
  ['no 0x', `k1:${'11'.repeat(32)}`],
  ['an id with a space', `k 1:${key('11')}`],
  ['a comma at the end', `k1:${key('11')},`],
  ['an id twice', `k1:${key('11')},k1:${key('22')}`],
])('%s is malformed, and what was read is not repeated', (_, text) => {
  const parse = () => WitnessKeyring.parse(text);
  expect(parse).toThrow(expect.objectContaining({ code: 'WITNESS_KEYS_MALFORMED', kind: 'usage' }));
  expect(parse).not.toThrow(/1111/);
});

test('keys do not show when a ring is printed', () => {
  expect(inspect(both, { depth: 9, showHidden: true }) + JSON.stringify(both)).not.toMatch(
    /1111|2222|11, 11|0x11 11/,
  );
});
