/** Trees and accounts of kept batches may take so many bytes. */
const BUDGET_BYTES = 96 * 1024 * 1024;
/** A binary tree over 4,096 rows. */
const TREE_BYTES = 2 * 32 * 4096;

interface Kept<Prover> {
  readonly key: string;
  readonly prover: Prover;
  readonly bytes: number;
}

/** The batches opened last, with their trees: hashing one takes longer than opening a row. */
export class KeptProvers<Prover> {
  readonly #kept: Kept<Prover>[] = [];

  /**
   * @param key names manifest and batch
   * @param witness bytes of the stored batch
   * @param make called when it is not kept
   */
  get(key: string, witness: number, make: () => Prover): Prover {
    const kept = this.find(key);
    if (kept) return kept;
    const prover = make();
    this.#kept.unshift({ key, prover, bytes: witness + TREE_BYTES });
    let bytes = this.#kept.reduce((sum, one) => sum + one.bytes, 0);
    while (this.#kept.length > 1 && bytes > BUDGET_BYTES) bytes -= this.#kept.pop()!.bytes;
    return prover;
  }

  /** The kept one, which is then the one opened last. */
  find(key: string): Prover | undefined {
    const place = this.#kept.findIndex((one) => one.key === key);
    if (place < 0) return undefined;
    const [kept] = this.#kept.splice(place, 1);
    this.#kept.unshift(kept!);
    return kept!.prover;
  }
}
