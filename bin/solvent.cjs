#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const main = join(__dirname, '..', 'dist', 'cli', 'main.cjs');
if (!existsSync(main)) {
  process.stderr.write('solvent is not built yet: run `npm run build` in the project folder.\n');
  process.exit(2);
}
require(main);
