import { SolventError } from '@solvent-por/kzg';
import { exitCodeOf, exitCodeOfFiles } from './exit-code';

it('is decided by the kind of an error', () => {
  const code = (kind: ConstructorParameters<typeof SolventError>[1]) =>
    exitCodeOf(new SolventError('X', kind, ''));
  expect([code('invalid'), code('malformed'), code('usage'), code('internal')]).toEqual([1, 2, 2, 2]);
  expect(exitCodeOf(new Error('unknown'))).toBe(2);
  expect(exitCodeOf('not even an error')).toBe(2);
});

it('tells Ctrl-C from SIGTERM and a closed terminal', () => {
  const stopped = new SolventError('INTERRUPTED', 'usage', '');
  expect(exitCodeOf(stopped, 'SIGINT')).toBe(130);
  expect(exitCodeOf(stopped, 'SIGTERM')).toBe(143);
  expect(exitCodeOf(stopped, 'SIGHUP')).toBe(129);
});

it('is 1 for files only where one is false, and 2 for a mixture of good and unreadable ones', () => {
  expect(exitCodeOfFiles(['valid', 'valid'])).toBe(0);
  expect(exitCodeOfFiles(['valid', 'invalid'])).toBe(1);
  expect(exitCodeOfFiles(['valid', 'malformed'])).toBe(2);
  expect(exitCodeOfFiles(['invalid', 'malformed'])).toBe(1);
  expect(exitCodeOfFiles(['malformed', 'malformed'])).toBe(2);
  expect(exitCodeOfFiles([])).not.toBe(0);
});

it("takes somebody else's file beside mine for neither good nor bad", () => {
  expect(exitCodeOfFiles(['foreign', 'valid'])).toBe(0);
  expect(exitCodeOfFiles(['foreign', 'valid', 'malformed'])).toBe(2);
  expect(exitCodeOfFiles(['foreign', 'valid', 'invalid'])).toBe(1);
  // Mine may be the one that cannot be read.
  expect(exitCodeOfFiles(['foreign', 'malformed'])).toBe(2);
  // What was asked for is not there.
  expect(exitCodeOfFiles(['foreign', 'foreign'])).toBe(1);
});
