import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { openDatabase, type Database } from './database';
import { RequestCounts } from './request-counts';
import { WitnessKeyring } from './witness-keyring';

let server: TestDatabase;
let database: Database;
const keyring = WitnessKeyring.parse(`test:0x${'ab'.repeat(32)}`);

beforeAll(async () => {
  server = await testDatabase();
  database = openDatabase(server.url);
});
afterAll(async () => {
  await database?.close();
  await server?.drop();
});

test('what several gateways count adds up, in the order asked for, however they come', async () => {
  const gateways = Array.from({ length: 4 }, () => new RequestCounts(database, keyring));
  const names = Array.from({ length: 50 }, (_, i) => `request:10.0.0.${i}`);
  await Promise.all(
    gateways.flatMap((gateway, at) =>
      Array.from({ length: 5 }, () =>
        gateway.add(
          100,
          (at % 2 ? names : [...names].reverse()).map((name) => ({ name, taken: 2 })),
        ),
      ),
    ),
  );
  const sums = await gateways[0]!.add(100, [
    { name: names[7]!, taken: 1 },
    { name: 'request:10.0.1.1', taken: 3 },
  ]);
  expect(sums).toEqual([41, 3]);
  expect(await gateways[0]!.add(101, [{ name: names[7]!, taken: 1 }])).toEqual([1]);
});

test('no address stands in the table, and what is over is removed', async () => {
  const counts = new RequestCounts(database, keyring);
  await counts.add(200, [{ name: 'request:192.0.2.7', taken: 1 }]);
  const { rows } = await database.pool.query<Record<string, unknown>>(
    'SELECT *, name::text AS t FROM request_count',
  );
  expect(rows.map(({ minute }) => minute)).toEqual([200]);
  const said = JSON.stringify(rows) + Buffer.from(rows[0]!['name'] as Uint8Array).toString('latin1');
  expect(said).not.toContain('192.0.2.7');
  expect(keyring.tag('a', 'x').equals(keyring.tag('b', 'x'))).toBe(false);
});
