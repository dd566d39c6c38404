import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ed25519 } from '@noble/curves/ed25519.js';
import { toHex } from '@solvent-por/kzg';
import { parseConfig } from '@solvent-por/snapshot';
import { OPERATOR, folderOf, refusal, removeFolders, spot } from '../testing/input';
import { createKeys, deriveKeys, loadConfig, loadKeys } from './index';

afterAll(removeFolders);
const MASTER = `0x${'01'.repeat(32)}`;
const config = (keys: object, operator = OPERATOR) => parseConfig({ ...spot, operator, keys });

test('one secret a purpose, and the public key is that of the signing seed', () => {
  const { operator, ...secrets } = deriveKeys(new Uint8Array(32).fill(1));
  expect(new Set(Object.values(secrets).map(toHex)).size).toBe(6);
  expect(toHex(ed25519.getPublicKey(secrets.signing))).toBe(operator);
});

test('new keys are in a file of mode 0600, are loaded from it, and never overwritten', async () => {
  const folder = folderOf({});
  const file = join(folder, 'keys.json');
  const { operator } = await createKeys(file);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await loadKeys(config({ file: 'keys.json' }, operator), folder)).operator).toBe(operator);
  const before = readFileSync(file);
  expect(await refusal(createKeys(file))).toMatchObject({ code: 'KEY_FILE_EXISTS', kind: 'usage' });
  expect(readFileSync(file)).toEqual(before);
  expect(await refusal(loadKeys(config({ file: 'keys.json' }), folder))).toMatchObject({
    code: 'KEY_OPERATOR_MISMATCH',
  });
});

test.each([0o640, 0o604, 0o620, 0o601])('refuses a key file of mode %o', async (mode) => {
  const folder = folderOf({});
  const { operator } = await createKeys(join(folder, 'k'));
  chmodSync(join(folder, 'k'), mode);
  expect(await refusal(loadKeys(config({ file: 'k' }, operator), folder))).toMatchObject({
    code: 'KEY_EXPOSED',
  });
});

test('refuses files that are no key files, without quoting them', async () => {
  const folder = folderOf({});
  for (const [text, code] of [
    ['{"master": "s3cret', 'KEY_MALFORMED'],
    ['null', 'KEY_MALFORMED'],
    [`{"protocol":"solvent/v1/keys","master":"${MASTER}00"}`, 'KEY_MALFORMED'],
    [`{"protocol":"other","master":"${MASTER}"}`, 'KEY_MALFORMED'],
  ] as const) {
    writeFileSync(join(folder, 'k'), text, { mode: 0o600 });
    const error = await loadKeys(config({ file: 'k' }), folder).catch((e: Error & { code?: string }) => e);
    expect(error).toMatchObject({ code });
    expect(String((error as Error).message)).not.toMatch(/s3cret|0101/);
  }
  expect(await refusal(loadKeys(config({ file: 'absent' }), folder))).toMatchObject({ code: 'KEY_MISSING' });
});

test('the environment holds the secret where the configuration says so, or says nothing', async () => {
  const named = config({ environment: 'TEST_MASTER' });
  expect(await refusal(loadKeys(named, '.'))).toMatchObject({ code: 'KEY_MISSING' });
  process.env.TEST_MASTER = 'hello';
  expect(await refusal(loadKeys(named, '.'))).toMatchObject({ code: 'KEY_MALFORMED' });
  process.env.TEST_MASTER = MASTER;
  process.env.SOLVENT_MASTER_KEY = MASTER;
  expect((await loadKeys(named, '.')).operator).toBe(OPERATOR);
  expect((await loadKeys(parseConfig(spot), '.')).operator).toBe(OPERATOR);
  delete process.env.TEST_MASTER;
  delete process.env.SOLVENT_MASTER_KEY;
});

test('configuration files: paths start at their folder, repeated members are refused', async () => {
  const folder = folderOf({
    'sub/good.json': JSON.stringify({ ...spot, previous: '../january/manifest.json' }),
    'twice.json': JSON.stringify(spot).replace('{', '{"mode":"margin",'),
    'cut.json': JSON.stringify(spot).slice(0, -1),
    'bad.json': '{"mode":"spot"}',
  });
  const loaded = await loadConfig(join(folder, 'sub/good.json'));
  expect(loaded).toMatchObject({
    directory: join(folder, 'sub'),
    previous: join(folder, 'january/manifest.json'),
  });
  for (const [name, code] of [
    ['twice.json', 'CONFIG_MALFORMED'],
    ['cut.json', 'CONFIG_MALFORMED'],
    ['bad.json', 'CONFIG_INVALID'],
    ['absent.json', 'CONFIG_UNREADABLE'],
  ] as const)
    expect(await refusal(loadConfig(join(folder, name)))).toMatchObject({ code, kind: 'usage' });
});

test('a configuration or key file without an end is refused, not read', async () => {
  expect(await refusal(loadConfig('/dev/zero'))).toMatchObject({ code: 'CONFIG_UNREADABLE', kind: 'usage' });
  expect(await refusal(loadConfig(folderOf({})))).toMatchObject({ code: 'CONFIG_UNREADABLE', kind: 'usage' });
  const [folder, name] = [folderOf({}), 'pipe'];
  const pipe = join(folder, name);
  spawnSync('mkfifo', ['-m', '600', pipe]);
  const writer = spawn('/bin/sh', ['-c', 'yes > "$0"', pipe], { stdio: 'ignore' });
  const ended = new Promise((resolve) => writer.once('close', resolve));
  expect(await refusal(loadKeys(config({ file: name }), folder))).toMatchObject({ code: 'KEY_MALFORMED' });
  await ended;
});
