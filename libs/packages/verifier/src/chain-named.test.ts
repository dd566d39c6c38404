import { utf8 } from '@solvent-por/kzg';
import { loadVectors } from '@solvent-por/dev/proofs';
import { verifyManifestTrust } from './chain';
import { parseManifest } from './manifest';

/**
 * Where an earlier manifest does not fit, both are named: whoever gave it must know which file to look at.
 */
test.each(['chain-restarted', 'chain-with-a-gap'])('%s names both snapshots and dates', (name) => {
  const vector = loadVectors('manifest').find((one) => one.name === name)!;
  const input = vector.input as { readonly document: string; readonly previous: readonly string[] };
  const manifest = parseManifest(utf8(input.document));
  const previous = input.previous.map((text) => parseManifest(utf8(text)));
  const verdict = verifyManifestTrust(manifest, { previous });
  if (verdict.valid) throw new Error('it was accepted');
  const [latest] = previous.map(({ header }) => header).sort((a, b) => (a.takenAt < b.takenAt ? 1 : -1));
  for (const { snapshot, takenAt } of [manifest.header, latest!])
    expect(verdict.reason).toContain(`${snapshot} (${takenAt})`);
});
