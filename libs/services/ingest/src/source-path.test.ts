import { mkdirSync, realpathSync, rmdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { resolveSource } from './source-path';
import { Folders } from '../testing/balance-files';

const folders = new Folders();
afterAll(() => folders.remove());

const elsewhere = folders.of({ 'secret/a.json': '[]' });
const root = folders.of({
  'november/a.json': '[]',
  'single.csv': 'id',
  'links/b.json': '[]',
  'out/a.json': '[]',
});
symlinkSync(join(root, 'november'), join(root, 'same'));
symlinkSync(join(elsewhere, 'secret'), join(root, 'escape'));
symlinkSync(join(elsewhere, 'secret', 'a.json'), join(root, 'out', 'b.json'));
symlinkSync(join(root, 'november', 'a.json'), join(root, 'links', 'a.json'));
mkdirSync(`${root}-beside`);
afterAll(() => rmdirSync(`${root}-beside`));
symlinkSync(`${root}-beside`, join(root, 'beside'));

const code = (code: string) => expect.objectContaining({ code });

test.each([
  ['november', 'november'],
  ['november/', 'november'],
  ['single.csv', 'single.csv'],
  ['same', 'november'],
  ['links', 'links'],
])('%s lies inside', async (source, path) => {
  await expect(resolveSource(root, source)).resolves.toBe(realpathSync(join(root, path)));
});

test.each([
  '',
  '..',
  '../x',
  'november/../../x',
  'november/..',
  '/etc/passwd',
  join(root, 'november'),
  '\\windows',
  'C:\\x',
  'november\\..\\..\\x',
  'november\0',
  'x'.repeat(513),
  '.',
  './november/',
  'november//',
  'november\n',
])('%j is refused by its form', async (source) => {
  await expect(resolveSource(root, source)).rejects.toEqual(code('SOURCE_OUTSIDE'));
});

test.each(['escape', 'escape/a.json', 'out', 'out/b.json', 'beside'])(
  '%s leads out by a link',
  async (source) => {
    const refusal = await resolveSource(root, source).catch((error: Error) => error);
    expect(refusal).toEqual(code('SOURCE_OUTSIDE'));
    expect((refusal as Error).message).not.toContain(elsewhere);
  },
);

test('what is not there is named as it was requested', async () => {
  const refusal = (await resolveSource(root, 'december').catch((error: Error) => error)) as Error;
  expect(refusal).toMatchObject({
    code: 'INPUT_UNREADABLE',
    kind: 'usage',
    details: { file: 'december', reason: 'ENOENT' },
  });
  expect(refusal.message).not.toContain(root);
});

test('a source folder that is not there is not the fault of a request', async () => {
  await expect(resolveSource(join(root, 'gone'), 'november')).rejects.toMatchObject({
    code: 'SOURCE_FOLDER_UNREADABLE',
    kind: 'internal',
  });
});
