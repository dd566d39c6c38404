import { createKernels, encodePoints, type FieldKernels, type KzgCommitter } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { provedSums } from '@solvent-por/prover';
import {
  headerDigest,
  layoutOf,
  type AccountBatch,
  type BatchProof,
  type Header,
  type LineContext,
  type SummedProof,
} from '@solvent-por/verifier';
import { testAccounts, toBatches } from '../snapshots';
import { testCommitter } from '../test-committer';
import { CheatingProver, type Cheat } from './cheating-prover';
import { failingClaims } from './claims';

/** A proof by a cheat, and what is wrong with it. */
export interface Forgery {
  readonly proof: BatchProof;
  readonly context: LineContext;
  /** False claims of the proof; see failingClaims. */
  readonly failing: readonly string[];
  /** What it breaks of F, row by row. */
  readonly violations: readonly string[];
  /** True values of what it opens at ζ and at ωζ. */
  readonly opened: readonly bigint[];
}

/** What lines are summed with where no snapshot draws it. */
export const TEST_GAMMA = 0x1234567890abcdefn ** 3n;

/** Accounts in each batch that the forger proves. */
export const HONEST_ACCOUNTS = 3;
/** An account row that no account of theirs uses. */
export const EMPTY_ROW = 7;

/** Makes forgeries; one for a test file, because kernels and set-up are dear. */
export class Forger {
  private constructor(
    readonly kernels: FieldKernels,
    readonly committer: KzgCommitter,
  ) {}

  static async open(): Promise<Forger> {
    return new Forger(createKernels(), await testCommitter());
  }

  /** Proves k batches of three honest accounts each, and a lie. */
  forge(header: Header, cheat: Cheat, k = 1): Forgery {
    return this.forgeBatches(
      header,
      toBatches(testAccounts(header, k * HONEST_ACCOUNTS), HONEST_ACCOUNTS),
      cheat,
    );
  }

  forgeBatches(header: Header, batches: readonly AccountBatch[], cheat: Cheat, first = 0): Forgery {
    const prover = new CheatingProver(header, this.kernels, this.committer, cheat);
    const { proof } = prover.prove(first, batches);
    const context = contextOf(header);
    const { violations, opened } = prover;
    return { proof, context, failing: failingClaims(proof, context), violations, opened };
  }

  /** Only the proof, unexamined. */
  prove(header: Header, cheat: Cheat, k = 1): BatchProof {
    const prover = new CheatingProver(header, this.kernels, this.committer, cheat);
    prover.examines = false;
    return prover.prove(0, toBatches(testAccounts(header, k * HONEST_ACCOUNTS), HONEST_ACCOUNTS)).proof;
  }
}

/** What a verifier knows of a header, with native points and a γ for the sums of lines. */
export function contextOf(header: Header): LineContext {
  return {
    layout: layoutOf(header),
    headerDigest: headerDigest(header),
    kzg: nativeVerifier(),
    gamma: TEST_GAMMA,
  };
}

/** A proof with the sums that its commitments have under the context's γ. */
export function summed(proof: BatchProof, { layout, gamma, kzg }: LineContext): SummedProof {
  return { ...proof, sums: encodePoints(provedSums(proof, layout, gamma, kzg)) };
}
