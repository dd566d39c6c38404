import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { verifyAudit } from './audit-chain';
import { AuditLog } from './audit-log';
import { openDatabase, type Database } from './database';

let database: TestDatabase;
let db: Database;
let log: AuditLog;
beforeEach(async () => {
  database = await testDatabase();
  db = openDatabase(database.url);
  log = new AuditLog(db);
});
afterEach(async () => {
  await db.close();
  await database.drop();
});

const lines = async (count: number) => {
  for (let i = 0; i < count; i++)
    await log.record({
      actor: 'ops',
      action: 'test',
      target: `número ${i}`,
      details: { i, a: 'x', null: null },
    });
};

/** What only whoever owns the table can do. */
const asOwner = (sql: string) =>
  db.pool.query(
    `ALTER TABLE audit_event DISABLE TRIGGER ALL; ${sql}; ALTER TABLE audit_event ENABLE TRIGGER ALL`,
  );

test('an empty audit holds, and so does each line that is added', async () => {
  expect(await verifyAudit(db)).toMatchObject({ valid: true, lines: 0, head: '00'.repeat(32) });
  await lines(3);
  expect(await verifyAudit(db)).toMatchObject({ valid: true, lines: 3, brokenAt: null, noted: null });
});

test('many services at once, each on connections of its own: one chain, without a gap', async () => {
  const others = (['gateway', 'ingest', 'prover', 'signer'] as const).map((role) =>
    openDatabase(database.as(role)),
  );
  try {
    await Promise.all(
      others.flatMap((other) =>
        Array.from({ length: 25 }, (_, i) =>
          new AuditLog(other).record({ actor: 'x', action: 'test', target: String(i) }),
        ),
      ),
    );
  } finally {
    await Promise.all(others.map((other) => other.close()));
  }
  expect(await verifyAudit(db)).toMatchObject({ valid: true, lines: 100 });
  expect((await log.list({ first: 200 })).map(({ id }) => Number(id))).toEqual(
    Array.from({ length: 100 }, (_, i) => 100 - i),
  );
});

test('a line that was rolled back leaves no gap, and one’s own time and number are not taken', async () => {
  await lines(1);
  await db.pool.query(
    `BEGIN; INSERT INTO audit_event (actor, action, target) VALUES ('a', 'b', 'c'); ROLLBACK;
     INSERT INTO audit_event (id, at, actor, action, target, hash) VALUES (77, 'epoch', 'a', 'b', 'c', '')`,
  );
  const [last] = await log.list({ first: 1 });
  expect(last).toMatchObject({ id: 2n });
  expect(last!.at.getFullYear()).toBeGreaterThan(2000);
  expect(await verifyAudit(db)).toMatchObject({ valid: true, lines: 2 });
});

test.each([
  ['its actor', `actor = 'mallory'`],
  ['its action', `action = 'nothing'`],
  ['its target', `target = 'another'`],
  ['its details', `details = '{}'`],
  ['its time', `at = at - interval '1 ms'`],
  ['its digest', `hash = sha256('')`],
])('a line was changed: %s', async (_, change) => {
  await lines(5);
  await asOwner(`UPDATE audit_event SET ${change} WHERE id = 3`);
  expect(await verifyAudit(db)).toMatchObject({ valid: false, lines: 2, brokenAt: '3' });
});

test('a line was taken out of the middle', async () => {
  await lines(5);
  await asOwner('DELETE FROM audit_event WHERE id = 2');
  expect(await verifyAudit(db)).toMatchObject({ valid: false, lines: 1, brokenAt: '3' });
});

test('lines were taken off the end: the chain holds, but not with the digest that was noted', async () => {
  await lines(5);
  const { head } = await verifyAudit(db);
  await lines(2);
  expect(await verifyAudit(db, head)).toMatchObject({ valid: true, noted: true, lines: 7 });
  await asOwner('DELETE FROM audit_event WHERE id > 4');
  expect(await verifyAudit(db)).toMatchObject({ valid: true, lines: 4 });
  expect(await verifyAudit(db, head)).toMatchObject({ valid: false, noted: false, lines: 4, brokenAt: null });
});
