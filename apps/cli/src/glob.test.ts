import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternatives, expandFiles, nameExpression } from './glob';
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
  await expect(expand('{1,2}'.repeat(11))).rejects.toThrow('too many alternatives');
});

it('expands braces', () => {
  expect(alternatives('a{b,c}d{e,}')).toEqual(['abde', 'abd', 'acde', 'acd']);
  expect(alternatives('{x}')).toEqual(['{x}']);
});

it('quotes what a regular expression would read otherwise', () => {
  expect(nameExpression('a.b+(c)').test('a.b+(c)')).toBe(true);
  expect(nameExpression('a.b').test('axb')).toBe(false);
  expect(nameExpression('[]^-]x').test(']x')).toBe(true);
});
