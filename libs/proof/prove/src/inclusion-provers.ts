import { createKernels, ROWS, type FieldKernels } from '@solvent/algebra';
import { layoutOf, type Header } from '@solvent/proof/verify';
import type { InclusionProver } from './inclusion-prover';

/** Kernels' memory that the columns of kept batches may take. */
const BUDGET_BYTES = 96 * 1024 * 1024;
const MOST_BATCHES = 8;
/** Columns an InclusionProver needs beside the sums: tags, an input, and what opening a row takes. */
const OTHER_COLUMNS = 5;

interface Kept {
  readonly key: string;
  readonly prover: InclusionProver;
  readonly kernels: FieldKernels;
}

/**
 * The batches opened last, with their columns in place: filling them costs about a third of opening a row. The memory of kernels is a stack, and
 * never shrinks: each kept batch has an instance of its own, which the next one inherits.
 */
export class InclusionProvers {
  readonly #kept: Kept[] = [];

  /** @param key names manifest and batch @param make fills the columns, when they are not kept */
  get(key: string, header: Header, make: (kernels: FieldKernels) => InclusionProver): InclusionProver {
    const place = this.#kept.findIndex((one) => one.key === key);
    const kept = place < 0 ? this.#fill(key, header, make) : this.#kept.splice(place, 1)[0]!;
    this.#kept.unshift(kept);
    return kept.prover;
  }

  #fill(key: string, header: Header, make: (kernels: FieldKernels) => InclusionProver): Kept {
    const columns = layoutOf(header).published.length + OTHER_COLUMNS;
    const most = Math.min(MOST_BATCHES, Math.max(1, Math.floor(BUDGET_BYTES / (32 * ROWS * columns))));
    this.#kept.length = Math.min(this.#kept.length, most);
    const oldest = this.#kept.length === most ? this.#kept.pop() : undefined;
    oldest?.prover.release();
    const kernels = oldest?.kernels ?? createKernels();
    return { key, prover: make(kernels), kernels };
  }
}
