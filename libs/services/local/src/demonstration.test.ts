import type { Snapshot } from '@solvent/client';
import { demonstrationName } from './demonstration';

const among = (states: Readonly<Record<string, string>>) => ({
  snapshot: async (id: string) => (id in states ? ({ id, state: states[id] } as Snapshot) : null),
});

test.each<[string, Readonly<Record<string, string>>, string, string | undefined]>([
  ['none was shown', {}, 'demo-100', undefined],
  ['it was published', { 'demo-100': 'PUBLISHED' }, 'demo-100', 'PUBLISHED'],
  ['it goes on', { 'demo-100': 'PROVING', 'demo-50': 'FAILED' }, 'demo-100', 'PROVING'],
  ['it failed', { 'demo-100': 'FAILED' }, 'demo-100-2', undefined],
  ['it failed twice, then was published', { 'demo-100': 'FAILED', 'demo-100-2': 'FAILED', 'demo-100-3': 'PUBLISHED' }, 'demo-100-3', 'PUBLISHED'],
])('the name of the demonstration where %s', async (_what, states, name, state) => {
  const { snapshotId, before } = await demonstrationName(among(states), 100);
  expect([snapshotId, before?.state]).toEqual([name, state]);
}); // prettier-ignore
