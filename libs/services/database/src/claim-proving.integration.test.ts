import { randomBytes } from 'node:crypto';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { ClaimProving, type ClaimToProve } from './claim-proving';
import { openDatabase, type Database } from './database';
import { WitnessKeyring } from './witness-keyring';

const KEYRING = WitnessKeyring.parse(`k1:0x${'ab'.repeat(32)}`);
const SECRET = 'c1a1'.repeat(15);

let database: TestDatabase;
let admin: Database;
let databases: Database[];
/** Each with the rights of its service. */
let gateway: ClaimProving;
let prover: ClaimProving;

beforeAll(async () => {
  database = await testDatabase();
  admin = openDatabase(database.url);
  databases = [openDatabase(database.as('gateway')), openDatabase(database.as('prover'))];
  [gateway, prover] = databases.map((one) => new ClaimProving(one, KEYRING)) as [ClaimProving, ClaimProving];
});
afterAll(async () => {
  await Promise.all([...databases, admin].map((one) => one.close()));
  await database.drop();
});
beforeEach(() => admin.pool.query('TRUNCATE claim_proving'));

const requestOf = (more: Partial<ClaimToProve> = {}): ClaimToProve => ({
  ...{ snapshotId: 'november', file: `{"claimKey":"0x${SECRET}"}`, key: `0x${'1'.repeat(64)}`, value: 0 },
  ...{ threshold: '7', scope: `0x${'2'.repeat(62)}`, challenge: `0x${randomBytes(31).toString('hex')}` },
  ...more,
});
async function asked(who = 'somebody', request = requestOf(), account = `account of ${who}`) {
  const id = gateway.idOf(request);
  await gateway.ask(id, request, { who, account });
  return { id, request };
}
const later = (seconds: number) =>
  admin.pool.query('UPDATE claim_proving SET until = until - make_interval(secs => $1), taken_at = taken_at - make_interval(secs => $1)', [seconds]); // prettier-ignore

test('a claim is asked for, taken once, and answered; the same request is the same row', async () => {
  const { id, request } = await asked();
  expect(await gateway.answer(id)).toBeUndefined();
  expect(await prover.take(id)).toEqual(request);
  expect(await prover.take(id)).toBeUndefined();
  await prover.finish(id, request.snapshotId, Buffer.from('a claim'));
  const answered = { claim: Buffer.from('a claim') };
  expect(await gateway.answer(id)).toEqual(answered);
  await asked('somebody else', request);
  expect(await gateway.answer(id)).toEqual(answered);
  expect(await prover.take(id)).toBeUndefined();
  // What comes too late changes nothing.
  await prover.fail(id, 'LATE');
  await prover.finish(id, request.snapshotId, Buffer.from('another'));
  expect(await gateway.answer(id)).toEqual(answered);
});

test('neither claim key nor challenge nor claim can be read in the tables, and the request is gone with its answer', async () => {
  const { id, request } = await asked();
  const stored = async () => {
    const { rows } = await admin.pool.query<{ row: string }>(
      `SELECT encode(id || caller || account || coalesce(request, '') || coalesce(claim, ''), 'escape')
         || encode(id || caller || account || coalesce(request, '') || coalesce(claim, ''), 'hex') AS row FROM claim_proving`,
    );
    return rows.map(({ row }) => row).join('\n');
  };
  const secrets = [SECRET, request.challenge.slice(2), 'claimKey', 'somebody', 'a claim'];
  const shown = (text: string) =>
    secrets.filter((one) => text.includes(one) || text.includes(Buffer.from(one).toString('hex')));
  expect(shown(await stored())).toEqual([]);
  await prover.take(id);
  await prover.finish(id, request.snapshotId, Buffer.from('a claim'));
  expect(shown(await stored())).toEqual([]);
  const { rows } = await admin.pool.query('SELECT request FROM claim_proving');
  expect(rows).toEqual([{ request: null }]);
  // Another witness key gives it another name.
  expect(new ClaimProving(admin, WitnessKeyring.parse(`k1:0x${'ac'.repeat(32)}`)).idOf(request)).not.toEqual(
    id,
  );
});

