import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readBalances } from '../testing/balances';
import { publish } from '../testing/published';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';
import { READS_ZSTD } from './zstd-frames';

/** Everybody's proofs in one file of lines: how many of how many there are, and whose is whose. */

const root = temporaryFolder();
const NAME = 'everybody.ndjson.gz';
let made: string;
let keys: string[];
let copies = 0;

beforeAll(async () => {
  const exchange = join(root, 'exchange');
  await publish(exchange);
  keys = readBalances(join(exchange, 'accounts'), 0)
    .slice(0, 4)
    .map(({ key }) => key);
  made = join(root, 'made');
  mkdirSync(made);
  const list = join(root, 'keys.txt');
  writeFileSync(list, `${keys.join('\n')}\n`);
  const witness = join(exchange, 'published', 'witness');
  const output = ['--format', 'ndjson', '--output', join(made, NAME), '--workers', '1'];
  const { code } = await runJson(['prove-user', '--witness', witness, '--keys', list, ...output]);
  expect(code).toBe(0);
  cpSync(join(exchange, 'published', 'manifest.json'), join(made, 'manifest.json'));
});

/** A copy, with other lines in it. */
function copy(change: (lines: string[]) => readonly string[] = (lines) => lines): string {
  const folder = join(root, `copy-${copies++}`);
  cpSync(made, folder, { recursive: true });
  const file = join(folder, NAME);
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n').slice(0, -1);
  const changed = change([...lines]);
  if (changed.join() !== lines.join()) writeFileSync(file, gzipSync(`${changed.join('\n')}\n`));
  return folder;
}
const verify = (folder: string, ...more: string[]) => runJson(['verify', folder, '--workers', '1', ...more]);

