// The published packages, as package.json's workspaces and their own `exports` name them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './fresh.cjs';

export const SCOPE = '@solvent-por/';

/**
 * In the order in which they rest on each other.
 * @returns {{ name: string, folder: string, manifest: any }[]} name without its scope
 */
export function published() {
  return readJson('package.json')
    .workspaces.map((folder) => ({ folder, manifest: readJson(`${folder}/package.json`) }))
    .filter(({ manifest }) => manifest.name.startsWith(SCOPE) && manifest.private !== true)
    .map(({ folder, manifest }) => ({ name: manifest.name.slice(SCOPE.length), folder, manifest }));
}

/** Those with an API: all but the CLI. */
export function libraries() {
  return published().filter(({ manifest }) => manifest.exports);
}

/**
 * What can be imported from a library: `.` is `src/index.ts`, `./x` is `x/src/index.ts`.
 * @returns {{ path: string, out: string, source: string }[]} out: the module of dist without its ending
 */
export function entries({ folder, manifest }) {
  return Object.entries(manifest.exports).flatMap(([path, to]) => {
    const [, out, room = ''] = /^\.\/dist\/((.+\/)?index)\.js$/.exec(to.default ?? '') ?? [];
    return out ? [{ path, out, source: `${folder}/${room}src/index.ts` }] : [];
  });
}

function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}
