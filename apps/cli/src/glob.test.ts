import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expandFiles } from './glob';
import { temporaryFolder } from '../testing/run-cli';

const folder = temporaryFolder();
const names = ['a.json', 'b.json', 'c.txt', '.hidden.json', 'odd[1].json', 'sub/d.json', 'sub/deep/e.json'];

beforeAll(() => {
  mkdirSync(join(folder, 'sub', 'deep'), { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), '');
});

const expand = async (...patterns: string[]) =>
  (await expandFiles(patterns.map((pattern) => join(folder, pattern)))).map((file) =>
    file.slice(folder.length + 1),
  );

it('matches names within a folder, sorted, without hidden ones', async () => {
  expect(await expand('*.json')).toEqual(['a.json', 'b.json', 'odd[1].json']);
  expect(await expand('?.json')).toEqual(['a.json', 'b.json']);
  expect(await expand('.*.json')).toEqual(['.hidden.json']);
  expect(await expand('[ac].*')).toEqual(['a.json', 'c.txt']);
  expect(await expand('[!a].json')).toEqual(['b.json']);
  expect(await expand('{b,c}.{json,txt}')).toEqual(['b.json', 'c.txt']);
});

it('walks folders', async () => {
  expect(await expand('**/*.json')).toEqual([
    'a.json',
    'b.json',
    'odd[1].json',
    'sub/d.json',
    'sub/deep/e.json',
  ]);
  expect(await expand('s*/*.json')).toEqual(['sub/d.json']);
  expect(await expand('sub/**')).toEqual(['sub/d.json', 'sub/deep/e.json']);
});

it('takes a path that exists as it is, and each file once', async () => {
  expect(await expand('odd[1].json', '*.json', 'b.json')).toEqual(['odd[1].json', 'a.json', 'b.json']);
});

it('refuses what names nothing, and folders', async () => {
  await expect(expand('*.csv')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND', kind: 'usage' });
  await expect(expand('missing/a.json')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await expect(expand('sub')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await expect(expand('x'.repeat(100_000))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

it('takes braces for alternatives, and those without a comma as they are', async () => {
  expect(await expand('{sub/d,c}.{json,txt}')).toEqual(['c.txt', 'sub/d.json']);
  writeFileSync(join(folder, '{x}1.json'), '');
  expect(await expand('{x}?.json')).toEqual(['{x}1.json']);
});

it('many braces are no work: 2^40 alternatives are as soon refused as one', async () => {
  await expect(expand(`${'{1,2}'.repeat(40)}*`)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

it('takes for a name what another kind of pattern would read otherwise', async () => {
  for (const name of ['a.b+(c)1', 'axb1', '!z1']) writeFileSync(join(folder, name), '');
  expect(await expand('a.b+(c)*')).toEqual(['a.b+(c)1']);
  expect(await expand('a.b*')).toEqual(['a.b+(c)1']);
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect(await expandFiles(['!z?', './s*/*.json', '../*/c.t?t'])).toEqual(
      expect.arrayContaining(['!z1', 'sub/d.json']) as string[],
    );
  } finally {
    process.chdir(before);
  }
});

it('a pipe is no file', async () => {
  execFileSync('mkfifo', [join(folder, 'p.pipe')]);
  await expect(expand('*.pipe')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

it('goes through links to folders', async () => {
  symlinkSync(join(folder, 'sub'), join(folder, 'link'));
  expect(await expand('link/*.json')).toEqual(['link/d.json']);
});
