import { emptyTestDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import fc from 'fast-check';
import { copyRows } from './binary-copy';
import { inTransaction, openDatabase, type Database } from './database';

interface Row {
  readonly name: string | null;
  readonly content: Uint8Array | null;
  readonly large: number;
  readonly small: number;
}

const COLUMNS = ['place', 'name', 'content', 'large', 'small'];
let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await emptyTestDatabase();
  db = openDatabase(database.url);
  await db.pool.query(
    'CREATE TABLE copied (place int PRIMARY KEY, name varchar(64), content bytea, large int, small smallint CHECK (small <> 666))',
  );
});
afterEach(() => db.pool.query('TRUNCATE copied'));
afterAll(async () => {
  await db.close();
  await database.drop();
});

async function copy(rows: Iterable<Row>): Promise<void> {
  const numbered = function* () {
    let place = 0;
    for (const row of rows) yield [place++, row] as const;
  };
  await inTransaction(db.pool, (client) =>
    copyRows(client, 'copied', COLUMNS, numbered(), (out, [place, { name, content, large, small }]) => {
      out.int4(place);
      if (name === null) out.null();
      else out.text(name);
      if (content === null) out.null();
      else out.bytes(content);
      out.int4(large).int2(small);
    }),
  );
}

const count = async () =>
  Number((await db.pool.query<{ n: string }>('SELECT count(*) AS n FROM copied')).rows[0]!.n);
const row = (small: number): Row => ({ name: 'x', content: Buffer.alloc(200, 7), large: 1, small });

test('rows come back as they were', async () => {
  const rowOf = fc.record({
    // PostgreSQL's text holds no NUL, and half a surrogate pair is no UTF-8.
    name: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'))),
    content: fc.option(fc.uint8Array({ maxLength: 5_000 })),
    large: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    small: fc.integer({ min: -32_768, max: 665 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(rowOf, { maxLength: 60 }), async (rows) => {
      await db.pool.query('TRUNCATE copied');
      await copy(rows);
      const { rows: read } = await db.pool.query<Row>(
        'SELECT name, content, large, small FROM copied ORDER BY place',
      );
      const plain = (list: readonly Row[]) =>
        list.map(({ content, ...rest }) => ({
          ...rest,
          content: content && Buffer.from(content).toString('hex'),
        }));
      expect(plain(read)).toEqual(plain(rows));
    }),
    { numRuns: 40 },
  );
});

test('no rows are copied too', async () => {
  await copy([]);
  expect(await count()).toBe(0);
});

test('a row that is refused in the middle leaves nothing, and the connection goes on', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => row(i === 15_000 ? 666 : 1));
  for (let again = 0; again < 3; again++) await expect(copy(rows)).rejects.toMatchObject({ code: '23514' });
  expect(await count()).toBe(0);
  expect(db.pool.idleCount).toBe(1);
  await copy(rows.filter(({ small }) => small !== 666));
  expect(await count()).toBe(19_999);
});

test('a source that fails in the middle leaves nothing, and the connection goes on', async () => {
  const rows = function* () {
    for (let i = 0; i < 20_000; i++) yield row(1);
    throw new Error('the source failed');
  };
  for (let again = 0; again < 3; again++) await expect(copy(rows())).rejects.toThrow('the source failed');
  expect(await count()).toBe(0);
  await copy([row(1)]);
  expect(await count()).toBe(1);
});
