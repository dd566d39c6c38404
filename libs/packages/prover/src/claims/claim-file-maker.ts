import { checkClaimFile, SHORT_BYTES, type ClaimFile } from '@solvent-por/claims';
import type { ClaimBatchTree, ClaimRoots } from '@solvent-por/claims/tree';
import { SolventError } from '@solvent-por/kzg';
import { HASH_BYTES, ID_BYTES, layoutOf, manifestDigest, type Manifest } from '@solvent-por/verifier';
import { publishedValues } from '../witness';
import type { StoredBatch } from '../witness-file';
import { claimMarksMissing, claimTreeOf, selfCheck, type BatchClaims } from './batch-claims';
import { refuseWithoutClaims } from './claim-roots-file';

/** Makes the claim files of one batch's accounts (section 13); keeps its claim tree. */
export class ClaimFileMaker {
  readonly #claims: BatchClaims;
  readonly #tree: ClaimBatchTree;
  readonly #layout;
  readonly #digest: Uint8Array;
  readonly #above: readonly bigint[];
  #checked = false;

  /**
   * @param roots of the manifest's snapshot
   * @throws SolventError CLAIMS_NOT_OFFERED (usage), CLAIM_SELF_CHECK (internal)
   */
  constructor(
    private readonly manifest: Manifest,
    private readonly stored: StoredBatch,
    roots: ClaimRoots,
  ) {
    refuseWithoutClaims(manifest);
    if (!stored.claims) throw selfCheck();
    this.#claims = stored.claims;
    this.#tree = claimTreeOf(stored.claims);
    this.#layout = layoutOf(manifest.header);
    this.#digest = manifestDigest(manifest);
    this.#above = roots.path(stored.batch);
  }

  /**
   * What the owner of the account in a row makes claims with. The first of a batch is checked as its owner
   * will check it.
   * @throws SolventError ROW_EMPTY | CLAIM_SELF_CHECK (internal)
   */
  make(row: number): ClaimFile {
    const { batch, accounts } = this.stored;
    if (!(row >= 0 && row < accounts.count)) throw rowEmpty(row, batch);
    const file = {
      manifest: this.#digest,
      batch,
      row,
      id: accounts.ids.slice(ID_BYTES * row, ID_BYTES * (row + 1)),
      claimKey: this.#claims.keys.slice(SHORT_BYTES * row, SHORT_BYTES * (row + 1)),
      values: publishedValues(this.#layout, accounts, row),
      path: [...this.#tree.path(row), ...this.#above],
    };
    if (!this.#checked) this.#check(file);
    return file;
  }

  /**
   * `claimMark` of the access that the account in a row hands out its claim file for.
   * @returns 32 bytes
   * @throws SolventError ROW_EMPTY (internal), CLAIM_MARKS_MISSING (invalid)
   */
  mark(row: number): Uint8Array {
    const { batch, accounts } = this.stored;
    if (!(row >= 0 && row < accounts.count)) throw rowEmpty(row, batch);
    const { marks } = this.#claims;
    if (!marks) throw claimMarksMissing(batch);
    return marks.slice(HASH_BYTES * row, HASH_BYTES * (row + 1));
  }

  #check(file: ClaimFile): void {
    try {
      checkClaimFile(file, this.manifest);
    } catch (error) {
      throw error instanceof SolventError ? selfCheck() : error;
    }
    this.#checked = true;
  }
}

function rowEmpty(row: number, batch: number): SolventError<'ROW_EMPTY'> {
  return new SolventError('ROW_EMPTY', 'internal', `row ${row} of batch ${batch} holds no account`);
}
