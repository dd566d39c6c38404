import { utf8 } from '@solvent/algebra';
import type { InclusionProof, NamedSnapshot } from '@solvent/client';
import { parseManifest } from '@solvent/proof/verify';
import { loadVectors } from '@solvent/testing';
import { demonstrationName, verifyOne } from './demonstration';

const among = (states: Readonly<Record<string, string>>) => ({
  snapshot: async (id: string) => (id in states ? ({ id, state: states[id] } as NamedSnapshot) : null),
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

test('what npm start shows is what was verified, not what the service says beside it', async () => {
  const { input } = loadVectors('inclusion').find(({ name }) => name === 'spot-with-key')!;
  const { document, key, manifest } = input as { document: string; key: string; manifest: string };
  const lie = [{ symbol: 'BTC', side: 'EQUITY', scale: 8, amount: '99', display: '999.00' }];
  const asked: string[] = [];
  const service = {
    inclusionProof: async (...given: [string, string, object?]) => {
      asked.push(given[0], given[1]);
      return { document, values: lie } as unknown as InclusionProof;
    },
    downloadManifest: async () => utf8(manifest),
  };
  const { operator } = parseManifest(utf8(manifest)).header;
  const { values, totals } = await verifyOne(service, { operator }, 'any', key);
  // The key is not sent: it opens every snapshot.
  expect(asked).toEqual(['any', (JSON.parse(document) as { id: string }).id]);
  expect([...values, ...totals].join()).not.toContain('999.00');
  const digits = (shown: readonly string[]) =>
    shown.map((text) => BigInt(text.split(' ')[0]!.replace('.', '')));
  const parsed = JSON.parse(document) as { values: string[] };
  expect(digits(values)).toEqual(parsed.values.map(BigInt));
  expect(digits(totals)).toEqual(parseManifest(utf8(manifest)).totals.map(BigInt));
});
