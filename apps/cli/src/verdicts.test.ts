import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBalances } from '../testing/balances';
import { idOf, proofFileOf } from '../testing/proof-file';
import { codes, runCli, runJson, said, temporaryFolder } from '../testing/run-cli';

const root = temporaryFolder();
const [october, november, stranger] = ['october', 'november', 'stranger'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];
const [first, second] = [join(october, 'published'), join(november, 'published')];
const file = (folder: string, name: string) => join(folder, name);
const [manifest1, manifest2] = [file(first, 'manifest.json'), file(second, 'manifest.json')];
const [global1, global2] = [file(first, 'global-proof.ndjson'), file(second, 'global-proof.ndjson')];
const users = file(second, 'user_proofs');
let keys: string[];
let operator: string;
const proofOf = (account: number) => file(users, proofFileOf(manifest2, keys[account]!));

/** Writes a copy of a file with something changed. */
function tampered(name: string, source: string, change: (text: string) => string): string {
  const before = readFileSync(source, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  const path = join(root, name);
  writeFileSync(path, after);
  return path;
}

function edit(path: string, change: (config: Record<string, unknown>) => void): void {
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  change(config);
  writeFileSync(path, JSON.stringify(config));
}

async function prove(folder: string, ...more: string[]) {
  return runJson([
    ...['prove', '--input', file(folder, 'accounts'), '--config', file(folder, 'snapshot.json')],
    ...['--output', file(folder, 'published'), '--workers', '1', ...more],
  ]);
}

beforeAll(async () => {
  for (const [folder, seed] of [
    [october, '1'],
    [november, '1'],
    [stranger, '2'],
  ] as const)
    await runCli(['generate', '--accounts', '30', '--assets', '3', '--seed', seed, '--output', folder]);
  edit(file(november, 'snapshot.json'), (config) => {
    config.snapshot = 'november';
    config.takenAt = '2026-02-01T00:00:00Z';
    config.previous = '../october/published/manifest.json';
  });
  expect((await prove(october)).code).toBe(0);
  const { code, document } = await prove(november);
  expect(code).toBe(0);
  operator = (document.manifest as { operator: string }).operator;
  keys = readBalances(file(november, 'accounts'), 0).map(({ key }) => key);
  writeFileSync(join(root, 'keys.txt'), `${keys[0]}\r\n\n${keys[1]!.slice(2).toUpperCase()}\n${keys[0]}\n`);
  const made = await runJson([
    ...[
      'prove-user',
      '--witness',
      file(second, 'witness'),
      '--keys',
      join(root, 'keys.txt'),
      '--output',
      users,
    ],
    ...['--workers', '1'],
  ]);
  expect(made.document).toMatchObject({ ok: true, written: 2 });
});

describe('verify-global', () => {
  const verify = (path: string, ...more: string[]) =>
    runJson(['verify-global', path, '--workers', '1', ...more]);

  it('says what it did not check when it was given nothing', async () => {
    const { code, document } = await verify(global2);
    expect(code).toBe(0);
    expect(codes(document.notChecked)).toEqual(['OPERATOR_KEY', 'CHAIN', 'SAME_FOR_ALL']);
    const open = said(document.notChecked);
    expect(open).toContain("NOT checked that this is the operator's key");
    expect(open).toContain('no earlier one was given');
    expect(open).toContain('compare its digest');
  });

  it('has only the public comparison left to the user who brings key and chain', async () => {
    const { code, document } = await verify(global2, '--operator', operator, '--previous', manifest1);
    expect(code).toBe(0);
    expect(document.notChecked).toHaveLength(1);
    expect(codes(document.checked)).toEqual(['PROOFS', 'TOTALS', 'OPERATOR_KEY', 'CHAIN']);
    expect(said(document.checked)).toContain('follows 1 earlier manifest(s)');
  });

  it.each([
    ['another operator', () => ['--operator', `0x${'11'.repeat(32)}`], 2, 'OPERATOR_KEY_MALFORMED'],
    ['a key that is no key', () => ['--operator', '0x12'], 2, 'OPERATOR_KEY_MALFORMED'],
    ['an earlier manifest that does not exist', () => ['--previous', 'none.json'], 2, 'FILE_UNREADABLE'],
  ])('ends with 2 given %s', async (_, more, exit, expected) => {
    const { code, document } = await verify(global2, ...more());
    expect({ code, error: document.code }).toEqual({ code: exit, error: expected });
  });

  it("refuses another operator's key", async () => {
    const config = JSON.parse(readFileSync(file(stranger, 'snapshot.json'), 'utf8')) as { operator: string };
    const { code, document } = await verify(global2, '--operator', config.operator);
    expect(code).toBe(1);
    expect(document).toMatchObject({ valid: false, code: 'OPERATOR_UNEXPECTED' });
  });

  it('refuses a chain that starts anew, or goes back', async () => {
    expect(await verify(global1, '--previous', manifest2)).toMatchObject({
      code: 1,
      document: { code: 'CHAIN_OLDER' },
    });
    const restarted = await verify(global1, '--previous', manifest1);
    expect(restarted.code).toBe(0);
  });

  it('refuses a changed evaluation, and a changed total', async () => {
    const flip = (text: string) =>
      text.replace(
        /("shifted":"0x)([0-9a-f])/,
        (_, head: string, digit: string) => head + (digit === '0' ? '1' : '0'),
      );
    const proof = await verify(tampered('evaluation.ndjson', global2, flip));
    expect(proof).toMatchObject({ code: 1, document: { valid: false, code: 'PROOF_INVALID' } });
    const total = await verify(
      tampered('total.ndjson', global2, (text) => text.replace(/("totals":\["\d*)\d"/, '$17"')),
    );
    expect(total).toMatchObject({ code: 1, document: { valid: false, code: 'SIGNATURE_INVALID' } });
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, -100), 'FILE_CUT_OFF'],
    ['without its proofs', (text: string) => `${text.split('\n')[0]}\n`, 'FILE_CUT_OFF'],
    ['with upper-case hex', (text: string) => text.replace('"root":"0x', '"root":"0X'), 'MANIFEST_MALFORMED'],
    ['with a space', (text: string) => text.replace('{', '{ '), 'DOCUMENT_NOT_CANONICAL'],
  ])('ends with 2 where the file is %s', async (name, change, expected) => {
    const { code, document } = await verify(tampered(`malformed ${name}.ndjson`, global2, change));
    expect({ code, error: document.code, kind: document.kind }).toEqual({
      code: 2,
      error: expected,
      kind: 'malformed',
    });
  });

  it('ends with 2 where there is no file, or a folder', async () => {
    expect(await verify(join(root, 'none'))).toMatchObject({
      code: 2,
      document: { code: 'FILE_UNREADABLE' },
    });
    const folder = await verify(second);
    expect(folder).toMatchObject({ code: 2, document: { code: 'FILE_UNREADABLE' } });
    expect(folder.document.message).toContain('global-proof.ndjson');
    const { document } = await runJson(['inspect', root]);
    expect(document.message).toMatch(/it is a folder: name a file in it$/);
  });
});

describe('verify-user', () => {
  const verify = (...more: string[]) => runJson(['verify-user', '--global', manifest2, ...more]);
  const pattern = join(users, '*.json');

  it('expands a quoted pattern, shows the ids and says that they were not checked', async () => {
    const { code, stdout } = await runCli(['verify-user', '--global', manifest2, pattern]);
    expect(code).toBe(0);
    for (const key of keys.slice(0, 2)) {
      expect(stdout).toContain(`account ${idOf(manifest2, key)}`);
      expect(stdout).not.toContain(key.slice(2));
    }
    expect(stdout).toContain('2 of 2 files valid');
    expect(stdout).toContain('november, taken at 2026-02-01T00:00:00Z');
    expect(stdout).toContain('NOT checked whose account it is');
    expect(stdout).toContain("NOT checked that the manifest's totals hold for all accounts");
  });

  it("decides by the user's key", async () => {
    const mine = proofOf(0);
    expect((await verify('--key', keys[0]!.slice(2).toUpperCase(), '--operator', operator, mine)).code).toBe(
      0,
    );
    const other = await verify('--key', keys[1]!, mine);
    expect(other).toMatchObject({
      code: 1,
      document: { files: [{ status: 'invalid', code: 'INCLUSION_ID' }] },
    });
    const mixture = await verify('--key', keys[0]!, pattern);
    expect(mixture.code).toBe(0);
    const byName = await verify('--identifier', 'alice', mine);
    expect(byName).toMatchObject({ code: 1, document: { files: [{ code: 'INCLUSION_ID' }] } });
    expect(await verify('--key', '0x12', mine)).toMatchObject({
      code: 2,
      document: { code: 'KEY_MALFORMED' },
    });
  });

  it('takes the first line of a global proof as manifest, and says so', async () => {
    const { code, document } = await runJson(['verify-user', '--global', global2, pattern]);
    expect(code).toBe(0);
    expect(said(document.notChecked)).toContain('only the first line of the global proof was read');
  });

  it('refuses a manifest that is not trustworthy before it looks at any file', async () => {
    const forged = tampered('forged.json', manifest2, (text) => text.replace('november', 'november2'));
    const { code, document } = await runJson(['verify-user', '--global', forged, pattern]);
    expect(code).toBe(1);
    expect(document).toMatchObject({ valid: false, code: 'SIGNATURE_INVALID', files: [] });
  });

  it("refuses an account of another snapshot, and one that isn't as it was", async () => {
    const other = await runJson(['verify-user', '--global', manifest1, pattern]);
    expect(other).toMatchObject({ code: 1, document: { files: [{ code: 'INCLUSION_MANIFEST' }, {}] } });
    const richer = tampered('richer.json', proofOf(0), (text) =>
      text.replace(/"values":\["\d+"/, '"values":["99999999999"'),
    );
    expect(await verify(richer)).toMatchObject({ code: 1, document: { files: [{ status: 'invalid' }] } });
  });

  it('tells malformed files from invalid ones: 2 alone, and in a mixture with good ones', async () => {
    const malformed = tampered('cut.json', proofOf(0), (text) => text.slice(0, 500));
    expect(await verify(malformed)).toMatchObject({
      code: 2,
      document: { files: [{ status: 'malformed' }] },
    });
    const { code, document } = await verify(pattern, malformed);
    expect(code).toBe(2);
    expect((document.files as { status: string }[]).map(({ status }) => status)).toEqual([
      'valid',
      'valid',
      'malformed',
    ]);
  });

  it('ends with 2 where a pattern names nothing or options contradict each other', async () => {
    expect(await verify(join(root, '*.none'))).toMatchObject({
      code: 2,
      document: { code: 'FILE_NOT_FOUND' },
    });
    expect((await verify('--key', keys[0]!, '--identifier', 'x', pattern)).code).toBe(2);
  });

  it('shows no more than what is wrong when asked to be quiet', async () => {
    const good = await runCli(['verify-user', '--quiet', '--global', manifest2, pattern]);
    expect(good).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const bad = await runCli([
      'verify-user',
      '--quiet',
      '--global',
      manifest2,
      '--key',
      keys[1]!,
      proofOf(0),
    ]);
    expect(bad).toMatchObject({ code: 1, stdout: '' });
    expect(bad.stderr).toContain('INCLUSION_ID');
  });
});

describe('verify', () => {
  /** A folder with copies of published files. */
  function published(name: string, files: Record<string, string>): string {
    const folder = join(root, name);
    mkdirSync(join(folder, 'user_proofs'), { recursive: true });
    for (const [target, source] of Object.entries(files)) copyFileSync(source, join(folder, target));
    return folder;
  }
  const verify = (folder: string, ...more: string[]) =>
    runJson(['verify', folder, '--workers', '1', ...more]);

  it('takes files beside the manifest and in user_proofs', async () => {
    const mine = proofOf(0);
    const folder = published('both', {
      'global-proof.ndjson': global2,
      'manifest.json': manifest2,
      'mine.json': mine,
      'user_proofs/also-mine.json': mine,
    });
    const { code, document } = await verify(
      folder,
      '--key',
      keys[0]!,
      '--operator',
      operator,
      '--previous',
      manifest1,
    );
    expect(code).toBe(0);
    expect(document).toMatchObject({
      valid: true,
      global: { proofs: 1 },
      users: [{ status: 'valid' }, { status: 'valid' }],
    });
    expect((await verify(folder, '--key', keys[1]!)).code).toBe(1);
  });

  it('says so where there is only a manifest, and where there are no accounts', async () => {
    const { code, document } = await verify(published('alone', { 'manifest.json': manifest2 }));
    expect(code).toBe(0);
    const open = said(document.notChecked);
    expect(open).toContain('there is no global-proof.ndjson');
    expect(open).toContain('there are no inclusion proofs');
  });

  it('refuses another manifest beside the proof, and a folder with nothing', async () => {
    const mixed = await verify(
      published('mixed', { 'manifest.json': manifest1, 'global-proof.ndjson': global2 }),
    );
    expect(mixed).toMatchObject({ code: 1, document: { global: { code: 'MANIFEST_DIFFERS' } } });
    expect(await verify(published('empty', {}))).toMatchObject({
      code: 2,
      document: { code: 'NOTHING_TO_VERIFY' },
    });
    expect(await verify(join(root, 'nowhere'))).toMatchObject({
      code: 2,
      document: { code: 'FILE_UNREADABLE' },
    });
  });
});

describe('prove-user', () => {
  const proveUser = (...more: string[]) => [
    'prove-user',
    '--witness',
    file(second, 'witness'),
    '--workers',
    '1',
    ...more,
  ];

  it('ends with 1 for an unknown key, names its line and nothing of it, and proves the others', async () => {
    const unknown = `0x${'5a'.repeat(32)}`;
    writeFileSync(join(root, 'some.txt'), `${unknown}\n${keys[3]}\n`);
    const output = join(root, 'some');
    const { code, stdout, stderr } = await runCli(
      proveUser('--keys', join(root, 'some.txt'), '--output', output),
    );
    expect(code).toBe(1);
    expect(stdout).toContain(`the account on line 1 of ${join(root, 'some.txt')} is not in this snapshot`);
    expect(stdout + stderr).not.toContain('5a5a5a5a');
    expect(
      (
        await runJson([
          'verify-user',
          '--global',
          manifest2,
          '--key',
          keys[3]!,
          file(output, proofFileOf(manifest2, keys[3]!)),
        ])
      ).code,
    ).toBe(0);
    const json = await runJson(proveUser('--key', unknown, '--output', output));
    expect(json).toMatchObject({
      code: 1,
      document: {
        code: 'ACCOUNT_UNKNOWN',
        missing: [`the account ${idOf(manifest2, unknown).slice(0, 10)}…`],
        written: 0,
      },
    });
  });

  it('ends with 2 where keys are malformed, missing or named in two ways', async () => {
    writeFileSync(join(root, 'bad.txt'), `${keys[0]}\n0x1234\n`);
    writeFileSync(join(root, 'none.txt'), '\n\n');
    const output = join(root, 'never');
    const code = async (...more: string[]) =>
      (await runJson(proveUser('--output', output, ...more))).document.code;
    expect(await code('--keys', join(root, 'bad.txt'))).toBe('KEY_MALFORMED');
    expect(await code('--keys', join(root, 'none.txt'))).toBe('KEYS_EMPTY');
    expect(await code()).toBe('OPTIONS');
    expect(await code('--all', '--key', keys[0]!)).toBe('OPTIONS');
    expect(await runJson(['prove-user', '--witness', root, '--all', '--output', output])).toMatchObject({
      code: 2,
      document: { code: 'WITNESS_MISSING' },
    });
  });
});

describe('prove --previous', () => {
  it("refuses another operator's manifest, and one that is not earlier", async () => {
    const output = join(root, 'unwritten');
    const args = (folder: string, previous: string) => [
      ...['prove', '--input', file(folder, 'accounts'), '--config', file(folder, 'snapshot.json')],
      ...['--output', output, '--previous', previous],
    ];
    expect(await runJson(args(stranger, manifest1))).toMatchObject({
      code: 1,
      document: { code: 'OPERATOR_UNEXPECTED' },
    });
    expect(await runJson(args(october, manifest2))).toMatchObject({
      code: 1,
      document: { code: 'CHAIN_TIME' },
    });
  });
});
