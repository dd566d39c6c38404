// Publishes every @solvent-por/* workspace that is not private: `node scripts/publish.mjs vX.Y.Z`, in the
// release workflow. `--list` only says which.
import { spawnSync } from 'node:child_process';
import { root } from './fresh.cjs';
import { published, SCOPE } from './published.mjs';

const list = process.argv.includes('--list');
const tag = process.argv.slice(2).find((argument) => !argument.startsWith('-'));

const packages = published().map(({ manifest }) => manifest);
if (list) for (const { name, version } of packages) console.log(`${name}@${version}`);
else publishAll();

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

function fail(message) {
  console.error(`Nothing more is published: ${message}.`);
  process.exit(1);
}
