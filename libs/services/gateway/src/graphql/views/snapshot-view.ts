import { toHex } from '@solvent-por/kzg';
import type { SealedBundleProgress, SnapshotRecord } from '@solvent-por/services/database';
import type { Header, Manifest } from '@solvent-por/verifier';
import { amountsOf } from '../../snapshots/amounts';
import type { PublishedManifest, PublishedManifests } from '../../snapshots/published-manifests';
import type { StoredManifest } from '@solvent-por/services/database';
import type { SealedBundleType } from '../types/bundle.types';
import type { ManifestType } from '../types/manifest.types';
import type { SnapshotOperationsType, SnapshotType } from '../types/snapshot.types';

/** What the API shows of a manifest, and the manifest. */
export interface ManifestView extends ManifestType {
  readonly of: Manifest;
}

/** Snapshots and manifests as the API shows them. */
export class SnapshotViews {
  /** @param publicUrl where clients reach this gateway, without a slash at its end; known once it listens */
  constructor(
    private readonly manifests: PublishedManifests,
    private readonly publicUrl: () => string,
  ) {}

  snapshot(row: SnapshotRecord): SnapshotView {
    return new SnapshotView(row, row.state === 'PUBLISHED' ? this.manifest(row) : null);
  }

  manifest(row: Omit<StoredManifest, 'publishedAt'>): ManifestView {
    return this.published(this.manifests.of(row));
  }

  published(published: PublishedManifest): ManifestView {
    return manifestView(published, this.manifestUrl(published.manifest.header.snapshot));
  }

  bundle({ snapshotId, ...progress }: SealedBundleProgress): SealedBundleType {
    return { ...progress, url: progress.state === 'SEALED' ? this.bundleUrl(snapshotId) : null };
  }

  /** Below which a snapshot's files are. */
  snapshotUrl(snapshotId: string): string {
    return `${this.publicUrl()}/snapshots/${snapshotId}`;
  }

  manifestUrl(snapshotId: string): string {
    return `${this.snapshotUrl(snapshotId)}/manifest.json`;
  }

  globalProofUrl(snapshotId: string): string {
    return `${this.snapshotUrl(snapshotId)}/global-proof.ndjson`;
  }

  bundleUrl(snapshotId: string): string {
    return `${this.snapshotUrl(snapshotId)}/sealed`;
  }

  /** Where what claims are proved and verified with is. @param digest of the verifying key */
  claimUrls(digest: string) {
    const folder = `${this.publicUrl()}/claims/${digest}`;
    return {
      verifyingKeyUrl: `${folder}/verifying-key.json`,
      provingKeyUrl: `${folder}/proving-key.zkey`,
      circuitUrl: `${folder}/circuit.wasm`,
    };
  }
}

/** Getters: what nobody asked for is not computed. */
export class SnapshotView implements SnapshotType {
  constructor(
    readonly row: SnapshotRecord,
    readonly manifest: ManifestType | null,
  ) {}

  get #header(): Header {
    return this.row.header as unknown as Header;
  }

  get id() {
    return this.row.id;
  }

  get state() {
    return this.row.state;
  }

  get takenAt() {
    return this.#header.takenAt;
  }

  get mode() {
    return this.#header.mode;
  }

  get unit() {
    return this.#header.unit ?? null;
  }

  get priceScale() {
    return this.#header.priceScale ?? null;
  }

  get assets() {
    return this.#header.assets.map(({ symbol, scale, price }) => ({ symbol, scale, price: price ?? null }));
  }

  get operator() {
    return this.#header.operator;
  }

  get batchCount() {
    return this.row.batchCount;
  }

  get publishedAt() {
    return this.row.publishedAt;
  }

  get totals() {
    return this.manifest?.totals ?? null;
  }

  get privateDataDropped() {
    return this.row.privateDataDroppedAt !== null;
  }
}

export function operationsView(row: SnapshotRecord): SnapshotOperationsType {
  return {
    attempt: row.attempt,
    source: row.source,
    sourceDigest: row.sourceDigest && toHex(row.sourceDigest),
    accounts: row.accounts,
    requestedBy: row.requestedBy,
    requestedAt: row.requestedAt,
    ingestingAt: row.ingestingAt,
    provingAt: row.provingAt,
    failedAt: row.failedAt,
  };
}

function manifestView({ manifest, document, digest }: PublishedManifest, url: string): ManifestView {
  const { header, batchCount, columns, root, totalsOpening, claimRoot, claimKeys, previous, signature } =
    manifest;
  return {
    of: manifest,
    snapshot: header.snapshot,
    takenAt: header.takenAt,
    operator: header.operator,
    batchCount,
    columns,
    root,
    get totals() {
      return amountsOf(header, manifest.totals);
    },
    totalsOpening,
    claimRoot,
    claimKeys,
    previous,
    signature,
    digest,
    document,
    url,
  };
}
