import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditLog, openDatabase, withClient } from '@solvent-por/services/database';
import { emptyTestDatabase, testDatabase, testPostgres } from '@solvent-por/dev/servers';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

const folder = temporaryFolder();
const NAMES = ['migrator', 'gateway', 'ingest', 'prover', 'signer'];

/** What each is given: its address, in a file. */
function addressFiles(url: string, word: (name: string) => string = (name) => `word of ${name}`): string[] {
  return NAMES.map((name) => {
    const address = new URL(url);
    address.username = `solvent_${name}`;
    address.password = encodeURIComponent(word(name));
    const file = join(folder, `database_url_${name}`);
    writeFileSync(file, `${address.toString()}\n`);
    return file;
  });
}
const addressOf = (url: string, name: string) => {
  const address = new URL(url);
  address.username = `solvent_${name}`;
  address.password = encodeURIComponent(`word of ${name}`);
  return address.toString();
};

test('a server without roles: they are made, own or get their rights, and passwords can be changed', async () => {
  // A server of its own: roles are the server's, and other tests have theirs.
  const server = await testPostgres();
  try {
    const admin = { environment: { SOLVENT_DATABASE_URL: server.url } };
    const as = (name: string) => ({ environment: { SOLVENT_DATABASE_URL: addressOf(server.url, name) } });
    // As it was before there were roles: everything is the superuser's, and no service has any right.
    const { stdout } = await runCli(['db', 'migrate'], admin);
    expect(stdout).toContain('No role for gateway, ingest, prover, signer');
    for (let time = 0; time < 2; time++)
      expect(await runJson(['db', 'roles', ...addressFiles(server.url)], admin)).toMatchObject({
        ...{ code: 0, document: { roles: NAMES.map((name) => `solvent_${name}`) } },
      });
    expect(await runJson(['db', 'migrate'], as('migrator'))).toMatchObject({
      ...{ code: 0, document: { applied: [], withoutRole: [] } },
    });
    expect(await runJson(['api-key', 'list'], as('gateway'))).toMatchObject({ code: 0 });
    expect(await runJson(['api-key', 'list'], as('prover'))).toMatchObject({
      ...{ code: 2, document: { code: 'DATABASE_UNREACHABLE' } },
    });
    const { rows } = await withClient(server.url, (client) =>
      client.query(
        `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = 'solvent'::regrole`,
      ),
    );
    expect(rows).toEqual([]);
    await runJson(['db', 'roles', ...addressFiles(server.url, () => 'another')], admin);
    expect(await runJson(['api-key', 'list'], as('gateway'))).toMatchObject({ code: 2 });
  } finally {
    await server.stop();
  }
});

test.each<[string, (files: string[]) => string[], string]>([
  ['one is missing', (files) => files.slice(1), 'OPTIONS'],
  [
    'one is there twice',
    ([first, second, ...rest]) => [first!, first!, ...rest.slice(0, 3), second!].slice(0, 5),
    'OPTIONS',
  ],
  [
    'one is of another role',
    (files) => {
      writeFileSync(files[0]!, 'postgresql://postgres:hidden@db/solvent');
      return files;
    },
    'DATABASE_ROLE_UNKNOWN',
  ],
  ['one is no file', (files) => [...files.slice(1), '/no/such/file'], 'CONFIG_ENVIRONMENT'],
])('addresses of roles: %s: nothing is made, and no password is shown', async (_, change, code) => {
  const empty = await emptyTestDatabase();
  try {
    const files = change(addressFiles(empty.url));
    const environment = { SOLVENT_DATABASE_URL: empty.url };
    const { code: exit, document } = await runJson(['db', 'roles', ...files], { environment });
    expect([exit, document]).toMatchObject([2, { code }]);
    for (const secret of ['word of', 'hidden']) expect(JSON.stringify(document)).not.toContain(secret);
  } finally {
    await empty.drop();
  }
});

test('the audit is verified, also by a digest that was noted before', async () => {
  const { url, as, drop } = await testDatabase();
  const database = openDatabase(url);
  const verify = (...more: string[]) =>
    runJson(['audit', 'verify', ...more], { environment: { SOLVENT_DATABASE_URL: as('migrator') } });
  try {
    const log = new AuditLog(database);
    for (const target of ['a', 'b', 'c']) await log.record({ actor: 'cli', action: 'test', target });
    const { code, document } = await verify();
    expect([code, document]).toMatchObject([0, { valid: true, lines: 3, noted: null }]);
    const { head } = document as unknown as { head: string };
    await log.record({ actor: 'cli', action: 'test', target: 'd' });
    expect(await verify('--noted', head)).toMatchObject({ code: 0, document: { noted: true, lines: 4 } });
    expect(await verify('--noted', '5'.repeat(64))).toMatchObject({ code: 1, document: { noted: false } });
    await database.pool.query(
      `ALTER TABLE audit_event DISABLE TRIGGER ALL; UPDATE audit_event SET target = 'x' WHERE id = 2`,
    );
    expect(await verify()).toMatchObject({ code: 1, document: { valid: false, brokenAt: '2', lines: 1 } });
    expect(await verify('--noted', 'digest')).toMatchObject({ code: 2 });
  } finally {
    await database.close();
    await drop();
  }
});
