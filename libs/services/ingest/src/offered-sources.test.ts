import { symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { offeredSources } from './offered-sources';
import { Folders } from '../testing/balance-files';

const folders = new Folders();
afterAll(() => folders.remove());

const elsewhere = folders.of({ 'secret/a.json': '[]' });

test('folders of balance files and single files are offered, the latest first, and nothing that leads out', async () => {
  const root = folders.of({
    'november/accounts/a.json': '[]',
    'november/accounts/b.csv.gz': 'xx',
    'november/snapshot.json': '{}',
    'single.csv': 'id\n',
    'notes/readme.txt': 'no balances',
    '.hidden/a.json': '[]',
    'a/b/c/d/deep.json': '[]',
  });
  symlinkSync(join(elsewhere, 'secret'), join(root, 'escape'));
  utimesSync(join(root, 'single.csv'), 2e9, 2e9);
  const { sources, more } = await offeredSources(root);
  expect(more).toBe(false);
  expect(sources[0]).toEqual({
    path: 'single.csv',
    files: 1,
    bytes: 3,
    modifiedAt: '2033-05-18T03:33:20.000Z',
  });
  // Neither a configuration nor what lies too deep.
  expect(sources.map(({ path }) => path).sort()).toEqual(['november/accounts', 'single.csv']);
  expect(sources.find(({ path }) => path === 'november/accounts')).toMatchObject({ files: 2, bytes: 4 });
});

test('a great many are offered in part, and that is said', async () => {
  const many = folders.of(Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`${i}.csv`, 'id'])));
  const { sources, more } = await offeredSources(many, 3);
  expect([sources.length, more]).toEqual([3, true]);
});

test('a folder that cannot be read offers nothing', async () => {
  expect(await offeredSources(join(elsewhere, 'nowhere'))).toEqual({ sources: [], more: false });
});
