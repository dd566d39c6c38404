const { relative } = require('node:path');

const SHOWN = 10;

/** At the very end of a run of many files: which ten took longest, and how much was tested in all. */
module.exports = class SlowestFiles {
  constructor(globalConfig) {
    this.globalConfig = globalConfig;
  }

  onRunComplete(_contexts, results) {
    const files = results.testResults
      .filter(({ skipped }) => !skipped)
      .map(({ testFilePath, perfStats }) => ({ testFilePath, seconds: perfStats.runtime / 1000 }))
      .sort((a, b) => b.seconds - a.seconds);
    if (files.length <= SHOWN) return;
    const { rootDir, maxWorkers } = this.globalConfig;
    const lines = files
      .slice(0, SHOWN)
      .map(
        ({ testFilePath, seconds }) =>
          `${seconds.toFixed(1).padStart(7)} s  ${relative(rootDir, testFilePath)}`,
      );
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = results;
    const total = ((Date.now() - results.startTime) / 1000).toFixed(0);
    const text = [
      '',
      `The ${SHOWN} slowest of ${files.length} files:`,
      ...lines,
      `${passed} passed, ${failed} failed, ${skipped} skipped, in ${total} s with ${maxWorkers} worker(s)`,
      '',
    ].join('\n');
    // After jest's own summary, which is written when all reporters are done.
    process.once('exit', () => process.stderr.write(text));
  }
};
