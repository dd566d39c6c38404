import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

const root = temporaryFolder();
const data = join(root, 'data');
const [input, config] = [join(data, 'accounts'), join(data, 'snapshot.json')];
const id = (digit: string) => digit.repeat(64);

beforeAll(async () => {
  await runCli(['generate', '--accounts', '20', '--assets', '2', '--output', data]);
});

/** A folder with one balance file. */
function balances(name: string, text: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'balances.json'), text);
  return folder;
}

describe('input that is refused', () => {
  const record = (account: string, assets: object) => JSON.stringify({ id: account, assets });
  const cases: [string, string, number, string, number | undefined][] = [
    [
      'a negative net',
      `[${record(id('1'), { BTC: '5' })},${record(id('2'), { BTC: '-1' })}]`,
      1,
      'ROW_NET_NEGATIVE',
      2,
    ],
    ['an unknown token', `[${record(id('1'), { DOGE: '5' })}]`, 1, 'ROW_TOKEN_UNKNOWN', 1],
    ['a doubled id', `[${record(id('a'), {})},${record(id('A'), {})}]`, 1, 'ROW_DUPLICATE_ACCOUNT', 2],
    ['no account', '[]', 1, 'INPUT_EMPTY', undefined],
    ['half a file', `[${record(id('1'), { BTC: '5' })},{"id":"`, 2, 'INPUT_TRUNCATED', 2],
  ];

  it.each(cases)('%s', async (name, text, exit, expected, row) => {
    const folder = balances(name, text);
    const { code, document } = await runJson(['check', '--input', folder, '--config', config]);
    expect({ code, error: document.code }).toEqual({ code: exit, error: expected });
    expect(document.details).toMatchObject({
      file: 'balances.json',
      ...(row && { row }),
      reason: expect.any(String),
    });

    const output = join(root, `${name} output`);
    const proved = await runCli(['prove', '--input', folder, '--config', config, '--output', output]);
    expect(proved.code).toBe(exit);
    expect(proved.stderr).toContain(`balances.json${row ? `, line 1 (row ${row}): ` : ' '}`);
    expect(proved.stderr).toContain(expected);
    expect(proved.stderr).not.toMatch(/[0-9a-f]{9}/i);
    expect(existsSync(output)).toBe(false);
  });
});

describe('prove', () => {
  it('refuses a finished output before it looks at anything else', async () => {
    const output = join(root, 'finished');
    mkdirSync(output);
    writeFileSync(join(output, 'manifest.json'), 'anything');
    const args = ['prove', '--input', 'none', '--config', 'none', '--output', output];
    expect(await runJson(args)).toMatchObject({ code: 2, document: { code: 'OUTPUT_EXISTS' } });
    expect(readdirSync(output)).toEqual(['manifest.json']);
    expect(readFileSync(join(output, 'manifest.json'), 'utf8')).toBe('anything');
  });

  it('refuses a folder that holds something else, and a file', async () => {
    const output = join(root, 'photos');
    mkdirSync(output);
    writeFileSync(join(output, 'cat.jpg'), '');
    for (const path of [output, join(output, 'cat.jpg')])
      expect(await runJson(['prove', '--input', input, '--config', config, '--output', path])).toMatchObject({
        code: 2,
        document: { code: 'OUTPUT_NOT_EMPTY' },
      });
    expect(readdirSync(output)).toEqual(['cat.jpg']);
  });

  it('refuses keys that are missing, of another operator, or open to others', async () => {
    const output = join(root, 'keyless');
    const parsed = JSON.parse(readFileSync(config, 'utf8')) as object;
    const withKeys = (keys: object) => {
      const file = join(root, 'keyless.json');
      writeFileSync(file, JSON.stringify({ ...parsed, keys }));
      return ['prove', '--input', input, '--config', file, '--output', output];
    };
    const code = async (args: string[], environment = {}) =>
      (await runJson(args, { environment })).document.code;
    const secret = `0x${'12'.repeat(32)}`;
    expect(await code(withKeys({ environment: 'SOLVENT_TEST_KEY' }))).toBe('KEY_MISSING');
    const mismatch = await runCli(withKeys({ environment: 'SOLVENT_TEST_KEY' }), {
      environment: { SOLVENT_TEST_KEY: secret },
    });
    expect(mismatch).toMatchObject({ code: 2, stdout: '' });
    expect(mismatch.stderr).toContain('KEY_OPERATOR_MISMATCH');
    expect(mismatch.stderr).not.toContain('1212121212');
    const exposed = join(root, 'exposed.json');
    writeFileSync(exposed, readFileSync(join(data, 'keys.json')), { mode: 0o644 });
    expect(await code(withKeys({ file: exposed }))).toBe('KEY_EXPOSED');
    expect(existsSync(output)).toBe(false);
  });
});

