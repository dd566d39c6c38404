const { chmodSync, mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { endRun, endAbandonedRuns, RUN_PREFIX } = require('./run-directory.cjs');

/**
 * Gives this run of jest a folder that its workers share. The first test that needs a server starts it there,
 * the others find it; nothing is started when only unit tests run.
 */
module.exports = async () => {
  await endAbandonedRuns();
  const directory = mkdtempSync(join(tmpdir(), `${RUN_PREFIX}${process.pid}-`));
  // As root, servers run under accounts of their own, which pass through it.
  chmodSync(directory, 0o711);
  process.env.SOLVENT_TEST_RUN_DIRECTORY = directory;
  // jest calls the teardown also when tests fail, but not when a signal ends it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => endRun(directory).finally(() => process.exit(130)));
};
