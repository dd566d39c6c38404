#!/usr/bin/env node
const { existsSync, writeSync } = require('node:fs');
const { join } = require('node:path');

// Whatever goes wrong before the program takes over: it did not end well, and 1 would mean that something is false.
process.exitCode = 2;
const main = join(__dirname, '..', 'dist', 'cli', 'main.cjs');
try {
  if (!existsSync(main)) throw new Error('it is not built yet');
  require(main);
} catch (error) {
  try {
    writeSync(
      2,
      `solvent cannot start (${error.message.split('\n', 1)[0]}): run \`npm run build\` in the project folder.\n`,
    );
  } catch {
    // Nobody reads.
  }
}
