import { SolventError } from '@solvent-por/kzg';
import { failureDocument, failureText } from './failure';

it('keeps code, kind and details of our own errors', () => {
  const error = new SolventError('ROW_ID_MALFORMED', 'invalid', 'a.json, row 3: …', {
    file: 'a.json',
    row: 3,
  });
  expect(failureDocument(error, 'check')).toEqual({
    ok: false,
    command: 'check',
    code: 'ROW_ID_MALFORMED',
    kind: 'invalid',
    message: 'a.json, row 3: …',
    details: { file: 'a.json', row: 3 },
  });
  expect(failureText(error, false)).toBe('a.json, row 3: … (ROW_ID_MALFORMED)');
});

it('names what the system said', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(failureDocument(error)).toMatchObject({ code: 'SYSTEM_ENOSPC', kind: 'internal' });
});

it('shows one line of a bug, and the stack only when asked', () => {
  const bug = new TypeError('x is undefined\nsecond line');
  expect(failureText(bug, false)).toBe('x is undefined (UNEXPECTED; SOLVENT_DEBUG=1 shows where)');
  expect(failureText(bug, true)).toContain('failure.test');
});
