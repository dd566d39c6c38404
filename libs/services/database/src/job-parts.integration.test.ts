import { createHash } from 'node:crypto';
import type { ProofRequested } from '@solvent-por/services/contracts';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { bytesOf, keyring, proving, requestOf } from '../testing/snapshots';
import { openDatabase, type Database } from './database';
import { SnapshotRepository } from './snapshot-repository';
import { ProofStore } from './stored-proofs';

let database: TestDatabase;
let db: Database;
let proofs: ProofStore;

beforeEach(async () => {
  database = await testDatabase();
  db = openDatabase(database.url);
  proofs = new ProofStore(db, keyring);
  await proving(db, requestOf('january'));
});
afterEach(async () => {
  await db.close();
  await database.drop();
});

/** A job in parts of 1,000 bytes. */
function partsOf(payload: Buffer, first = 0): ProofRequested[] {
  const count = Math.ceil(payload.length / 1_000);
  return Array.from({ length: count }, (_, part) => ({
    ...{ snapshotId: 'january', attempt: 1, first, batches: 2, keyId: 'k1', part, parts: count },
    seal: 'A'.repeat(38),
    payloadDigest: createHash('sha256').update(payload).digest('hex'),
    payload: payload.subarray(1_000 * part, 1_000 * (part + 1)),
  }));
}

const payload = bytesOf('payload', 4_500);

test('the payload is whole once every part is there, in whatever order, however often', async () => {
  const messages = partsOf(payload);
  for (const i of [3, 0, 3, 4, 1]) {
    expect(await proofs.addPart(messages[i]!)).toBe(true);
    expect(await proofs.takeWholePayload(messages[i]!)).toBeUndefined();
  }
  await proofs.addPart(messages[2]!);
  for (const message of messages) expect(await proofs.takeWholePayload(message)).toEqual(payload);
  await proofs.dropParts({ snapshotId: 'january', attempt: 1 }, 0);
  expect(await proofs.takeWholePayload(messages[0]!)).toBeUndefined();
});

test('parts of two deliveries at once are found by whoever comes last', async () => {
  const messages = partsOf(payload);
  const found = await Promise.all(
    messages.map(async (message) => {
      await proofs.addPart(message);
      return proofs.takeWholePayload(message);
    }),
  );
  expect(found.filter((one) => one !== undefined).length).toBeGreaterThan(0);
});

test('parts of another payload of the same job are not mixed in', async () => {
  const [one, other] = [partsOf(payload), partsOf(bytesOf('sealed again', 4_500))];
  for (const message of [...one.slice(0, 3), ...other.slice(3)]) await proofs.addPart(message);
  expect(await proofs.takeWholePayload(one[0]!)).toBeUndefined();
  expect(await proofs.takeWholePayload(other[0]!)).toBeUndefined();
});

test('a payload of one part needs no table; a wrong digest is refused either way', async () => {
  const [whole] = partsOf(payload.subarray(0, 900));
  expect(await proofs.takeWholePayload(whole!)).toEqual(payload.subarray(0, 900));
  await expect(proofs.takeWholePayload({ ...whole!, payload: bytesOf('x') })).rejects.toMatchObject({
    ...{ code: 'JOB_PAYLOAD_DAMAGED', kind: 'malformed' },
  });
  const messages = partsOf(payload);
  for (const message of messages) await proofs.addPart(message);
  await db.pool.query(`UPDATE job_part SET payload = 'x' WHERE part = 2`);
  await expect(proofs.takeWholePayload(messages[0]!)).rejects.toMatchObject({ code: 'JOB_PAYLOAD_DAMAGED' });
});

test('parts of a run that is over are not kept', async () => {
  const [message] = partsOf(payload);
  expect(await proofs.addPart({ ...message!, attempt: 2 })).toBe(false);
  expect(await proofs.addPart({ ...message!, snapshotId: 'unknown' })).toBe(false);
  await new SnapshotRepository(db).fail(
    { snapshotId: 'january', attempt: 1 },
    { code: 'X', message: 'x' },
    { actor: 'prover' },
  );
  expect(await proofs.addPart(message!)).toBe(false);
  expect((await db.pool.query('SELECT FROM job_part')).rowCount).toBe(0);
});