describe('verify DIR', () => {
  it('judges every line, and says how many of how many are there', async () => {
    const folder = copy();
    const { code, stdout } = await runCli(['verify', folder, '--workers', '1']);
    expect(code).toBe(0);
    expect(stdout).toContain('4 of 4 inclusion proofs valid');
    expect(stdout).toMatch(/ok 4 of 4 inclusion proofs of .*everybody\.ndjson\.gz\.index\.json are there/);
    const { document } = await verify(folder);
    expect(document.others).toEqual([]);
    expect(document.users).toMatchObject([1, 2, 3, 4].map((line) => ({ line, status: 'valid' })));
    expect(JSON.stringify(document.users)).not.toContain('"values"');
  });

  it.each<[string, (lines: string[]) => readonly string[], object]>([
    [
      'a line that is missing',
      (lines) => lines.slice(1),
      { present: 3, missing: [`1 line of ${NAME}`], changed: [NAME] },
    ],
    [
      'a line that is there twice in place of another',
      ([a, b, c]) => [a!, b!, c!, a!],
      { present: 3, missing: [`1 line of ${NAME}`], doubled: ['line 4 is of the account of line 1'] },
    ],
  ])('1 is the exit code of %s, though each that is there is valid', async (_name, change, pack) => {
    const { code, document } = await verify(copy(change));
    expect(code).toBe(1);
    expect(document.packs).toMatchObject([{ kind: 'lines', count: 4, ...pack }]);
  });

  it('names a line that is false, by its number', async () => {
    const false3 = (lines: string[]) =>
      lines.map((line, i) => (i === 2 ? line.replace(/"row":\d+/, '"row":4000') : line));
    const { code, document } = await verify(copy(false3));
    expect(code).toBe(1);
    expect(document.users).toMatchObject([{}, {}, { line: 3, status: 'invalid' }, { status: 'valid' }]);
  });

  it('a file that is cut off, or gone, is not passed over', async () => {
    const cut = copy();
    const file = join(cut, NAME);
    writeFileSync(file, readFileSync(file).subarray(0, -20));
    const damaged = await verify(cut);
    expect(damaged).toMatchObject({ code: 2, document: { packs: [{ changed: [NAME] }] } });
    expect((damaged.document.users as { code?: string }[]).at(-1)).toMatchObject({ code: 'FILE_CUT_OFF' });
    const gone = copy();
    rmSync(join(gone, NAME));
    expect(await verify(gone)).toMatchObject({
      code: 1,
      document: { packs: [{ count: 4, present: 0, missing: [NAME] }] },
    });
  });

  it('file and index may be renamed together', async () => {
    const folder = copy();
    renameSync(join(folder, NAME), join(folder, 'november.ndjson.gz'));
    renameSync(join(folder, `${NAME}.index.json`), join(folder, 'november.ndjson.gz.index.json'));
    expect(await verify(folder)).toMatchObject({ code: 0, document: { packs: [{ present: 4 }] } });
  });

  it.each([
    ['a name outside of the folder', '"name":"../everybody.ndjson.gz"'],
    ['a name that is none', '"name":".."'],
  ])('an index that names %s is refused', async (_name, name) => {
    const folder = copy();
    const index = join(folder, `${NAME}.index.json`);
    writeFileSync(index, readFileSync(index, 'utf8').replace(/"name":"[^"]*"/, name));
    expect(await verify(folder)).toMatchObject({ code: 2, document: { code: 'INDEX_MALFORMED' } });
  });

  it('plain lines whose first is damaged are not passed over, though no index says what they are', async () => {
    const folder = copy();
    const lines = gunzipSync(readFileSync(join(folder, NAME)));
    writeFileSync(join(folder, 'plain.ndjson'), lines.subarray(10));
    const { code, document } = await verify(folder);
    expect(code).toBe(2);
    expect(document.users).toHaveLength(5);
    expect(document.users).toContainEqual(
      expect.objectContaining({ file: join(folder, 'plain.ndjson'), status: 'malformed' }),
    );
  });

  it('a bomb of lines that are no proofs is given up, and the file before it judged', async () => {
    const folder = copy();
    writeFileSync(join(folder, 'more.ndjson.gz'), gzipSync(Buffer.alloc(5_000_000, '\n')));
    const { code, document } = await verify(folder);
    expect(code).toBe(2);
    const users = document.users as { file: string; code?: string; line: number }[];
    expect(users.filter(({ file }) => file.endsWith(NAME))).toMatchObject(
      Array.from({ length: 4 }, () => ({ status: 'valid' })),
    );
    expect(users).toHaveLength(4 + 1001);
    expect(users.at(-1)).toMatchObject({ line: 1001, status: 'malformed', code: 'LINES_UNSOUND' });
  });

  it('an index that counts more lines than its own file has is not taken at its word', async () => {
    const folder = copy();
    const index = join(folder, `${NAME}.index.json`);
    writeFileSync(index, readFileSync(index, 'utf8').replace('"count":4', '"count":6'));
    expect(await verify(folder)).toMatchObject({
      code: 1,
      document: { packs: [{ count: 6, present: 4, missing: [`2 lines of ${NAME}`], changed: [] }] },
    });
  });

  it.each(['a.json', 'everybody.json', 'b.ndjson', 'user_proofs/c.json', 'shards/0000.bin', 'nothing'])(
    'a pipe or a device called %s is refused, and not read without an end',
    async (name) => {
      const folder = copy();
      for (const inside of ['user_proofs', 'shards']) mkdirSync(join(folder, inside));
      if (name.startsWith('shards'))
        writeFileSync(join(folder, 'index.json'), JSON.stringify({ shards: [], tree: '' }));
      if (name === 'b.ndjson') symlinkSync('/dev/zero', join(folder, name));
      else execFileSync('mkfifo', [join(folder, name)]);
      const { code, document } = await verify(folder);
      expect([code, document]).toMatchObject([2, { code: 'FILE_UNREADABLE' }]);
      expect(document.message).toContain('is a pipe or a device');
    },
  );

  it('lines of something else are named, and not judged', async () => {
    const folder = copy();
    writeFileSync(join(folder, 'notes.ndjson'), '{"somebody":"else"}\n');
    const { code, document } = await verify(folder);
    expect(code).toBe(0);
    expect(document.others).toMatchObject([{ file: join(folder, 'notes.ndjson') }]);
  });
});

describe('verify-user FILE of lines', () => {
  it('finds the line of the key, and shows its balance', async () => {
    const file = join(copy(), NAME);
    const { code, stdout } = await runCli(['verify-user', file, '--key', keys[2]!]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ok .*everybody\.ndjson\.gz, line [1-4]: the account with your key/);
    expect(stdout).toContain('Balance in snapshot');
    expect(stdout).toContain('1 of 4 inclusion proofs valid, 3 of other accounts');
    const nobody = await runJson(['verify-user', file, '--key', `0x${'5a'.repeat(32)}`]);
    expect(nobody.code).toBe(1);
  });

  it('an empty file says so, compressed by gzip or zstd, or that this Node.js reads no zstd', async () => {
    const folder = copy();
    // Whatever the digest in the index: that is `verify`'s.
    writeFileSync(join(folder, NAME), gzipSync(''));
    const gzip = await runJson(['verify-user', join(folder, NAME)]);
    expect(gzip).toMatchObject({ code: 2, document: { files: [{ line: 1, code: 'FILE_EMPTY' }] } });
    const file = join(folder, 'everybody.ndjson.zst');
    writeFileSync(file, Buffer.from('28b52ffd2000010000', 'hex'));
    const zstd = await runJson(['verify-user', file]);
    const code = READS_ZSTD ? 'FILE_EMPTY' : 'FORMAT_UNSUPPORTED';
    expect(zstd).toMatchObject({ code: 2, document: { files: [{ line: 1, code }] } });
  });
});
