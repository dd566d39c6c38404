import type { ClaimRoots } from '@solvent-por/claims/tree';
import type { Manifest } from '@solvent-por/verifier';
import { KeptProvers } from '../kept-provers';
import type { StoredBatch } from '../witness-file';
import { ClaimFileMaker } from './claim-file-maker';
import { publishedClaimTree } from './claim-roots-file';

/** What a claim file of a batch is made from. */
export interface ClaimPlace {
  readonly manifest: Manifest;
  readonly batch: number;
  /** As `encodeStoredBatch` gave it. */
  readonly witness: Uint8Array;
  /** Roots of all batches' claim trees, in order, 32 bytes each. */
  readonly roots: Uint8Array;
}

/** The batches asked for last, with their claim trees: hashing one takes a hundred times a file's time. */
export class ClaimFileMakers {
  readonly #batches = new KeptProvers<ClaimFileMaker>();
  /** Upper levels of the snapshot asked for last, which nearly all look-ups are of. */
  #above: { readonly signature: string; readonly roots: ClaimRoots } | undefined;

  /**
   * @param decode called when the batch is not kept
   * @throws SolventError as ClaimFileMaker and publishedClaimTree
   */
  get({ manifest, batch, witness, roots }: ClaimPlace, decode: () => StoredBatch): ClaimFileMaker {
    const make = () => new ClaimFileMaker(manifest, decode(), this.#rootsOf(manifest, roots));
    return this.#batches.get(keyOf(manifest.signature, batch), witness.length, make);
  }

  /** @param signature the manifest's: it names the whole of it */
  find(signature: string, batch: number): ClaimFileMaker | undefined {
    return this.#batches.find(keyOf(signature, batch));
  }

  #rootsOf(manifest: Manifest, packed: Uint8Array): ClaimRoots {
    const { signature } = manifest;
    if (this.#above?.signature !== signature)
      this.#above = { signature, roots: publishedClaimTree(manifest, packed) };
    return this.#above.roots;
  }
}

function keyOf(signature: string, batch: number): string {
  return `${signature}/${batch}`;
}
