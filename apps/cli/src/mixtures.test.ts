import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadVectors } from '@solvent-por/dev/proofs';
import { publish, type Published, type PublishedProof } from '../testing/published';
import { codes, runCli, runJson, said, temporaryFolder } from '../testing/run-cli';

/** Files of several people, good and bad, in one run: what is said of them is what was computed. */

const root = temporaryFolder();
const folder = join(root, 'exchange', 'published');
let published: Published;
let mine: string;
let theirs: string;
let key: string;
const file = (...parts: string[]) => join(root, ...parts);
const OK_KEY = 'the account id is made from the key you gave';

/** The manifest of some other snapshot. */
const other = () => {
  const { input } = loadVectors('manifest').find(({ name }) => name === 'spot')!;
  return (input as { document: string }).document;
};

beforeAll(async () => {
  published = await publish(file('exchange'));
  const [first, second] = [...published.proofs] as [[string, PublishedProof], [string, PublishedProof]];
  [key, mine, theirs] = [first[0], first[1].file, second[1].file];
  writeFileSync(file('cut.json'), readFileSync(mine).subarray(0, 500));
  const richer = readFileSync(theirs, 'utf8').replace(/"values":\["\d+"/, '"values":["99999999999"');
  writeFileSync(file('richer.json'), richer);
});

const user = (...more: string[]) =>
  runJson(['verify-user', '--global', join(folder, 'manifest.json'), ...more]);
const statuses = (document: { readonly [name: string]: unknown }, member = 'files') =>
  (document[member] as { status: string }[]).map(({ status }) => status);

describe('verify-user', () => {
  it("does not say that the key was checked where all files are somebody else's", async () => {
    const unknown = `0x${'5a'.repeat(32)}`;
    for (const files of [[mine], [mine, theirs]]) {
      const { code, document } = await user('--key', unknown, ...files);
      expect(code).toBe(1);
      expect(said(document.checked)).toBe('');
      expect(codes(document.notChecked)).toContain('ACCOUNT_INCLUDED');
      expect(said(document.notChecked)).toContain(
        'NOT checked: your account, for no valid file is of the key',
      );
    }
    const { code, stdout } = await runCli([
      ...['verify-user', '--global', join(folder, 'manifest.json'), '--key', unknown, mine, theirs],
    ]);
    expect(code).toBe(1);
    expect(stdout).not.toContain(OK_KEY);
    expect(stdout).toContain('no file is of the account whose key you gave');
  });

  it("takes somebody else's file beside mine for neither good nor bad", async () => {
    const { code, document } = await user('--key', key, mine, theirs);
    expect({ code, statuses: statuses(document) }).toEqual({ code: 0, statuses: ['valid', 'foreign'] });
    expect(said(document.checked)).toContain(`${OK_KEY}, in 1 file`);
  });

  it("finds somebody else's file false where it is false for them too", async () => {
    const { code, document } = await user('--key', key, mine, file('richer.json'));
    expect({ code, statuses: statuses(document) }).toEqual({ code: 1, statuses: ['valid', 'invalid'] });
  });

  it('ends with 2, not 1, for a mixture of good and unreadable files', async () => {
    expect((await user(mine, file('cut.json'))).code).toBe(2);
    expect((await user('--key', key, theirs, file('cut.json'))).code).toBe(2);
    expect((await user(mine, file('cut.json'), file('richer.json'))).code).toBe(1);
  });

  it('says of no file that it was checked where none is valid', async () => {
    const { document } = await user(file('cut.json'));
    expect(document).toMatchObject({ checked: [] });
    expect(said(document.notChecked)).toContain('NOT checked: any account, for no file is valid');
  });

  it('reads a key as people give it, and says what it read', async () => {
    const typed = ` "0X${key.slice(2).toUpperCase()}"\r\n`;
    const { code, document } = await user(
      '--key',
      typed,
      '--operator',
      `${published.operator.toUpperCase()} `,
      mine,
    );
    expect(code).toBe(0);
    expect((document.tidied as string[]).join('\n')).toMatch(
      /--operator had blanks.*\n--key had blanks around it, quotes around it, 0X/,
    );
    const { stdout } = await runCli([
      ...['verify-user', '--global', join(folder, 'manifest.json'), '--key', `${key}\n`, mine],
    ]);
    expect(stdout).toContain('- --key had blanks around it: read without');
  });
});

describe('verify DIR', () => {
  function directory(name: string, files: Record<string, string | Buffer>): string {
    const path = file(name);
    mkdirSync(join(path, 'user_proofs'), { recursive: true });
    for (const document of ['manifest.json', 'global-proof.ndjson'])
      copyFileSync(join(folder, document), join(path, document));
    for (const [target, text] of Object.entries(files)) writeFileSync(join(path, target), text);
    return path;
  }
  const verify = (path: string, ...more: string[]) => runJson(['verify', path, '--workers', '1', ...more]);

  it('names what is no inclusion proof, and does not judge it', async () => {
    const path = directory('others', {
      'manifest (1).json': other(),
      'manifest-copy.json': readFileSync(join(folder, 'manifest.json'), 'utf8'),
      'notes.json': '{"todo":[]}',
      'mine.json': readFileSync(mine, 'utf8'),
      'user_proofs/reserves.json': '[1,2]',
    });
    const { code, document } = await verify(path, '--key', key);
    expect({ code, statuses: statuses(document, 'users') }).toEqual({ code: 0, statuses: ['valid'] });
    const others = Object.fromEntries(
      (document.others as { file: string; what: string }[]).map((one) => [
        one.file.slice(path.length + 1),
        one.what,
      ]),
    );
    const { snapshot, takenAt } = (JSON.parse(other()) as { header: { snapshot: string; takenAt: string } })
      .header;
    expect(others).toEqual({
      'manifest (1).json': expect.stringContaining(`a manifest of snapshot ${snapshot}, taken at ${takenAt}`),
      'manifest-copy.json': expect.stringContaining('a manifest of snapshot'),
      'notes.json': 'JSON, but no document of ours',
      'user_proofs/reserves.json': 'JSON, but no document of ours',
    });
    const { stdout } = await runCli(['verify', path, '--workers', '1']);
    expect(stdout).toMatch(/manifest \(1\)\.json: a manifest of snapshot .*; not judged/);
  });

  it('still judges what is an inclusion proof, whole, cut off, re-formatted, or empty under its name', async () => {
    const path = directory('broken', {
      'cut.json': readFileSync(file('cut.json'), 'utf8'),
      'indented.json': JSON.stringify(JSON.parse(readFileSync(mine, 'utf8')), null, 2),
      [`user_proofs/${basename(mine)}`]: '',
    });
    const { code, document } = await verify(path);
    expect({ code, statuses: statuses(document, 'users') }).toEqual({
      code: 2,
      statuses: ['malformed', 'malformed', 'malformed'],
    });
  });

  it.each<[string, string | Buffer]>([
    ['empty', ''],
    ['its first 6 bytes', '{"acco'],
    ['a login page', '<!doctype html><title>Sign in</title>'],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0, 0])],
  ])("ends with 2, as verify-user does, where the user's own file is %s", async (what, content) => {
    const path = directory(`own ${what}`, { 'my-proof.json': content });
    const alone = await user(join(path, 'my-proof.json'));
    for (const { code, document } of [await verify(path), await verify(path, '--key', key)]) {
      expect({ code, statuses: statuses(document, 'users') }).toEqual({ code: 2, statuses: ['malformed'] });
      const [{ reason }] = document.users as [{ reason: string }];
      expect(reason).toBe((alone.document.files as [{ reason: string }])[0].reason);
    }
  });

  it('judges what is named as a proof, or is one but for a misspelt member', async () => {
    const misspelt = readFileSync(mine, 'utf8').replace('"values":', '"valuez":');
    const path = directory('named', { [`user_proofs/${basename(mine)}`]: '{"a":1}', 'mine.json': misspelt });
    const { code, document } = await verify(path);
    expect({ code, statuses: statuses(document, 'users') }).toEqual({
      code: 2,
      statuses: ['malformed', 'malformed'],
    });
    const reasons = (document.users as { reason: string }[]).map(({ reason }) => reason).join('\n');
    expect(reasons).toContain('JSON, but not ours');
    expect(reasons).toContain('valuez');
  });

  it("does not say that the key was checked where all files are somebody else's", async () => {
    const path = directory('theirs', {
      'a.json': readFileSync(theirs, 'utf8'),
      'b.json': readFileSync(theirs, 'utf8'),
    });
    const { code, document } = await verify(path, '--key', key);
    expect(code).toBe(1);
    expect(said(document.checked)).not.toContain(OK_KEY);
    expect(codes(document.checked)).not.toContain('ACCOUNT_INCLUDED');
  });

  it('names both snapshots where manifest.json is of another month than the proof', async () => {
    const path = directory('months', { 'manifest.json': other() });
    const { code, document } = await verify(path);
    expect(code).toBe(1);
    const { reason } = document.global as { reason: string };
    for (const text of [other(), published.manifest.toString()]) {
      const { header } = JSON.parse(text) as { header: { snapshot: string; takenAt: string } };
      expect(reason).toContain(`${header.snapshot}, ${header.takenAt}`);
    }
  });
});

it('prove-user reads a list of keys as people save it, and says what it read', async () => {
  const [first, second] = [...published.proofs.keys()] as [string, string];
  writeFileSync(file('keys.txt'), `\ufeff"${first}",\r\n '0X${second.slice(2).toUpperCase()}' \r\n\r\n`);
  const { code, document } = await runJson([
    ...['prove-user', '--witness', join(folder, 'witness'), '--keys', file('keys.txt')],
    ...['--output', file('listed'), '--workers', '1'],
  ]);
  expect({ code, written: document.written }).toEqual({ code: 0, written: 2 });
  expect((document.tidied as string[]).join('\n')).toContain('2 lines of');
});
