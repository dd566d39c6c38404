import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRotatingLog } from './rotating-log';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'solvent-log-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const line = (n: number) => `${String(n).padStart(99, '0')}\n`;
const content = (name: string) => readFileSync(join(folder, name), 'utf8');

test('a log of any length takes bounded space, and the newest lines are kept in order', () => {
  const log = openRotatingLog(join(folder, 'a.log'), { bytes: 1_000, keep: 2 });
  for (let n = 0; n < 1_234; n++) log.write(line(n));
  expect(readdirSync(folder).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
  for (const name of readdirSync(folder)) {
    const { size, mode } = statSync(join(folder, name));
    expect(size).toBeLessThanOrEqual(1_000);
    expect(mode & 0o777).toBe(0o600);
  }
  const all = ['a.log.2', 'a.log.1', 'a.log'].map(content).join('');
  expect(all).toBe(Array.from({ length: 24 }, (_, i) => line(1_210 + i)).join(''));
});

test('what a run before left counts, and a line longer than a file has one of its own', () => {
  writeFileSync(join(folder, 'a.log'), 'x'.repeat(950));
  const log = openRotatingLog(join(folder, 'a.log'), { bytes: 1_000, keep: 2 });
  log.write(line(1));
  expect([content('a.log'), content('a.log.1').length]).toEqual([line(1), 950]);
  const long = `${'y'.repeat(5_000)}\n`;
  log.write(long);
  expect([content('a.log'), content('a.log.1')]).toEqual([long, line(1)]);
});
