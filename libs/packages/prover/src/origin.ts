import type { Origin } from '@solvent-por/snapshot/files';
import { headerDigest, manifestDigest, type Header, type Manifest } from '@solvent-por/verifier';

/** What a file belongs to that is written before there is a manifest. */
export function headerOrigin(header: Header): Origin {
  return { snapshot: header.snapshot, takenAt: header.takenAt, digest: headerDigest(header) };
}

/** What a file of a finished snapshot belongs to: this run, not another one of the same header. */
export function manifestOrigin(manifest: Manifest): Origin {
  const { snapshot, takenAt } = manifest.header;
  return { snapshot, takenAt, digest: manifestDigest(manifest) };
}
