import type { InclusionDocument } from '../../lookup/document-cache';
import { amountsOf, type Amount } from '../../snapshots/amounts';
import type { PublishedManifest } from '../../snapshots/published-manifests';
import type { InclusionProofType } from '../types/inclusion.types';
import type { ManifestType } from '../types/manifest.types';

interface Parsed {
  readonly batch: number;
  readonly row: number;
  readonly id: string;
  readonly salt: string;
  readonly values: readonly string[];
  readonly accountPath: readonly string[];
  readonly sum: string;
  readonly openings: readonly string[];
  readonly path: ReadonlyArray<{ readonly hash: string; readonly sum: string }>;
}

/**
 * An inclusion document's members as typed fields. It is our own document; whoever asks for its text alone
 * does not wait for it to be parsed.
 */
export class InclusionView implements InclusionProofType {
  #parsed: Parsed | undefined;

  /**
   * @param published the manifest that it belongs to
   * @param manifest the same as the API shows it
   */
  constructor(
    private readonly kept: InclusionDocument,
    private readonly published: PublishedManifest,
    readonly manifest: ManifestType,
  ) {}

  get #members(): Parsed {
    return (this.#parsed ??= JSON.parse(this.kept.text) as Parsed);
  }

  get document(): string {
    return this.kept.text;
  }

  get documentDigest(): string {
    return this.kept.digest;
  }

  get snapshot(): string {
    return this.published.manifest.header.snapshot;
  }

  get takenAt(): string {
    return this.published.manifest.header.takenAt;
  }

  get batch(): number {
    return this.#members.batch;
  }

  get row(): number {
    return this.#members.row;
  }

  get accountId(): string {
    return this.#members.id;
  }

  get salt(): string {
    return this.#members.salt;
  }

  get values(): Amount[] {
    return amountsOf(this.published.manifest.header, this.#members.values);
  }

  get accountPath(): readonly string[] {
    return this.#members.accountPath;
  }

  get sum(): string {
    return this.#members.sum;
  }

  get openings(): readonly string[] {
    return this.#members.openings;
  }

  get path(): Parsed['path'] {
    return this.#members.path;
  }
}
