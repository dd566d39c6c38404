const { relative } = require('node:path');

/**
 * In CI a test that does not run is a failure: skipped, `todo`, or in a file where nothing ran. Where jest
 * was told to run only some (`-t`), it says nothing.
 */
module.exports = class NoSkippedTests {
  #names = [];

  constructor(globalConfig) {
    this.rootDir = globalConfig.rootDir;
    this.watches = process.env.CI === 'true' && !globalConfig.testNamePattern;
  }

  onTestResult(_test, { testFilePath, testResults, testExecError }) {
    if (testExecError) return;
    const file = relative(this.rootDir, testFilePath);
    for (const { status, fullName } of testResults)
      if (['pending', 'todo', 'disabled', 'skipped'].includes(status))
        this.#names.push(`${file}: ${fullName}`);
  }

  /** jest itself does not say why it failed for a reporter. */
  onRunComplete() {
    const error = this.getLastError();
    // After jest's own summary, which is written when all reporters are done.
    if (error) process.once('exit', () => process.stderr.write(`\n${error.message}\n`));
  }

  /** jest ends with a failure where a reporter has an error. */
  getLastError() {
    if (!this.watches || this.#names.length === 0) return undefined;
    return new Error(['Skipped, which in CI is a failure:', ...this.#names].join('\n  '));
  }
};
