// Builds the page (apps/web) into dist/web: the same bytes from the same sources, wherever it is built, and
// their digest. `node scripts/web.mjs`, or `buildWeb` from scripts/build.mjs.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildElement } from './web-element.mjs';
import { buildSingle } from './web-single.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const FONT = 'node_modules/@fontsource-variable/source-sans-3';
/** An exchange's own, or said of the others: no part of the digest. */
const OUTSIDE_DIGEST = ['solvent-page.json', 'build.json'];
/** Packages that are built in: their licences go along. */
const BUILT_IN = [
  ...['react', 'react-dom', 'scheduler', 'preact', 'canonicalize', 'graphql-ws'],
  ...[
    '@noble/curves',
    '@noble/hashes',
    '@noble/ciphers',
    '@scure/base',
    '@fontsource-variable/source-sans-3',
  ],
];

/** Of these the file is made that makes private claims; its name begins with gpl-. */
const CLAIM_TOOLS = [
  ...['snarkjs', 'ffjavascript', 'wasmcurves', 'wasmbuilder', 'fastfile', '@iden3/binfileutils', 'r1csfile'],
  ...['circom_runtime', 'web-worker'],
];
const RULE = `\n${'-'.repeat(72)}\n\n`;

/**
 * What a page may do, as a header or in its own head: nothing but itself and its source of proofs.
 * @param {string[]} sources addresses besides its own that it may ask
 */
export function contentPolicy(sources = []) {
  return [
    "default-src 'none'",
    // WebAssembly, which makes private claims, and no other code than the page's own files.
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    ["connect-src 'self'", ...sources].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types solvent',
  ].join('; ');
}

/** The element's script is for other sites to load. */
const ELEMENT = 'solvent-check.js';
const FILE_HEADERS = { [ELEMENT]: { 'cross-origin-resource-policy': 'cross-origin' } };

/**
 * What a server should send with every file of the page.
 * @param {string[]} sources
 * @param {string[]} framedBy origins that may show the page in a frame
 */
function headersOf(sources, framedBy) {
  const ancestors = framedBy.length === 0 ? "'none'" : framedBy.join(' ');
  return {
    'content-security-policy': `${contentPolicy(sources)}; frame-ancestors ${ancestors}`,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  };
}

/**
 * @param {{ output?: string, sources?: string[], framedBy?: string[] }} options
 * @returns {Promise<string>} the digest of what was built
 */
export async function buildWeb({ output = 'dist/web', sources = [], framedBy = [] } = {}) {
  const target = resolve(root, output);
  rmSync(target, { recursive: true, force: true });
  // The font is its package's, under the name that the page's style has.
  const generated = join(root, 'apps/web/src/style/generated');
  mkdirSync(generated, { recursive: true });
  cpSync(
    join(root, FONT, 'files/source-sans-3-latin-wght-normal.woff2'),
    join(generated, 'source-sans-3-latin.woff2'),
  );
  // Whoever starts this: another value would be another page.
  process.env.NODE_ENV = 'production';
  await build({
    configFile: false,
    root: join(root, 'apps/web'),
    base: './',
    logLevel: 'warn',
    resolve: { alias: aliases() },
    build: {
      outDir: target,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: { checks: { pluginTimings: false } },
    },
    worker: {
      format: 'es',
      plugins: () => [copyleftApart()],
      rolldownOptions: { output: { chunkFileNames: ({ moduleIds }) => chunkName(moduleIds) } },
    },
    plugins: [policyInHead(sources), copyleftApart()],
  });
  await buildSingle(join(target, 'solvent-verify.html'));
  await buildElement(join(target, ELEMENT));
  writeFileSync(join(target, 'licences.txt'), licences());
  return writeDigest(target, headersOf(sources, framedBy));
}

/** @param {readonly string[]} moduleIds */
function isCopyleft(moduleIds) {
  return moduleIds.some((id) => CLAIM_TOOLS.some((name) => id.includes(`/node_modules/${name}/`)));
}

/** What is under the GPL says so in its name. @param {readonly string[]} moduleIds */
function chunkName(moduleIds) {
  return `assets/${isCopyleft(moduleIds) ? 'gpl-' : ''}[name]-[hash].js`;
}

/** GPL code is in such a file alone, and that is loaded on demand; else nothing is built. */
function copyleftApart() {
  const apart = (name) => /\/gpl-/.test(name);
  return {
    name: 'copyleft-apart',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk' && !apart(chunk.fileName))
          if (isCopyleft(chunk.moduleIds) || chunk.imports.some(apart))
            this.error(`${chunk.fileName} has GPL code in it: load it on demand, from a file of its own`);
    },
  };
}

/** @returns {{ find: RegExp, replacement: string }[]} the packages' sources, as TypeScript finds them */
function aliases() {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8'));
  return Object.entries(compilerOptions.paths).map(([name, [file]]) => ({
    find: new RegExp(`^${name}$`),
    replacement: join(root, file),
  }));
}

/** For hosts that send no headers of their own. Frames are theirs to forbid: a head cannot. */
function policyInHead(sources) {
  return {
    name: 'policy-in-head',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentPolicy(sources) },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** Digest of a folder: SHA-256 of a line for each file, its own digest and its path, in the order of paths. */
function writeDigest(target, headers) {
  const names = readdirSync(target, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(target, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .filter((name) => !OUTSIDE_DIGEST.includes(name))
    .sort();
  const files = Object.fromEntries(names.map((name) => [name, sha256(readFileSync(join(target, name)))]));
  const digest = sha256(names.map((name) => `${files[name]}  ${name}\n`).join(''));
  const build = { digest, files, headers, fileHeaders: FILE_HEADERS };
  writeFileSync(join(target, 'build.json'), `${JSON.stringify(build, undefined, 2)}\n`);
  return digest;
}

function licences() {
  const claims = `Only in assets/gpl-….js, which is loaded when somebody makes a private claim, and is under the GPL-3.0 as a
whole; its source is that of these packages, as npm has them, and of the page itself:

${CLAIM_TOOLS.map((name) => `${name} ${packageOf(name).version} (${packageOf(name).license})`).join('\n')}
`;
  return [...BUILT_IN, 'web-worker'].map(licenceOf).concat(claims, licenceOf('snarkjs')).join(RULE);
}

function packageOf(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
}

/** @param {string} name of a package */
function licenceOf(name) {
  const folder = join(root, 'node_modules', name);
  const { version, license } = packageOf(name);
  const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)(\.|$)/i.test(one));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const digest = await buildWeb();
  console.log(`dist/web  ${digest}`);
}
