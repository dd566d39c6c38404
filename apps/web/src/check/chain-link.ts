import { toHex } from '@solvent-por/kzg';
import { manifestDigest, type Manifest } from '@solvent-por/verifier';

/** Manifests between two, both left out; undefined where one in between is not at hand. */
export interface Link {
  readonly newer: Manifest;
  readonly older: Manifest;
  readonly between: readonly Manifest[];
}

/** Longest way back that is followed. */
const MOST_LINKS = 4096;

/**
 * The way from one manifest back to another over those at hand. It says nothing about signatures: that is
 * `verifyManifestTrust`'s, with all that was found here.
 */
export function linkOf(a: Manifest, b: Manifest, atHand: readonly Manifest[]): Link | undefined {
  const [newer, older] = a.header.takenAt >= b.header.takenAt ? [a, b] : [b, a];
  const byDigest = new Map([...atHand, older].map((manifest) => [digestOf(manifest), manifest]));
  const target = digestOf(older);
  const between: Manifest[] = [];
  let current = newer;
  for (let i = 0; i < MOST_LINKS && current.previous !== null; i++) {
    if (current.previous === target) return { newer, older, between };
    const next = byDigest.get(current.previous);
    if (!next) return undefined;
    between.push(next);
    current = next;
  }
  return undefined;
}

export function digestOf(manifest: Manifest): string {
  return toHex(manifestDigest(manifest));
}
