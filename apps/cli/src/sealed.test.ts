import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readBalances } from '../testing/balances';
import { publish, type Published } from '../testing/published';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

/** A sealed bundle from the witness of a snapshot to its reader, as a folder and over HTTP. */
const folder = temporaryFolder();
const [accounts, output] = [join(folder, 'accounts'), join(folder, 'published')];
const [manifest, bundle] = [join(output, 'manifest.json'), join(folder, 'bundle')];
let published: Published;
let key: string;
let server: Server;
let asked: string[];

const seal = (...more: string[]) => [
  ...['prove-user', '--witness', join(output, 'witness'), '--all', '--format', 'sealed', '--workers', '1'],
  ...more,
];
const source = () => ['--input', accounts, '--config', published.config];
const read = (place: string, whose = key, ...more: string[]) =>
  runJson(['verify-user', '--bundle', place, '--global', manifest, '--key', whose, ...more]);

beforeAll(async () => {
  published = await publish(folder);
  key = readBalances(accounts, 0)[5]!.key;
  const { code, document } = await runJson(seal('--keys-are-secret', ...source(), '--output', bundle));
  expect(document).toMatchObject({ ok: true, format: 'sealed', written: 70, bits: 3, entries: 669 });
  expect(code).toBe(0);
  server = createServer((request, response) => {
    asked.push(request.url!);
    const file = join(folder, request.url!);
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end('<html>not here</html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => (asked = []));
afterAll(() => server.close());

const address = (path = 'bundle') => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;

test('an account reads its balance from a folder and from a file host, which is asked for three files', async () => {
  expect(readdirSync(bundle).sort()).toEqual(['index.json', 'manifest.json', 'shards', 'tree.bin']);
  const local = await read(bundle, key, '--operator', published.operator);
  expect(local).toMatchObject({ code: 0, document: { valid: true, outcome: 'included' } });
  const remote = await read(address());
  expect(remote).toMatchObject({ code: 0, document: { valid: true, values: local.document.values } });
  expect(remote.document.host).toMatch(/the host could learn/);
  expect(local.document).not.toHaveProperty('host');
  expect(asked).toHaveLength(3);
  expect(asked.slice(0, 2)).toEqual(['/bundle/index.json', '/bundle/tree.bin']);
  expect(asked[2]).toMatch(/^\/bundle\/shards\/000[0-7]\.bin$/);
  expect(JSON.stringify(asked)).not.toContain(key.slice(2, 20));
});

test('damaged is 2, not in this snapshot and invalid are 1', async () => {
  const nobody = `0x${'5a'.repeat(32)}`;
  expect(await read(bundle, nobody)).toMatchObject({
    code: 1,
    document: { outcome: 'absent', valid: false },
  });
  const broken = join(folder, 'broken');
  cpSync(bundle, broken, { recursive: true });
  for (const name of readdirSync(join(broken, 'shards'))) {
    const file = join(broken, 'shards', name);
    const bytes = readFileSync(file);
    bytes[700]! ^= 1;
    writeFileSync(file, bytes);
  }
  expect(await read(broken)).toMatchObject({
    code: 2,
    document: { outcome: 'damaged', code: 'SEALED_SHARD_PATH' },
  });
  rmSync(join(broken, 'shards'), { recursive: true });
  // What the host could learn is said of whatever it was asked for.
  expect(await read(address('broken'))).toMatchObject({
    code: 2,
    document: { outcome: 'damaged', code: 'SEALED_FILE_MISSING', host: expect.stringContaining('one of 8') },
  });
  expect(await read(address(), nobody)).toMatchObject({
    code: 1,
    document: { outcome: 'absent', host: expect.stringContaining('one of 8') },
  });
  const index = readFileSync(join(bundle, 'index.json'), 'utf8');
  writeFileSync(join(broken, 'index.json'), index.replace('"bits":3', '"bits":8'));
  asked = [];
  const chosen = await read(address('broken'));
  expect(chosen).toMatchObject({ code: 1, document: { outcome: 'invalid', code: 'SEALED_INDEX_BITS' } });
  expect(chosen.document).not.toHaveProperty('host');
  expect(asked).toEqual(['/broken/index.json']);
});

test('verify DIR names what of a bundle is not there as signed, which none of its users may notice', async () => {
  const copied = join(folder, 'copied');
  cpSync(bundle, copied, { recursive: true });
  const whole = await runCli(['verify', copied, '--workers', '1']);
  expect(whole.code).toBe(0);
  expect(whole.stdout).toMatch(/ok 9 of 9 files of .*index\.json are there, as signed/);
  expect(whole.stdout).not.toContain('no document of ours');
  const shard = (name: string) => join(copied, 'shards', name);
  rmSync(shard('0001.bin'));
  cpSync(shard('0003.bin'), shard('0002.bin'));
  writeFileSync(shard('0008.bin'), 'another');
  const { code, document } = await runJson(['verify', copied]);
  expect(code).toBe(1);
  expect(document.packs).toMatchObject([
    {
      ...{ kind: 'sealed', count: 9, present: 7 },
      missing: ['shards/0001.bin'],
      changed: ['shards/0002.bin'],
      foreign: ['shards/0008.bin'],
    },
  ]);
  const index = readFileSync(join(bundle, 'index.json'), 'utf8');
  writeFileSync(join(copied, 'index.json'), index.replace('"bits":3', '"bits":2'));
  const chosen = await runCli(['verify', copied]);
  expect(chosen.code).toBe(1);
  expect(chosen.stdout + chosen.stderr).toContain('the index says 669 entries a shard');
});

test.each<[string, () => string[], string]>([
  ['without the operator’s word', () => seal(...source()), 'SEALED_KEYS'],
  ['without input and configuration', () => seal('--keys-are-secret'), 'OPTIONS'],
  [
    'with a configuration that accepts identifiers that can be guessed',
    () => {
      const config = join(folder, 'weak.json');
      const given = JSON.parse(readFileSync(published.config, 'utf8')) as object;
      writeFileSync(config, JSON.stringify({ ...given, acceptWeakIds: true }));
      return seal('--keys-are-secret', '--input', accounts, '--config', config);
    },
    'SEALED_WEAK_IDS',
  ],
])('no bundle %s', async (_name, args, code) => {
  const target = join(folder, 'refused');
  const refused = await runJson([...args(), '--output', target]);
  expect(refused).toMatchObject({ code: 2, document: { ok: false } });
  expect(JSON.stringify(refused.document)).toContain(code);
  expect(existsSync(target)).toBe(false);
});

test.each<[string, () => string[]]>([
  ['no manifest', () => ['--bundle', bundle, '--key', key]],
  ['no key', () => ['--bundle', bundle, '--global', manifest]],
  ['files as well', () => ['--bundle', bundle, '--global', manifest, '--key', key, manifest]],
  ['neither files nor a bundle', () => ['--global', manifest, '--key', key]],
])('a reader who gives %s is told what to give', async (_name, args) => {
  const { code, stderr, stdout } = await runCli(['verify-user', ...args()]);
  expect(code).toBe(2);
  expect(stdout + stderr).toMatch(/give /);
});
