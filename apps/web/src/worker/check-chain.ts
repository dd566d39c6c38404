import { lossesBetween, verifyManifestTrust, type Manifest } from '@solvent-por/verifier';
import { snapshotReport } from '../check/check-account';
import { digestOf } from '../check/chain-link';
import { expectedKey, manifestOf } from './check-one';
import type { ChainLink, Tasks } from './protocol';

/** Each manifest by itself, and each against the one it names as previous. */
export function checkChain({ manifests, expected }: Tasks['chain']['give']): Tasks['chain']['get'] {
  const parsed = manifests.map((text) => manifestOf(text));
  const byDigest = new Map(
    parsed.filter((manifest) => manifest !== undefined).map((manifest) => [digestOf(manifest), manifest]),
  );
  return { links: parsed.map((manifest) => (manifest ? linkOf(manifest, byDigest, expected) : NONE)) };
}

const NONE: ChainLink = {
  ...{ snapshot: '', digest: '', state: 'false', why: 'MANIFEST_MALFORMED', losses: [] },
};

function linkOf(
  manifest: Manifest,
  byDigest: ReadonlyMap<string, Manifest>,
  expected: string | undefined,
): ChainLink {
  const { previous, header } = manifest;
  const before = previous === null ? undefined : byDigest.get(previous);
  const verdict = verifyManifestTrust(manifest, {
    ...expectedKey(expected),
    ...(before && { previous: [before] }),
    now: new Date(),
  });
  const base = {
    snapshot: header.snapshot,
    digest: digestOf(manifest),
    report: snapshotReport(manifest),
    losses: before ? lossesBetween(before, manifest).map(({ message }) => message) : [],
  };
  if (!verdict.valid) return { ...base, state: 'false', why: verdict.code };
  if (before) return { ...base, state: 'checked', why: 'follows' };
  return { ...base, state: 'open', why: previous === null ? 'first' : 'missing' };
}
