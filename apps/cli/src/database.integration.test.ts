import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ApiKeyRepository,
  AuditLog,
  openDatabase,
  sealContext,
  WitnessKeyring,
  type Database,
} from '@solvent-por/services/database';
import { emptyTestDatabase, testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { CLI, runCli, runJson, temporaryFolder } from '../testing/run-cli';

const root = temporaryFolder();
let test: TestDatabase;
let database: Database;
beforeAll(async () => {
  test = await testDatabase();
  database = openDatabase(test.url);
});
afterAll(async () => {
  await database?.close();
  await test?.drop();
});

/** As the owner of the tables, who is no superuser. */
const environment = (more: Record<string, string> = {}) => ({
  SOLVENT_DATABASE_URL: test.as('migrator'),
  ...more,
});
const json = (...args: string[]) => runJson(args, { environment: environment() });
const text = (...args: string[]) => runCli(args, { environment: environment() });
const audited = async (first = 1) =>
  (await new AuditLog(database).list({ first })).map(({ actor, action, target }) => ({
    actor,
    action,
    target,
  }));

describe('api-key', () => {
  it('makes a key that works, shows it once, and writes it down who did it', async () => {
    const { code, document } = await json('api-key', 'new', '--name', 'the app', '--role', 'operator');
    expect(code).toBe(0);
    const { id, key } = document as unknown as { id: string; key: string };
    expect(await new ApiKeyRepository(database).authenticate(key)).toMatchObject({ id, role: 'OPERATOR' });
    expect(await audited(2)).toEqual([
      { actor: 'cli', action: 'api-key.create.done', target: id },
      { actor: 'cli', action: 'api-key.create', target: 'the app' },
    ]);
    const { stdout } = await text('api-key', 'list', '--json');
    expect(stdout).toContain('the app');
    expect(stdout).not.toContain(key.split('_').slice(2).join('_'));
    expect(stdout).not.toMatch(/hash/i);
  });

  it('is no success where nobody saw the key: it says which one to revoke', async () => {
    const script = '"$0" "$@" | true; exit ${PIPESTATUS[0]}';
    const make = ['api-key', 'new', '--name', 'unseen', '--role', 'partner'];
    const child = spawn('/bin/bash', ['-c', script, process.execPath, CLI, ...make], {
      env: { ...process.env, ...environment() },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise((resolve) => child.once('close', resolve));
    const { id } = (await new ApiKeyRepository(database).list()).find(({ name }) => name === 'unseen')!;
    expect(code).toBe(2);
    expect(stderr).toContain(`solvent api-key revoke ${id}`);
  });

  it('shows the key alone under --quiet', async () => {
    const { stdout } = await text('api-key', 'new', '--name', 'a', '--role', 'partner', '--quiet');
    expect(stdout).toMatch(/^slv_[0-9a-f]+_[\w-]{43}\n$/);
  });

  it('writes the key into a file for its owner alone, and over no other file', async () => {
    const file = join(root, 'key');
    const args = ['api-key', 'new', '--name', 'b', '--role', 'auditor', '--output', file];
    const { stdout } = await text(...args);
    const key = readFileSync(file, 'utf8').trim();
    expect(await new ApiKeyRepository(database).authenticate(key)).toMatchObject({ role: 'AUDITOR' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(stdout).not.toContain(key);
    const before = await new ApiKeyRepository(database).list();
    expect(await json(...args)).toMatchObject({ code: 2, document: { code: 'OUTPUT_EXISTS' } });
    expect(await new ApiKeyRepository(database).list()).toHaveLength(before.length);
  });

  it('keeps when a key ends', async () => {
    const { document } = await json(
      'api-key',
      'new',
      '--name',
      'c',
      '--role',
      'partner',
      '--expires',
      '2999-06-30',
    );
    expect(document.expiresAt).toBe('2999-06-30T23:59:59.000Z');
    const { document: listed } = await json('api-key', 'list');
    const keys = listed.keys as { id: string; expiresAt: string; state: string }[];
    expect(keys.find(({ id }) => id === document.id)).toMatchObject({
      state: 'active',
      expiresAt: document.expiresAt,
    });
  });

  it.each(['2020-01-01', '2999-02-30', '0d', 'soon'])('refuses --expires %s', async (expires) => {
    const { code } = await text('api-key', 'new', '--name', 'd', '--role', 'partner', '--expires', expires);
    expect(code).toBe(2);
  });

  it('revokes a key', async () => {
    const keys = new ApiKeyRepository(database);
    const { id, key } = await keys.create({ name: 'e', role: 'PARTNER', createdBy: 'cli' });
    expect((await json('api-key', 'revoke', id)).code).toBe(0);
    expect(await keys.authenticate(key)).toBeNull();
    expect(await audited()).toEqual([{ actor: 'cli', action: 'api-key.revoke', target: id }]);
    expect(await json('api-key', 'revoke', '0'.repeat(id.length))).toMatchObject({
      code: 2,
      document: { code: 'API_KEY_NOT_FOUND' },
    });
    expect(await audited()).toEqual([
      { actor: 'cli', action: 'api-key.revoke.refused', target: '0'.repeat(id.length) },
    ]);
    const pasted = await text('api-key', 'revoke', key);
    expect(pasted.code).toBe(2);
    expect(pasted.stdout + pasted.stderr).not.toContain(key.split('_').slice(2).join('_'));
  });
});

describe('db migrate', () => {
  it('makes the tables, then does nothing; until then other commands say what is missing', async () => {
    const empty = await emptyTestDatabase();
    try {
      const options = { environment: { SOLVENT_DATABASE_URL: empty.url } };
      expect(await runJson(['api-key', 'list'], options)).toMatchObject({
        code: 2,
        document: { code: 'DATABASE_OUTDATED' },
      });
      const first = await runJson(['db', 'migrate'], options);
      expect(first.code).toBe(0);
      expect((first.document.applied as string[]).length).toBeGreaterThan(0);
      expect(await runJson(['db', 'migrate'], options)).toMatchObject({ code: 0, document: { applied: [] } });
      expect(await runJson(['api-key', 'list'], options)).toMatchObject({ code: 0, document: { keys: [] } });
    } finally {
      await empty.drop();
    }
  });
});

describe('private data', () => {
  const keys = { old: `old:0x${'01'.repeat(32)}`, new: `new:0x${'02'.repeat(32)}` };
  const witness = Buffer.from('what opens the rows');
  const stored = () =>
    database.prisma.batch.findUniqueOrThrow({
      where: { snapshotId_batch: { snapshotId: 'kept', batch: 0 } },
    });

  beforeAll(async () => {
    const { sealed, keyId } = WitnessKeyring.parse(keys.old).seal(witness, sealContext.witness('kept', 1, 0));
    for (const id of ['kept', 'unfinished'])
      await database.prisma.snapshot.create({
        data: {
          id,
          ...(id === 'kept' && { state: 'FAILED', failure: { code: 'TEST' }, failedAt: new Date() }),
          config: {},
          header: { snapshot: id, operator: `0x${'11'.repeat(32)}` },
          headerDigest: new Uint8Array(32),
          takenAt: new Date('2026-01-01T00:00:00Z'),
          source: 'accounts',
        },
      });
    await database.prisma.batch.create({
      data: {
        snapshotId: 'kept',
        batch: 0,
        first: 0,
        accounts: 70,
        witness: Uint8Array.from(sealed),
        witnessKeyId: keyId,
      },
    });
  });

  const rotate = (ring: string) =>
    runJson(['db', 'rotate-key'], { environment: environment({ SOLVENT_WITNESS_KEYS: ring }) });

  it('is sealed anew under the current key; afterwards the old one can go', async () => {
    const ring = `${keys.new},${keys.old}`;
    expect(await rotate(ring)).toMatchObject({
      code: 0,
      document: { keyId: 'new', witnesses: 1, cells: 0, documents: 0 },
    });
    const { witness: sealed, witnessKeyId } = await stored();
    const opened = WitnessKeyring.parse(keys.new).open(
      sealed!,
      witnessKeyId!,
      sealContext.witness('kept', 1, 0),
    );
    expect(Buffer.from(opened)).toEqual(witness);
    expect(await audited()).toEqual([{ actor: 'cli', action: 'witness-key.rotate', target: 'new' }]);
    expect(await rotate(keys.new)).toMatchObject({ code: 0, document: { witnesses: 0 } });
  });

  it('is not touched with keys that are malformed or miss the one it is under', async () => {
    const malformed = await rotate('new:0x12');
    expect(malformed).toMatchObject({ code: 2, document: { code: 'WITNESS_KEYS_MALFORMED' } });
    const missing = await rotate(`other:0x${'03'.repeat(32)}`);
    expect(missing.document.code).toBe('WITNESS_KEY_UNKNOWN');
    expect(await audited(2)).toEqual([
      { actor: 'cli', action: 'witness-key.rotate.refused', target: 'other' },
      { actor: 'cli', action: 'witness-key.rotate', target: 'other' },
    ]);
    expect((await stored()).witnessKeyId).toBe('new');
  });

  it('is dropped when that is confirmed', async () => {
    const retention = (id: string, ...more: string[]) => json('db', 'retention', '--snapshot', id, ...more);
    expect(await retention('kept')).toMatchObject({ code: 2, document: { code: 'NOT_CONFIRMED' } });
    expect((await stored()).witness).not.toBeNull();
    expect(await retention('unfinished', '--yes')).toMatchObject({
      code: 2,
      document: { code: 'SNAPSHOT_UNFINISHED' },
    });
    expect(await audited()).toEqual([
      { actor: 'cli', action: 'snapshot.retention.refused', target: 'unfinished' },
    ]);
    expect(await retention('lost', '--yes')).toMatchObject({
      code: 2,
      document: { code: 'SNAPSHOT_NOT_FOUND' },
    });
    expect((await retention('kept', '--yes')).code).toBe(0);
    expect((await stored()).witness).toBeNull();
    expect(await audited()).toEqual([{ actor: 'cli', action: 'snapshot.retention', target: 'kept' }]);
  });
});

describe('the database', () => {
  const list = (variables: Record<string, string>) => runCli(['api-key', 'list'], { environment: variables });

  it('may be named by a file', async () => {
    const file = join(root, 'url');
    writeFileSync(file, `${test.url}\n`);
    expect((await list({ SOLVENT_DATABASE_URL_FILE: file })).code).toBe(0);
  });

  it.each([
    ['true', /must end in \?sslmode=verify-full.*CONFIG_ENVIRONMENT/],
    ['yes', /SOLVENT_DATABASE_TLS must be true or false.*CONFIG_ENVIRONMENT/],
  ])('is not spoken to unverified where SOLVENT_DATABASE_TLS is %s', async (tls, message) => {
    const refused = await list({ SOLVENT_DATABASE_URL: test.url, SOLVENT_DATABASE_TLS: tls });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(message);
    const migrating = await runCli(['db', 'migrate'], {
      environment: { SOLVENT_DATABASE_URL: test.url, SOLVENT_DATABASE_TLS: tls },
    });
    expect(migrating.code).toBe(2);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['not named', {}, /set SOLVENT_DATABASE_URL.*CONFIG_ENVIRONMENT/],
    ['named twice', { SOLVENT_DATABASE_URL: 'postgresql://secret', SOLVENT_DATABASE_URL_FILE: '/x' }, /not both/],
    ['no address', { SOLVENT_DATABASE_URL: 'mysql://u:secret@127.0.0.1/x' }, /must begin with postgresql/],
    ['a missing file', { SOLVENT_DATABASE_URL_FILE: '/none/secret-path' }, /cannot be read \(ENOENT\)/],
    ['not there', { SOLVENT_DATABASE_URL: 'postgresql://u:secret@127.0.0.1:9/x' }, /does not answer \(ECONNREFUSED\): is it running/],
  ])('that is %s is explained without its address', async (_name, variables, message) => {
    const { code, stderr, stdout } = await list(variables);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stdout + stderr).not.toContain('secret');
  }); // prettier-ignore
});
