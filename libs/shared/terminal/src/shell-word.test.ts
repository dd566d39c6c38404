import { spawnSync } from 'node:child_process';
import { shellWord } from './shell-word';

const paths = [
  'plain/path-1.json',
  'with space/and  two.json',
  "it's",
  'a"b$HOME`id`\\n',
  '*.json',
  '~/x',
  'ünïcode',
  '',
  "line\nfeed\u001b[31m\u009bX 'quoted'\\",
];

test.each(paths)('a shell reads %j as it was', (path) => {
  const { stdout } = spawnSync('/bin/bash', ['-c', `printf %s ${shellWord(path)}`], { encoding: 'utf8' });
  expect(stdout).toBe(path);
  expect(shellWord(path)).not.toMatch(/\p{Cc}/u);
});

test('is no option, and has no quotes where none are needed', () => {
  expect(shellWord('-rf')).toBe('./-rf');
  expect(shellWord('- x')).toBe("'./- x'");
  expect(shellWord('out/manifest.json')).toBe('out/manifest.json');
});