describe('keys new', () => {
  it('writes a file for its owner alone, never over another, and never shows the secret', async () => {
    const file = join(root, 'new-keys.json');
    const { code, stdout } = await runCli(['keys', 'new', '--output', file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Operator 0x[0-9a-f]{64}\n/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const written = readFileSync(file, 'utf8');
    const secrets = written.match(/[0-9a-f]{64}/g)!;
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(stdout).not.toContain(secret);
    expect(await runJson(['keys', 'new', '--output', file])).toMatchObject({
      code: 2,
      document: { code: 'KEY_FILE_EXISTS' },
    });
    expect(readFileSync(file, 'utf8')).toBe(written);
  });
});

describe('usage', () => {
  it.each([
    [['prove']],
    [['prove', '--input', 'a', '--config', 'b', '--output', 'c', '--workers', '0']],
    [['prove', '--input', 'a', '--config', 'b', '--output', 'c', '--workers', '1e1']],
    [['generate', '--accounts', '-1', '--output', 'x']],
    [['generate', '--accounts', '5', '--mode', 'other', '--output', 'x']],
    [['generate', '--accounts', '5', '--debts', '1.5', '--output', 'x']],
    [['generate', '--accounts', '5', '--non-zero', '1e-1', '--output', 'x']],
    [['verify-global', 'a', '--unknown']],
    [['nonsense']],
    [['keys', 'nonsense']],
  ])('%j ends with 2 and one document', async (args) => {
    const { code, document } = await runJson(args);
    expect(code).toBe(2);
    expect(document).toMatchObject({ code: 'USAGE', kind: 'usage', message: expect.any(String) });
  });

  it('verify-user without proofs or a bundle is told that it needs one of them', async () => {
    expect(await runJson(['verify-user', '--global', 'manifest.json'])).toMatchObject({
      code: 2,
      document: { code: 'OPTIONS', kind: 'usage', message: expect.stringContaining('--bundle') },
    });
  });

  it('is explained on stderr', async () => {
    const { code, stdout, stderr } = await runCli([
      'prove',
      '--input',
      'a',
      '--config',
      'b',
      '--output',
      'c',
      '--workers',
      '0',
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*--workers.*1…256/);
  });

  it('shows help and ends with 2 when nothing is asked for', async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: solvent');
    expect((await runCli(['keys'])).code).toBe(2);
  });

  it('names a configuration that cannot be read, or is wrong', async () => {
    const check = (file: string) => runJson(['check', '--input', input, '--config', file]);
    expect(await check(join(root, 'none.json'))).toMatchObject({
      code: 2,
      document: { code: 'CONFIG_UNREADABLE' },
    });
    const wrong = join(root, 'wrong.json');
    writeFileSync(wrong, '{"mode":"aggregate"}');
    expect(await check(wrong)).toMatchObject({
      code: 2,
      document: { code: 'CONFIG_INVALID', kind: 'usage' },
    });
  });

  it('inspects nothing but what is ours', async () => {
    expect(await runJson(['inspect', config])).toMatchObject({ code: 2, document: { code: 'FILE_UNKNOWN' } });
  });
});
