import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { reservesRead, type EventContract } from '@solvent-por/services/contracts';
import {
  openDatabase,
  ReservesMarks,
  ReservesRepository,
  withLock,
  type Database,
} from '@solvent-por/services/database';
import { silentLog } from '@solvent-por/services/kit';
import { headerOf, parseConfig } from '@solvent-por/snapshot';
import { proving } from '../../../database/testing/snapshots';
import { boundPublication } from '../../../../packages/reserves/testing/bound-publication';
import { Folders, KEYS, REQUEST_KEY } from '../../testing/balance-files';
import { FakeMeter } from '../../testing/fakes';
import { ReservesIngest } from './ingest-reserves';

/** Reading reserves, as ingest's role, in PostgreSQL. */
const ID = 'november-2026';
const config = parseConfig({
  ...{ mode: 'spot', snapshot: ID, takenAt: '2026-11-30T00:00:00Z', operator: KEYS.operator },
  assets: [{ symbol: 'ETH', scale: 9 }],
});
const header = headerOf(config);
const wanted = { header, manifest: `0x${'12'.repeat(32)}`, signing: KEYS.signing, lines: 10 };
const made = boundPublication(wanted);
const marks = new ReservesMarks(REQUEST_KEY);
const never = new AbortController().signal;
const folders = new Folders();

let database: TestDatabase;
let db: Database;
let own: Database;
let sources: string;
let told: unknown[];
beforeEach(async () => {
  database = await testDatabase();
  [db, own] = [openDatabase(database.url), openDatabase(database.as('ingest'))];
  await proving(db, { config, header, source: 'balances', requestedBy: null });
  sources = folders.of({
    'reserves/reserves.json': made.reserves,
    'reserves/reserve-addresses.ndjson': made.addresses,
  });
  told = [];
});
afterEach(async () => {
  await Promise.all([db.close(), own.close()]);
  await database.drop();
});
afterAll(() => folders.remove());

function ingest(repository: Pick<ReservesRepository, 'addPart'> | undefined = undefined): ReservesIngest {
  const reserves = new ReservesRepository(own);
  if (repository) reserves.addPart = repository.addPart;
  return new ReservesIngest({
    ...{ reserves, marks, operator: KEYS.operator, sourceDirectory: sources, log: silentLog },
    ...{ meter: new FakeMeter(), partBytes: 1_000 },
    headerOf: async () => header,
    exclusively: (name, work) => withLock(own, name, work, { wait: false }),
    bus: {
      publish: async <T>(contract: EventContract<T>, message: T) => {
        expect(contract.topic).toBe(reservesRead.topic);
        told.push(message);
      },
    },
  });
}

const request = async () => {
  const asked = { snapshotId: ID, source: 'reserves', requestedBy: null };
  const { attempt } = await new ReservesRepository(db).request(asked, marks);
  return { snapshotId: ID, attempt };
};
const found = () => new ReservesRepository(db).find(ID);

test('what an instance that was killed has stored stays, and the next one ends it, with the same parts', async () => {
  const run = await request();
  const real = new ReservesRepository(own);
  let parts = 0;
  const dying = ingest({
    addPart: async (of, part) => {
      if (parts++ === 2) throw new Error('killed');
      return real.addPart(of, part);
    },
  });
  await expect(dying.run(run, never)).rejects.toThrow('killed');
  expect(await found()).toMatchObject({ state: 'READING', parts: null });
  expect(told).toEqual([]);
  expect(await ingest().run(run, never)).toBe('ingested');
  const row = await found();
  expect(row).toMatchObject({ state: 'JUDGING', lines: 10, bytes: made.addresses.length });
  expect(told).toEqual(Array.from({ length: row!.parts! }, (_, part) => ({ ...run, part })));
  const { rows } = await db.pool.query<{ content: Buffer }>('SELECT content FROM reserve_part ORDER BY part');
  expect(Buffer.concat(rows.map(({ content }) => content)).toString()).toBe(made.addresses);
  // A message that comes again finds it further.
  expect(await ingest().run(run, never)).toBe('stale');
});

test('a folder that changed between two readings is refused', async () => {
  const run = await request();
  const real = new ReservesRepository(own);
  const dying = ingest({
    addPart: async (of, part) => {
      await real.addPart(of, part);
      throw new Error('killed');
    },
  });
  await expect(dying.run(run, never)).rejects.toThrow('killed');
  const other = boundPublication({ ...wanted, falseLine: 1 });
  writeFileSync(join(sources, 'reserves/reserves.json'), other.reserves);
  writeFileSync(join(sources, 'reserves/reserve-addresses.ndjson'), other.addresses);
  expect(await ingest().run(run, never)).toBe('refused');
  expect(await found()).toMatchObject({ state: 'FAILED', failure: { code: 'INPUT_CHANGED' } });
});

test.each([
  ['its source', `UPDATE reserves SET source = 'elsewhere'`],
  ['its attempt', 'UPDATE reserves SET attempt = 7'],
  ['who asked', `UPDATE reserves SET requested_by = 'mallory'`],
  ['its MAC', 'UPDATE reserves SET request_mac = NULL'],
])('a request of which somebody changed %s is not read', async (_, change) => {
  await request();
  await db.pool.query(change);
  const { attempt } = (await found())!;
  expect(await ingest().run({ snapshotId: ID, attempt }, never)).toBe('refused');
  expect(await found()).toMatchObject({ failure: { code: 'RESERVES_FORGED' } });
  const events = await db.prisma.auditEvent.findMany();
  expect(events).toMatchObject([{ actor: 'ingest', action: 'reserves.fail', target: ID }]);
});

test('links that lead out of the source folder are not followed, nor is their place told', async () => {
  const run = await request();
  await db.pool.query(`UPDATE reserves SET source = '../reserves', request_mac = $1`, [
    marks.request({ ...run, source: '../reserves', requestedBy: null }),
  ]);
  expect(await ingest().run(run, never)).toBe('refused');
  const row = (await found())!;
  expect(row.failure!.code).toBe('SOURCE_OUTSIDE');
  expect(row.failure!.message).not.toContain(sources);
});
