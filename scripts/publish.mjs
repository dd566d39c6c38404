// Publishes every @solvent-por/* workspace that is not private: `node scripts/publish.mjs vX.Y.Z`, in the
// release workflow. `--list` only says which.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './fresh.cjs';

const SCOPE = '@solvent-por/';
const list = process.argv.includes('--list');
const tag = process.argv.slice(2).find((argument) => !argument.startsWith('-'));

const packages = publishable();
if (list) for (const { name, version } of packages) console.log(`${name}@${version}`);
else publishAll();

/** Those whose folder npm's `workspaces` name, in that order: what others depend on stands first. */
function publishable() {
  const { workspaces = [] } = readJson('package.json');
  return workspaces
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => readJson(`${folder}/package.json`))
    .filter((manifest) => manifest.name.startsWith(SCOPE) && manifest.private !== true);
}

function publishAll() {
  if (packages.length === 0) fail(`there is no public ${SCOPE}* package in package.json's workspaces`);
  const others = packages.filter(({ version }) => `v${version}` !== tag);
  if (others.length > 0)
    fail(
      `the tag ${tag} is not the version of ${others.map(({ name, version }) => `${name} (${version})`).join(', ')}`,
    );
  for (const { name, version } of packages) {
    // A run that was cut off goes on: what is there already cannot be published again.
    if (npm('view', `${name}@${version}`, 'version').trim() === version) continue;
    const { status } = spawnSync(
      'npm',
      ['publish', '--workspace', name, '--provenance', '--access', 'public'],
      { cwd: root, stdio: 'inherit' },
    );
    if (status !== 0) fail(`${name} was not published`);
  }
}

function npm(...args) {
  return spawnSync('npm', args, { cwd: root, encoding: 'utf8' }).stdout ?? '';
}

function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

function fail(message) {
  console.error(`Nothing more is published: ${message}.`);
  process.exit(1);
}
