import type { Tier } from '@solvent-por/verifier';

interface Segment {
  readonly percent: number;
  /** Undefined in the last one. */
  readonly width: bigint | undefined;
  /** Which of the given tiers it ends with. */
  readonly last: number;
}

/** A tier of a coarser list: the percentage, and which of the given tiers has its limit. */
export interface CoarserTier {
  readonly percent: number;
  readonly last: number;
}

/**
 * A list of at most `count` tiers by which no amount counts for more than by the given one: whoever is
 * solvent by it is solvent by the true list too, so a snapshot proved with it proves more than is asked.
 *
 * Two neighbours become one with their average percentage, rounded down: the chord of a concave function,
 * below it. The unbounded last tier swallows the one before at its own percentage. Each time the pair is
 * merged by which the least is lost.
 *
 * @param tiers of a header
 */
export function coarserTiers(tiers: readonly Tier[], count: number): CoarserTier[] {
  let before = 0n;
  let segments = tiers.map(({ percent, upTo }, last): Segment => {
    const width = upTo === undefined ? undefined : BigInt(upTo) - before;
    if (upTo !== undefined) before = BigInt(upTo);
    return { percent, width, last };
  });
  while (segments.length > Math.max(1, count)) {
    const merges = segments.slice(1).map((segment, i) => merged(segments[i]!, segment));
    let best = 0;
    merges.forEach(({ loss }, i) => {
      if (loss < merges[best]!.loss) best = i;
    });
    segments = [...segments.slice(0, best), merges[best]!.segment, ...segments.slice(best + 2)];
  }
  return segments.map(({ percent, last }) => ({ percent, last }));
}

/**
 * Two neighbours as one, and the most by which any amount counts for less then, in hundredths of a smallest
 * unit.
 */
function merged(low: Segment, high: Segment): { readonly segment: Segment; readonly loss: bigint } {
  const below = low.width!;
  if (high.width === undefined) return { segment: high, loss: BigInt(low.percent - high.percent) * below };
  const width = below + high.width;
  const worth = BigInt(low.percent) * below + BigInt(high.percent) * high.width;
  const percent = worth / width;
  const [between, end] = [(BigInt(low.percent) - percent) * below, worth - percent * width];
  return {
    segment: { percent: Number(percent), width, last: high.last },
    loss: between > end ? between : end,
  };
}
