import { createHash } from 'node:crypto';
import { MAX_MESSAGE_BYTES, proofRequested, type ProofRequested } from '@solvent-por/services/contracts';
import { checkJobSeal, sealContext, WitnessKeyring } from '@solvent-por/services/database';
import { jobMessages, MAX_PAYLOAD_BYTES } from './job-messages';

const keyring = WitnessKeyring.parse(`k1:0x${'11'.repeat(32)}`);
const run = { snapshotId: 'november-2026', attempt: 3 };
const job = { first: 16, batches: 8, accounts: 100, payload: Uint8Array.from({ length: 1000 }, (_, i) => i) };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('a job is one message that opens for its run and place only', () => {
  const [message, ...more] = jobMessages(run, job, keyring);
  expect(more).toEqual([]);
  const { payload, keyId, payloadDigest, seal: _seal, ...rest } = message!;
  expect(rest).toEqual({ ...run, first: 16, batches: 8, part: 0, parts: 1 });
  expect(payloadDigest).toBe(sha256(payload));
  const open = (attempt: number, first: number) =>
    keyring.open(payload, keyId, sealContext.job(run.snapshotId, attempt, first));
  expect(Buffer.from(open(3, 16))).toEqual(Buffer.from(job.payload));
  expect(() => open(2, 16)).toThrow(expect.objectContaining({ code: 'WITNESS_SEAL_BROKEN' }));
  expect(() => open(3, 8)).toThrow(expect.objectContaining({ code: 'WITNESS_SEAL_BROKEN' }));
});

test.each([
  [1028, 1],
  [1027, 2],
  [257, 4],
  [100, 11],
])('in parts of at most %d bytes it has %d', (maxPayload, parts) => {
  const messages = jobMessages(run, job, keyring, maxPayload);
  expect(messages.map(({ part }) => part)).toEqual(Array.from({ length: parts }, (_, i) => i));
  expect(new Set(messages.map(({ payloadDigest }) => payloadDigest))).toEqual(
    new Set([sha256(Buffer.concat(messages.map(({ payload }) => payload)))]),
  );
  expect(messages.every((message) => message.parts === parts && message.payload.length <= maxPayload)).toBe(
    true,
  );
});

test('a payload beyond what a message holds is split, and each message stays within 16 MiB', () => {
  const payload = new Uint8Array(MAX_PAYLOAD_BYTES + 1);
  const messages = jobMessages(run, { ...job, payload }, keyring);
  expect(messages).toHaveLength(2);
  for (const message of messages)
    expect(proofRequested.encode(message).length).toBeLessThan(MAX_MESSAGE_BYTES - 32 * 1024);
});

test.each<[string, (message: ProofRequested) => Partial<ProofRequested>]>([
  ['snapshotId', () => ({ snapshotId: 'december-2026' })],
  ['attempt', ({ attempt }) => ({ attempt: attempt + 1 })],
  ['first', ({ first }) => ({ first: first + 8 })],
  ['batches', ({ batches }) => ({ batches: batches - 1 })],
  ['payloadDigest', ({ payloadDigest }) => ({ payloadDigest: `${payloadDigest.slice(2)}00` })],
  ['part', ({ part }) => ({ part: part + 1 })],
  ['parts', ({ parts }) => ({ parts: parts + 1 })],
  ['payload', ({ payload }) => ({ payload: payload.slice(1) })],
  ['seal', () => ({ seal: 'A'.repeat(38) })],
])('each message is sealed as it is: another %s, and it is not ours', (_, change) => {
  for (const message of jobMessages(run, job, keyring, 400)) {
    expect(() => checkJobSeal(keyring, message)).not.toThrow();
    expect(() => checkJobSeal(keyring, { ...message, ...change(message) })).toThrow(
      expect.objectContaining({ code: 'WITNESS_SEAL_BROKEN' }),
    );
  }
});
