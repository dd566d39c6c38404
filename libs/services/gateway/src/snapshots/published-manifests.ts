import { hexBytes, toHex } from '@solvent-por/kzg';
import {
  manifestDigest,
  parseManifest,
  verifyManifestTrust,
  type Manifest,
  type Verdict,
} from '@solvent-por/verifier';
import { LRUCache } from 'lru-cache';

/** A published manifest, read. */
export interface PublishedManifest {
  readonly manifest: Manifest;
  /** JCS form: what is signed over, published, and the first line of the global proof. */
  readonly document: string;
  /** 0x and 64 hex digits. */
  readonly digest: string;
  /** Whether it is signed, and by the operator that this server is configured for. */
  readonly trust: Verdict;
}

interface ManifestRow {
  readonly id: string;
  readonly manifest: Uint8Array | null;
  readonly manifestDigest: Uint8Array | null;
}

/** Published manifests never change: each is read once. */
export class PublishedManifests {
  readonly #read = new LRUCache<string, PublishedManifest>({ max: 64 });
  /** Digests by snapshot, of those published. */
  readonly #digests = new LRUCache<string, string>({ max: 64 });

  /**
   * @param find the row of a published snapshot; null for any other
   * @param operator the key that its manifests must be signed by: 0x and 64 hex digits; undefined where none is
   *   configured, which verdicts then say
   */
  constructor(
    private readonly find: (snapshotId: string) => Promise<ManifestRow | null>,
    private readonly operator?: string,
  ) {}

  /** The manifest of a published snapshot; undefined when there is none of this name. @throws as `of` */
  async ofSnapshot(snapshotId: string): Promise<PublishedManifest | undefined> {
    const digest = this.#digests.get(snapshotId);
    const known = digest === undefined ? undefined : this.#read.get(digest);
    if (known) return known;
    const row = await this.find(snapshotId);
    if (!row) return undefined;
    const published = this.of(row);
    this.#digests.set(snapshotId, published.digest);
    return published;
  }

  /**
   * @param snapshotId its name and digest say which one it is
   * @throws SolventError of kind malformed: what the database holds is damaged
   */
  of(row: ManifestRow): PublishedManifest {
    if (!row.manifest || !row.manifestDigest) throw new RangeError(`snapshot ${row.id} has no manifest`);
    const digest = toHex(row.manifestDigest);
    const known = this.#read.get(digest);
    if (known) return known;
    const manifest = parseManifest(new Uint8Array(row.manifest));
    if (toHex(manifestDigest(manifest)) !== digest)
      throw new RangeError(`the stored manifest of snapshot ${row.id} has another digest`);
    const document = Buffer.from(row.manifest).toString('utf8');
    const trust = verifyManifestTrust(
      manifest,
      this.operator ? { operator: hexBytes(this.operator, 32) } : {},
    );
    const published = { manifest, document, digest, trust };
    this.#read.set(digest, published);
    return published;
  }
}
