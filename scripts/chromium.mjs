// Where Chromium is; on a Debian machine without one it is installed, when we may.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** @returns {string} its program. @throws Error that says how to install it */
export function chromium() {
  const named = process.env.SOLVENT_CHROMIUM;
  if (named) return named;
  const found = installed();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error('Installing Chromium (once) …');
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [
      ['update', '-q'],
      ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
    ])
      spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 2], env: environment });
    const now = installed();
    if (now) return now;
  }
  throw new Error(
    'no Chromium: install it (apt-get install chromium), or say where one is in SOLVENT_CHROMIUM',
  );
}

function installed() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) =>
    existsSync(file),
  );
}
