const { default: Sequencer } = require('@jest/test-sequencer');

/** Milliseconds that a file of a kind may take where nobody has measured it yet. */
const GUESSES = [
  [/\.e2e\.test\.ts$/, 600_000],
  [/\.integration\.test\.ts$/, 30_000],
];

/**
 * The longest files start first, so that no core waits at the end for one that was begun late. As long as they took in the last run on this machine; where
 * there was none, as in CI, whole processes before databases and brokers before the rest, and of these the largest. Failed ones come before all.
 */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const ranked = tests.map((test) => ({ test, failed: this.hasFailed(test), length: this.#length(test) }));
    ranked.sort((a, b) => Number(b.failed) - Number(a.failed) || b.length - a.length);
    for (const { test } of ranked) test.duration = this.time(test);
    return ranked.map(({ test }) => test);
  }

  #length(test) {
    const guess = GUESSES.find(([pattern]) => pattern.test(test.path));
    // A file of 10 KB takes about 10 seconds.
    return this.time(test) ?? guess?.[1] ?? test.context.hasteFS.getSize(test.path) ?? 0;
  }
};
