import { SolventError } from '@solvent-por/kzg';
import { AuditTrail, type AuditEntry } from './audit-trail';

const ENTRY: AuditEntry = {
  actor: 'key',
  action: 'snapshot.request',
  target: 'october',
  details: { source: 'x' },
};

test('recorded before it is done, and again when refused', async () => {
  const rows: AuditEntry[] = [];
  const trail = new AuditTrail(async (entry) => rows.push(entry));
  expect(await trail.recorded(ENTRY, () => rows.length)).toBe(1);
  await expect(
    trail.recorded(ENTRY, () => {
      throw new SolventError('SNAPSHOT_EXISTS', 'usage', 'no');
    }),
  ).rejects.toThrow('no');
  await expect(trail.recorded(ENTRY, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(rows.map(({ action, details }) => [action, details['code']])).toEqual([
    ['snapshot.request', undefined],
    ['snapshot.request', undefined],
    ['snapshot.request.refused', 'SNAPSHOT_EXISTS'],
    ['snapshot.request', undefined],
    ['snapshot.request.refused', 'INTERNAL'],
  ]);
});

test('what was made is named once it is there', async () => {
  const rows: AuditEntry[] = [];
  const trail = new AuditTrail(async (entry) => rows.push(entry));
  await trail.recorded(
    ENTRY,
    async () => ({ id: '7' }),
    ({ id }) => id,
  );
  expect(rows.map(({ action, target }) => [action, target])).toEqual([
    ['snapshot.request', 'october'],
    ['snapshot.request.done', '7'],
  ]);
});

test('what cannot be recorded is not done', async () => {
  const trail = new AuditTrail(() => Promise.reject(new Error('no database')));
  const work = jest.fn();
  await expect(trail.recorded(ENTRY, work)).rejects.toThrow('no database');
  expect(work).not.toHaveBeenCalled();
});
