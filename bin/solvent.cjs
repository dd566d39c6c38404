#!/usr/bin/env node
const { spawnSync } = require('node:child_process');
const { existsSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const project = join(__dirname, '..');
const main = join(project, 'dist', 'cli', 'main.cjs');

// Whatever goes wrong before the program takes over: it did not end well, and 1 would mean that something is
// false.
process.exitCode = 2;
try {
  setUp();
  if (!existsSync(main)) throw new Error('it is not built');
  require(main);
} catch (error) {
  say(
    `solvent cannot start (${error.message.split('\n', 1)[0]}): run \`node scripts/setup.mjs\` in the project folder.`,
  );
}

/**
 * In a checkout, what is not installed, not built or older than its sources is made first. It speaks on
 * stderr and reads nothing: stdin and stdout are the command's.
 */
function setUp() {
  const setup = join(project, 'scripts', 'setup.mjs');
  if (!existsSync(setup)) return;
  const { isBuilt, isInstalled } = require('../scripts/fresh.cjs');
  if (isInstalled() && isBuilt()) return;
  const { status, error } = spawnSync(process.execPath, [setup, '--if-stale'], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw error ?? new Error('setting up failed');
}

function say(line) {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody reads.
  }
}
