import type { Inclusion, Manifest } from '@solvent-por/verifier';

/** The documents of a check, byte for byte as they came. */
export interface Documents {
  readonly manifest: Uint8Array;
  readonly proof: Uint8Array;
}

/** The same, read. */
export interface ReadDocuments {
  readonly manifest: Manifest;
  readonly inclusion: Inclusion;
}
