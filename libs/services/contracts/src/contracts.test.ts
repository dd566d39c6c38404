import fc from 'fast-check';
import { deadLetter, proofRequested, proofStored, snapshotRequested, TOPICS, type ProofRequested } from '.';

const job: ProofRequested = {
  snapshotId: 'november-2026',
  attempt: 1,
  first: 8,
  batches: 8,
  keyId: 'k1',
  payloadDigest: 'ab'.repeat(32),
  part: 0,
  parts: 1,
  seal: 'A'.repeat(38),
  payload: Uint8Array.of(1, 2, 3),
};

test('a job comes back as it was, whatever its payload', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(65_535), (payload, first) => {
      const message = { ...job, first, payload };
      const read = proofRequested.decode(proofRequested.encode(message));
      expect({ ...read, payload: [...read.payload] }).toEqual({ ...message, payload: [...payload] });
    }),
  );
});

test('a job can be read from the middle of a larger buffer', () => {
  const value = proofRequested.encode(job);
  const larger = new Uint8Array(value.length + 9);
  larger.set(value, 5);
  expect(proofRequested.decode(larger.subarray(5, 5 + value.length))).toEqual(job);
});

test.each([
  ['nothing', new Uint8Array(0)],
  ['a length beyond the end', Uint8Array.of(0, 0, 1, 0, 1)],
  ['a huge length', Uint8Array.of(255, 255, 255, 255, 1)],
  ['a header that is not JSON', Uint8Array.of(0, 0, 0, 2, 1, 2)],
  ['a cut header', proofRequested.encode(job).subarray(0, 40)],
])('a job of %s is malformed', (_, value) => {
  expect(() => proofRequested.decode(value)).toThrow(expect.objectContaining({ code: 'MESSAGE_MALFORMED' }));
});

test('a part beyond the last is malformed', () => {
  expect(() => proofRequested.decode(proofRequested.encode({ ...job, part: 1 }))).toThrow(/beyond the last/);
});

test.each([
  ['not JSON', '{'],
  ['an unknown member', '{"snapshotId":"a","attempt":1,"x":1}'],
  ['a snapshot id with a slash', '{"snapshotId":"a/b","attempt":1}'],
  ['attempt 0', '{"snapshotId":"a","attempt":0}'],
  ['bytes that are not UTF-8', Uint8Array.of(0xff, 0xfe)],
])('a request that is %s is malformed, and its values are not repeated', (_, text) => {
  const value = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  expect(() => snapshotRequested.decode(value)).toThrow(
    expect.objectContaining({ code: 'MESSAGE_MALFORMED' }),
  );
  expect(() => snapshotRequested.decode(value)).not.toThrow(/a\/b/);
});

test('keys keep what belongs together in order', () => {
  expect(proofRequested.key(job)).toBe('november-2026:8');
  expect(proofStored.key({ snapshotId: 'a', attempt: 1, first: 0, batches: 1 })).toBe('a');
});

test('every topic is named once, with its version', () => {
  const names = TOPICS.map(({ topic }) => topic);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^solvent\.[a-z-]+(\.[a-z]+)?\.v1$/);
  expect(names).toContain(deadLetter.topic);
});
