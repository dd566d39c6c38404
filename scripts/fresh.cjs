// Whether what is installed and built is what the sources say; nothing but Node, and fast enough for each
// start of the CLI.
const { createHash } = require('node:crypto');
const { readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
/** Written by setup.mjs: which packages are installed. */
const INSTALLED = join(root, 'node_modules', '.solvent-installed');
/** Written by build.mjs when all is built: from what, and when that was begun. */
const BUILT = join(root, 'dist', 'built.json');

/** What INSTALLED must hold: the packages, and what native ones are compiled for. */
function wantedPackages() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
    .digest('hex');
}

function isInstalled() {
  try {
    return readFileSync(INSTALLED, 'utf8') === wantedPackages();
  } catch {
    return false;
  }
}

function isBuilt() {
  try {
    const { started, inputs } = JSON.parse(readFileSync(BUILT, 'utf8'));
    return inputs.every((input) => statSync(join(root, input)).mtimeMs < started);
  } catch {
    // Not built yet, or made from a file that is gone.
    return false;
  }
}

module.exports = { root, INSTALLED, BUILT, wantedPackages, isInstalled, isBuilt };
