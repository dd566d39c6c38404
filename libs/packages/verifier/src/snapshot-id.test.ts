import { isSnapshotId } from './snapshot-id';

test.each(['0', 'nov-2025', '-', 'x'.repeat(64)])('%s names a snapshot', (text) => {
  expect(isSnapshotId(text)).toBe(true);
});

test.each(['', 'x'.repeat(65), 'Nov', 'a/b', 'a.b', 'a\0', 'a\n', 'ä'])('%j names none', (text) => {
  expect(isSnapshotId(text)).toBe(false);
});
