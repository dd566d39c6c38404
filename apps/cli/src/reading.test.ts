import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

const root = temporaryFolder();
const input = join(root, 'accounts');
const config = join(root, 'snapshot.json');
const shard = join(input, 'accounts-0001.csv');

beforeAll(async () => {
  await runJson(['generate', '--accounts', '70', '--assets', '2', '--format', 'csv', '--output', root]);
  // As a spreadsheet saves it.
  writeFileSync(shard, `sep=;\n${readFileSync(shard, 'utf8').replaceAll(',', ';')}`, 'utf16le');
  writeFileSync(join(input, '.DS_Store'), 'Bud1');
});

const NOT_READ = [{ name: '.DS_Store', reason: 'hidden' }];
const NOTES = [
  'accounts-0001.csv: is read as UTF-16LE',
  'accounts-0001.csv: cells are divided by semicolons',
];

it.each([
  ['check', () => []],
  ['prove', (run: string) => ['--workers', '1', '--output', join(root, run)]],
])('%s names what is not read, and says what is not as usual', async (command, more) => {
  const args = (run: string) => [command, '--input', input, '--config', config, ...more(run)];
  const { code, document } = await runJson(args('json'));
  expect([code, document.accounts, document.notRead, document.notes]).toEqual([0, 70, NOT_READ, NOTES]);
  const { stdout } = await runCli(args('text'));
  expect(stdout).toContain('not read: .DS_Store (hidden)');
  for (const note of NOTES) expect(stdout).toContain(note);
});

it('a hidden shard stops check and prove before anything is written', async () => {
  const hidden = join(root, 'hidden');
  mkdirSync(hidden);
  for (const name of ['accounts.csv', '.accounts-0002.csv'])
    writeFileSync(join(hidden, name), readFileSync(shard));
  for (const args of [['check'], ['prove', '--output', join(root, 'never')]]) {
    const { code, document } = await runJson([...args, '--input', hidden, '--config', config]);
    expect(code).toBe(2);
    expect(document).toMatchObject({ code: 'INPUT_FILE_UNKNOWN', details: { file: '.accounts-0002.csv' } });
    expect(document.message).toContain('ignoreFiles');
  }
});
