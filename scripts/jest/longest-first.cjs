const { default: Sequencer } = require('@jest/test-sequencer');

/** Milliseconds that a file of a kind may take where nobody has measured it yet. */
/** @type {[RegExp, number][]} */
const GUESSES = [
  [/\.(e2e|faults|guides)\.test\.ts$/, 600_000],
  [/\.integration\.test\.ts$/, 30_000],
];

/** What Sequencer keeps for its heirs, though its types call it private. */
function lastRun(sequencer) {
  const own = /** @type {any} */ (sequencer);
  return { hasFailed: (test) => own.hasFailed(test), time: (test) => own.time(test) };
}

/**
 * The longest files start first, so that no core waits at the end for one that was begun late. As long as
 * they took in the last run on this machine; where there was none, as in CI, whole processes before databases
 * and brokers before the rest, and of these the largest. Failed ones come before all.
 */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const { hasFailed } = lastRun(this);
    const ranked = tests.map((test) => ({ test, failed: hasFailed(test), length: this.#length(test) }));
    ranked.sort((a, b) => Number(b.failed) - Number(a.failed) || b.length - a.length);
    for (const { test } of ranked) test.duration = lastRun(this).time(test);
    return ranked.map(({ test }) => test);
  }

  #length(test) {
    const guess = GUESSES.find(([pattern]) => pattern.test(test.path));
    // A file of 10 KB takes about 10 seconds.
    return lastRun(this).time(test) ?? guess?.[1] ?? test.context.hasteFS.getSize(test.path) ?? 0;
  }
};
