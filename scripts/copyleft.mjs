// Which code under a copyleft licence what we ship can reach: none, but from the two parts of @solvent-por/claims
// that make claims and keys, which are loaded on demand. Verifying, and everything else, goes without.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const COPYLEFT = /\b(A|L)?GPL|SSPL|BUSL|UNLICENSED/i;
const ON_DEMAND = /^libs\/packages\/claims\/(prove|ceremony)\//;

/** What is built or published: programs, workers, the page, and every entry of every package. */
function entries() {
  const apps = ['cli', 'embedded', 'gateway', 'ingest', 'prover', 'provision', 'signer']
    .map((name) => `apps/${name}/src/main.ts`)
    .filter((file) => existsSync(join(root, file)));
  const packages = readdirSync(join(root, 'libs/packages')).flatMap((name) => {
    const folder = `libs/packages/${name}`;
    const inner = readdirSync(join(root, folder)).map((sub) => `${folder}/${sub}/src/index.ts`);
    return [`${folder}/src/index.ts`, ...inner].filter((file) => existsSync(join(root, file)));
  });
  return [
    ...apps,
    ...packages,
    'libs/packages/prover/src/worker.ts',
    'libs/services/ingest/src/worker.ts',
    'libs/services/prover/src/claims/worker.ts',
    'libs/packages/verifier/src/browser.ts',
    'apps/web/src/main.tsx',
    'apps/web/src/single-main.tsx',
    ...sources('apps/web/src/worker'),
  ];
}

function sources(folder) {
  return readdirSync(join(root, folder))
    .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file))
    .map((file) => `${folder}/${file}`);
}

/**
 * What of the graph may not be.
 * @param {Record<string, { license?: string }>} packages of the lock file, by path
 * @param {string[]} also more entries
 */
export async function copyleftFaults(packages, also = []) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...entries(), ...also],
    ...{ bundle: true, write: false, metafile: true, outdir: 'nowhere', logLevel: 'error' },
    ...{ platform: 'node', format: 'esm', tsconfig: 'tsconfig.base.json' },
    loader: { '.css': 'empty', '.svg': 'empty', '.woff2': 'empty', '.wasm': 'empty' },
    plugins: [{ name: 'packages outside', setup: packagesOutside }],
  });
  const faults = [];
  let reached = 0;
  for (const [file, { imports }] of Object.entries(metafile.inputs))
    for (const { path, kind, external } of imports) {
      const licence = external ? licenceOf(path, packages) : '';
      if (COPYLEFT.test(licence)) {
        reached++;
        if (!ON_DEMAND.test(file)) faults.push(`${file} imports ${path}: ${licence}`);
        else if (kind !== 'dynamic-import') faults.push(`${file} does not load ${path} on demand`);
      }
      // A package's own entry is what others load on demand.
      if (ON_DEMAND.test(path) && !ON_DEMAND.test(file) && kind !== 'dynamic-import')
        faults.push(`${file} does not load ${path} on demand`);
    }
  if (reached === 0) faults.push('nothing under a copyleft licence was found, not even where it may be');
  return faults;
}

/** @param {import('esbuild').PluginBuild} build */
function packagesOutside({ onResolve }) {
  onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
    kind === 'entry-point' || path.startsWith('@solvent-por/') ? undefined : { path, external: true },
  );
  // What vite makes of a path is no source of ours.
  onResolve({ filter: /\?|\/generated\// }, ({ path }) => ({ path, external: true }));
}

function licenceOf(path, packages) {
  if (isBuiltin(path)) return '';
  const parts = path.split('/');
  const name = parts.slice(0, path.startsWith('@') ? 2 : 1).join('/');
  const entry = packages[`node_modules/${name}`];
  if (!entry) return '';
  if (entry.license) return entry.license;
  const file = join(root, 'node_modules', name, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).license ?? '') : '';
}
