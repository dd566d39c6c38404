import { MAX_SOURCE_PATH, sourcePathParts } from './source-path';
import { WITNESS_KEY } from './witness-key';

test.each(['october', 'october/accounts', 'a/b/', 'balances.ndjson.gz', '...x', 'x'.repeat(MAX_SOURCE_PATH)])(
  'a source path: %j',
  (text) => {
    expect(sourcePathParts(text)?.join('/')).toBe(text.replace(/\/$/, ''));
  },
);

// The gateway took a drive's letter, ingest up to 1,024 characters, `.` and line breaks: what one stored, the
// other refused or would have taken.
test.each([
  ['a drive, which the gateway took and ingest refused', 'C:/balances'],
  ['513 characters, which ingest took and the gateway refused', 'x'.repeat(513)],
  ['the folder itself, which ingest took and the gateway refused', '.'],
  ['a step that goes nowhere', './november'],
  ['a line break', 'november\n'],
  ['an empty step', 'a//b'],
  ['a way out', 'a/../b'],
  ['a backslash', 'a\\b'],
  ['the root', '/'],
  ['nothing', ''],
])('no source path: %s', (_what, text) => {
  expect(sourcePathParts(text)).toBeUndefined();
});

test('a witness key in upper case, which `solvent db` took and the services refused, is none', () => {
  const key = `k1:0x${'ab'.repeat(32)}`;
  expect(WITNESS_KEY.exec(key)?.slice(1)).toEqual(['k1', 'ab'.repeat(32)]);
  expect(WITNESS_KEY.test(key.toUpperCase().replace('0X', '0x'))).toBe(false);
});
