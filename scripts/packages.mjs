// Builds the published packages: ES modules and declarations into `<package>/dist`, the CLI with its workers
// into apps/cli/dist.
// `node scripts/packages.mjs` all of them, `node scripts/packages.mjs verifier …` some (those they rest on
// must be built before).
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { entries, libraries } from './published.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

/** CommonJS globals that sources for Node use, in a module. */
const NODE_GLOBALS = `import { createRequire as __createRequire } from 'node:module';
import { dirname as __directoryOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url), __filename = __pathOf(import.meta.url), __dirname = __directoryOf(__filename);`;

const wanted = process.argv.slice(2);
const names = libraries().map(({ name }) => name);
for (const name of wanted)
  if (name !== 'cli' && !names.includes(name)) {
    console.error(`there is no package ${name}: ${names.join(', ')}, cli`);
    process.exit(2);
  }
for (const one of libraries()) if (wanted.length === 0 || wanted.includes(one.name)) await library(one);
if (wanted.length === 0 || wanted.includes('cli')) cli();

async function library({ name, folder, manifest }) {
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const sources = entries({ folder, manifest }).map(({ out, source }) => ({ out, in: source }));
  const forNode = sources.filter(({ in: file }) => needsNode(file));
  await modules(
    sources.filter((entry) => !forNode.includes(entry)),
    dist,
  );
  await modules(forNode, dist, { platform: 'node', banner: { js: NODE_GLOBALS } });
  declarations(name, folder);
  if (name === 'verifier') cpSync('dist/browser/verify.js', join(dist, 'browser.js'));
  if (name === 'prover') workersInto(dist);
  cpSync('LICENSE', join(folder, 'LICENSE'));
  console.log(`${folder}/dist`);
}

/** Sub-entries and the prover are for Node alone; the others run in a browser too. */
function needsNode(file) {
  return !/^libs\/packages\/((kzg|verifier|reserves|nodes|snapshot|client)\/src|claims\/(src|tree|prove))\//.test(
    file,
  );
}

/** Packages stay outside, our own too: an importer has each of them once. */
async function modules(entryPoints, outdir, options = {}) {
  if (entryPoints.length === 0) return;
  await build({
    ...{ entryPoints, outdir, bundle: true, format: 'esm', target: 'es2022', sourcemap: false },
    ...{ platform: 'neutral', packages: 'external', external: ['@solvent-por/*'] },
    ...{ tsconfig: 'tsconfig.base.json', logLevel: 'warning' },
    ...options,
  });
}

/**
 * Workers are bundles of their own, which hold what they need but the native libraries (scripts/build.mjs).
 */
function workersInto(dist) {
  mkdirSync(dist, { recursive: true });
  for (const file of readdirSync('dist/cli'))
    if (/worker\.cjs$/.test(file)) cpSync(join('dist/cli', file), join(dist, file));
}

function declarations(name, folder) {
  const configuration = join(folder, 'tsconfig.build.json');
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', configuration], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`the declarations of ${name} cannot be made`);
  const types = join(folder, 'dist/types');
  for (const file of readdirSync(types, { recursive: true }).map((file) => join(types, file)))
    if (file.endsWith('.d.ts'))
      writeFileSync(file, withExtensions(readFileSync(file, 'utf8'), dirname(file)));
}

/** `./x` → `./x.js`: what Node's own resolution, and so TypeScript's of it, asks for. */
function withExtensions(text, folder) {
  return text.replace(/(from |import\()(['"])(\.\.?\/[^'"]+)\2/g, (whole, before, quote, path) => {
    if (path.endsWith('.js')) return whole;
    const file = existsSync(join(folder, `${path}.d.ts`)) ? `${path}.js` : `${path}/index.js`;
    return `${before}${quote}${file}${quote}`;
  });
}

/** The CLI holds our packages; what needs PostgreSQL is not in it (apps/cli/src/database). */
function cli() {
  const dist = 'apps/cli/dist';
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  for (const file of readdirSync('dist/cli'))
    if (file.endsWith('.cjs')) cpSync(join('dist/cli', file), join(dist, file));
  writeFileSync(
    join(dist, 'solvent.cjs'),
    "#!/usr/bin/env node\n// Whatever goes wrong before the program takes over: 1 would mean that something is false.\nprocess.exitCode = 2;\nrequire('./main.cjs');\n",
  );
  cpSync('LICENSE', 'apps/cli/LICENSE');
  console.log(dist);
}
