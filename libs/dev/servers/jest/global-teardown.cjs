const { endRun } = require('./run-directory.cjs');

module.exports = async () => {
  const directory = process.env.SOLVENT_TEST_RUN_DIRECTORY;
  if (directory) await endRun(directory);
};
