import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { codes, runCli, runJson, temporaryFolder } from '../testing/run-cli';

/** A manifest of 2062 was signed: the operator's guide's way back, step by step. */

const root = temporaryFolder();
const [october, bad, november, december] = ['october', 'bad', 'november', 'december'].map((name) =>
  join(root, name),
) as [string, string, string, string];
const manifest = (folder: string) => join(folder, 'manifest.json');
const operatorOf = (folder: string) =>
  (JSON.parse(readFileSync(manifest(folder), 'utf8')) as { header: { operator: string } }).header.operator;
const newKeys = join(root, 'new-keys.json');

/** The same keys whatever is held, unless others are given. */
async function prove(folder: string, changes: object, ...more: string[]) {
  const input = join(root, `input ${basename(folder)}`);
  await runJson(['generate', ...['--accounts', '10', '--assets', '1', '--mode', 'spot'], '--output', input]);
  const file = join(input, 'snapshot.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...config, snapshot: basename(folder), ...changes }));
  const from = ['--input', join(input, 'accounts'), '--config', file];
  return runJson(['prove', ...from, '--output', folder, '--workers', '1', ...more]);
}

let underNewKey: { readonly operator: string; readonly keys: object };

beforeAll(async () => {
  expect((await prove(october, { takenAt: '2025-10-31T00:00:00Z' })).code).toBe(0);
  const { code } = await prove(
    bad,
    { takenAt: '2062-11-30T00:00:00Z', previous: manifest(october) },
    '--allow-future-date',
  );
  expect(code).toBe(0);
  const { document } = await runJson(['keys', 'new', '--output', newKeys]);
  underNewKey = { operator: document.operator as string, keys: { file: newKeys } };
});

it('nothing follows the bad one under its key, and the refusal says what to do', async () => {
  const { document } = await prove(november, {
    takenAt: '2025-11-30T00:00:00Z',
    previous: manifest(bad),
  });
  expect(document).toMatchObject({
    code: 'CHAIN_TIME',
    message: expect.stringContaining('--former-operator'),
  });
});

it('a new key follows the last good one, where it is said whose that was', async () => {
  const changes = { ...underNewKey, takenAt: '2025-11-30T00:00:00Z', previous: manifest(october) };
  expect((await prove(november, changes)).document).toMatchObject({
    code: 'OPERATOR_UNEXPECTED',
    message: expect.stringContaining('--former-operator'),
  });
  const { code } = await prove(november, { ...changes, formerOperator: operatorOf(october) });
  expect(code).toBe(0);
  // From then on it is a chain like any other.
  const next = { ...underNewKey, takenAt: '2025-12-31T00:00:00Z', previous: manifest(november) };
  expect((await prove(december, next)).code).toBe(0);
});

it('verifiers take it up only when they are told of the former key, and say what it is', async () => {
  const verify = (folder: string, ...more: string[]) =>
    runJson(['verify', folder, '--workers', '1', '--operator', underNewKey.operator, ...more]);
  const seen = ['--previous', manifest(october)];
  expect(await verify(november, ...seen)).toMatchObject({
    code: 1,
    document: { global: { code: 'PREVIOUS_OTHER_OPERATOR' } },
  });
  const former = ['--former-operator', operatorOf(october)];
  const followed = await verify(november, ...seen, ...former);
  expect([followed.code, codes(followed.document.notChecked)]).toEqual([
    0,
    expect.not.arrayContaining(['LEFT_BEHIND']),
  ]);
  const left = await verify(november, ...seen, ...former, '--previous', manifest(bad));
  expect([left.code, codes(left.document.notChecked)]).toEqual([0, expect.arrayContaining(['LEFT_BEHIND'])]);
  const all = [...seen, ...former, '--previous', manifest(bad), '--previous', manifest(november)];
  expect((await verify(december, ...all)).code).toBe(0);
  const { stdout } = await runCli(['verify', november, '--workers', '1', ...seen, ...former]);
  expect(stdout).toContain('a chain under a new key');
});

it('compare says that the later one is of a new key’s chain', async () => {
  const { stdout } = await runCli(['compare', manifest(october), manifest(november)]);
  expect(stdout).toMatch(/NOT checked that both are of one operator.*a chain under a new key/s);
  const told = await runJson([
    ...['compare', manifest(october), manifest(november), '--operator', underNewKey.operator],
    ...['--former-operator', operatorOf(october)],
  ]);
  expect([told.code, codes(told.document.checked)]).toEqual([0, ['CHAIN']]);
});
