import type { Header } from '@solvent/proof/verify';
import type { InclusionDocument } from '../../lookup/document-cache';
import { amountsOf, type Amount } from '../../snapshots/amounts';
import type { InclusionProofType } from '../types/inclusion.types';

interface Parsed {
  readonly header: Header;
  readonly batchCount: number;
  readonly batch: number;
  readonly row: number;
  readonly id: string;
  readonly salt: string;
  readonly values: readonly string[];
  readonly commitments: { readonly tag: string; readonly sums: readonly string[] };
  readonly opening: string;
  readonly path: ReadonlyArray<{ readonly hash: string; readonly sums: readonly string[] }>;
  readonly totals: readonly string[];
  readonly totalsOpening: string;
  readonly manifest: string;
}

/** An inclusion document's members as typed fields. It is our own document; whoever asks for its text alone does not wait for it to be parsed. */
export class InclusionView implements InclusionProofType {
  #parsed: Parsed | undefined;

  constructor(private readonly kept: InclusionDocument) {}

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
    return this.#members.header.snapshot;
  }

  get takenAt(): string {
    return this.#members.header.takenAt;
  }

  get operator(): string {
    return this.#members.header.operator;
  }

  get batchCount(): number {
    return this.#members.batchCount;
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
    return amountsOf(this.#members.header, this.#members.values);
  }

  get commitments(): Parsed['commitments'] {
    return this.#members.commitments;
  }

  get opening(): string {
    return this.#members.opening;
  }

  get path(): Parsed['path'] {
    return this.#members.path;
  }

  get totals(): Amount[] {
    return amountsOf(this.#members.header, this.#members.totals);
  }

  get totalsOpening(): string {
    return this.#members.totalsOpening;
  }

  get manifestDigest(): string {
    return this.#members.manifest;
  }
}