test('a row that was moved, or written by nobody of ours, is not opened', async () => {
  const { id } = await asked();
  await admin.pool.query(`UPDATE claim_proving SET snapshot_id = 'december'`);
  await expect(prover.take(id)).rejects.toMatchObject({ code: 'WITNESS_SEAL_BROKEN' });
  await admin.pool.query(`UPDATE claim_proving SET request = NULL, claim = decode(repeat('00', 40), 'hex')`);
  await expect(gateway.answer(id)).rejects.toMatchObject({ code: 'WITNESS_SEAL_BROKEN' });
});

test('a caller has one request at a time, an account too, and all together a few', async () => {
  const first = await asked();
  await expect(asked()).rejects.toMatchObject({
    code: 'CLAIM_PROVING_ANOTHER',
    details: { retryAfter: 10 },
  });
  // Nor does whoever comes from many addresses with one account.
  await expect(asked('elsewhere', requestOf(), 'account of somebody')).rejects.toMatchObject({
    code: 'CLAIM_PROVING_ANOTHER',
  });
  // Asked again, it is the same.
  await asked('somebody', first.request);
  for (let i = 0; i < 7; i++) await asked(`caller ${i}`);
  await expect(asked('one more')).rejects.toMatchObject({ code: 'CLAIM_PROVING_BUSY' });
  await prover.take(first.id);
  await prover.fail(first.id, 'CLAIM_KEY');
  expect(await gateway.answer(first.id)).toEqual({ code: 'CLAIM_KEY' });
  await asked('one more');
  await expect(asked()).rejects.toMatchObject({ code: 'CLAIM_PROVING_BUSY' });
});

test('some accounts and addresses that ask again and again do not keep all others out', async () => {
  const ask = async (who: string) => {
    const { id, request } = await asked(who);
    return () => prover.finish(id, request.snapshotId, Buffer.from('a claim'));
  };
  // All places, once.
  for (const finish of await Promise.all(Array.from({ length: 8 }, (_, i) => ask(`crowd ${i}`))))
    await finish();
  for (let i = 0; i < 4; i++) await ask(`crowd ${i}`);
  // From another address it is the same account, and the other way round.
  for (const again of [
    asked('crowd 7'),
    asked('elsewhere', requestOf(), 'account of crowd 7'),
    asked('crowd 7', requestOf(), 'an account of theirs'),
  ])
    await expect(again).rejects.toMatchObject({ code: 'CLAIM_PROVING_BUSY', details: { retryAfter: 10 } });
  for (let i = 0; i < 4; i++) await ask(`somebody ${i}`);
  await expect(ask('one more')).rejects.toMatchObject({ code: 'CLAIM_PROVING_BUSY' });
});

test('a request that is over is gone without anybody asking for another', async () => {
  const { id } = await asked();
  await later(59);
  await gateway.forget();
  expect(await prover.take(id)).toBeDefined();
  await later(2);
  await gateway.forget();
  expect((await admin.pool.query('SELECT FROM claim_proving')).rowCount).toBe(0);
});

test('of many at once of one caller one is taken', async () => {
  const answers = await Promise.allSettled(Array.from({ length: 6 }, () => asked()));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('what nobody waits for is not proved; a prover that was killed leaves it to the next; what is old goes', async () => {
  const { id, request } = await asked();
  await prover.take(id);
  await prover.release(id);
  expect(await prover.take(id)).toEqual(request);
  await later(31);
  expect(await prover.take(id)).toEqual(request);
  await later(40);
  expect(await prover.take(id)).toBeUndefined();
  // Asked for again it is a new one.
  await asked('somebody', request);
  expect(await prover.take(id)).toEqual(request);
  await prover.finish(id, request.snapshotId, Buffer.from('a claim'));
  await later(599);
  expect(await gateway.answer(id)).toBeDefined();
  await later(2);
  expect(await gateway.answer(id)).toBeUndefined();
  await asked('another');
  expect((await admin.pool.query('SELECT FROM claim_proving')).rowCount).toBe(1);
});
