import { helperCount, type Layout } from '@solvent-por/verifier';

/** An exponent of y; undefined where a flawed verifier leaves the term out. */
export type Exponent = number | undefined;

/**
 * Which power of y each term of F has (section 7, round 3). Those of the specification are all distinct; a
 * verifier that lets two share one, or forgets a term, is simulated by other ones.
 */
export interface Powers {
  /** Of each group's term. */
  readonly groups: readonly Exponent[];
  readonly table: Exponent;
  /** Of p·(W(X) + W(ωX)). */
  readonly pairs: Exponent;
  /** Inside of W: of each paired base value. */
  readonly values: readonly Exponent[];
  /** Inside of W: of U. */
  readonly lookupSum: Exponent;
}

/** The powers of section 7 for a proof of k batches. */
export function specifiedPowers(layout: Layout, k: number): Powers {
  const groups = helperCount(layout, k);
  const values = k * layout.paired.length;
  return {
    groups: Array.from({ length: groups }, (_, G) => G),
    table: groups,
    pairs: groups + 1,
    values: Array.from({ length: values }, (_, v) => v),
    lookupSum: values,
  };
}
