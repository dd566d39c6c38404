// `npm run test:packages`: packs the published packages, installs them into empty folders as a stranger does,
// and runs what their READMEs say in every supported Node, and the verifier in Chromium.
import { createServer } from 'node:http';
import { isBuiltin } from 'node:module';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium as driver } from 'playwright-core';
import ts from 'typescript';
import { chromium } from './chromium.mjs';
import { libraries, published, SCOPE } from './published.mjs';
import { run, step, works } from '../libs/dev/docker-engine/shell.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'solvent-packages-'));
/** The newest of each line that the registry has. */
const NODES = { 20: '20.20.2', 22: '22.23.5', 24: '24.22.3' };
/** Loaded on demand, and installed by whoever proves claims: they are GPL-3.0 (scripts/licences.mjs). */
const ON_DEMAND = ['snarkjs', 'circom2'];

process.chdir(root);
try {
  await step('the packages are built', () => run(process.execPath, ['scripts/packages.mjs']));
  const archives = await step('and packed', pack);
  const nodes = await step('Node 20, 22 and 24 are there', installNodes);
  const cli = await step('the CLI is installed alone', () => install('cli', [archives.cli]));
  refuseServices(cli);
  await step('its README runs', () => inShell(cli, commands('apps/cli/README.md')));
  const all = await step('the libraries are installed', () =>
    install(
      'libraries',
      libraries().map(({ name }) => archives[name]),
    ),
  );
  const verifier = await step('the verifier is installed with what it rests on', () =>
    install('verifier', [archives.kzg, archives.verifier]),
  );
  const client = await step('the client is installed alone', () => install('client', [archives.client]));
  const key = samples(cli, verifier);
  for (const [line, node] of Object.entries(nodes)) {
    await step(`Node ${line}: the CLI judges the sample`, () => judged(cli, node));
    await step(`Node ${line}: the examples of kzg, snapshot and prover`, () => {
      cpSync(join(cli, 'demo'), join(all, 'demo'), { recursive: true });
      rmSync(join(all, 'published'), { recursive: true, force: true });
      for (const name of ['kzg', 'snapshot', 'prover']) example(all, name, node);
    });
    await step(`Node ${line}: the examples of reserves and nodes`, () => {
      const published = join(root, 'test-vectors/reserves/publications/token-proved');
      for (const name of ['reserves.json', 'reserve-addresses.ndjson'])
        cpSync(join(published, name), join(all, name));
      const { operator, networks } = JSON.parse(readFileSync(join(published, 'reserves.json'), 'utf8'));
      const { block } = networks.find(({ network }) => network === 'eip155:1');
      const said = example(all, 'reserves', node, { OPERATOR: operator, BLOCK: block });
      if (!/^right \{/.test(said) || !/^right$/m.test(said)) throw new Error(`reserves says ${said}`);
      const unasked = example(all, 'nodes', node, { NODE_URL: 'http://127.0.0.1:1' });
      if (!/cannot be reached[^]*^right \{/m.test(unasked)) throw new Error(`nodes says ${unasked}`);
    });
    await step(`Node ${line}: the example of claims`, () => {
      const vector = join(root, 'test-vectors/claims/correct-of-the-expected-operator/input.json');
      const { manifest, key, claim, challenge, operator } = JSON.parse(readFileSync(vector, 'utf8'));
      for (const [name, text] of Object.entries({ manifest, 'verifying-key': key, claim }))
        writeFileSync(join(all, `${name}.json`), text);
      const said = example(all, 'claims', node, { OPERATOR: operator, CHALLENGE: challenge });
      if (!/^true 0x/.test(said)) throw new Error(`claims says ${said}`);
    });
    await step(`Node ${line}: the examples of verifier and client`, () => {
      const said = example(verifier, 'verifier', node, { ACCOUNT_KEY: key });
      if (!/valid: true/.test(said) || !/true \[/.test(said)) throw new Error(`the verifier says ${said}`);
      const other = { ACCOUNT_KEY: '0'.repeat(63) + '1' };
      if (!/INCLUSION_ID/.test(example(verifier, 'verifier', node, other)))
        throw new Error('the proof is valid for another key too');
      if (!/SolventApiError/.test(example(client, 'client', node)))
        throw new Error('the client meets no error');
    });
  }
  await step('the types hold for a strict consumer', () => typed(all));
  await step('Chromium verifies', () => inChromium(verifier, key));
  console.log('every package works where it is installed');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack() {
  const archives = {};
  for (const { name, folder: from, manifest } of published()) {
    const [{ filename, files }] = JSON.parse(
      run('npm', ['pack', '--json', '--pack-destination', folder, `./${from}`]),
    );
    const paths = files.map(({ path }) => path);
    const strange = paths.filter((path) => /\.test\.|(^|\/)testing\/|^src\/|\.map$/.test(path));
    if (strange.length > 0) throw new Error(`${from} would publish ${strange.join(', ')}`);
    for (const wanted of ['README.md', 'LICENSE', 'package.json'])
      if (!paths.includes(wanted)) throw new Error(`${from} would publish no ${wanted}`);
    if (manifest.exports) refuseUndeclared(from, manifest, paths);
    archives[name] = join(folder, filename);
  }
  return archives;
}

/** What modules and declarations import is installed with them, for installers too that hoist nothing. */
function refuseUndeclared(from, { name, dependencies, optionalDependencies }, paths) {
  const declared = [name, ...Object.keys({ ...dependencies, ...optionalDependencies }), ...ON_DEMAND];
  for (const path of paths.filter((path) => /\.(c?js|d\.ts)$/.test(path))) {
    const text = readFileSync(join(root, from, path), 'utf8');
    const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    const native = [...text.matchAll(/\brequireNative\d*\(["']([^"']+)["']\)/g)].map(([, one]) => one);
    for (const one of [...imported, ...native]) {
      const [first, second] = one.split('/');
      const owner = one.startsWith('@') ? `${first}/${second}` : first;
      if (!/^(\.|node:)/.test(one) && !isBuiltin(one) && !declared.includes(owner))
        throw new Error(`${from}/${path} imports ${one}, which its package.json does not name`);
    }
  }
}

function install(name, archives) {
  const target = join(folder, name);
  mkdirSync(target);
  writeFileSync(join(target, 'package.json'), '{ "private": true, "type": "module" }\n');
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...archives], { cwd: target });
  return target;
}

/** From the registry, as packages that hold the program alone. */
function installNodes() {
  const name = `node-${process.platform}-${process.arch}`;
  return Object.fromEntries(
    Object.entries(NODES).map(([line, version]) => {
      if (process.version === `v${version}`) return [line, process.execPath];
      const target = join(folder, `node-${line}`);
      mkdirSync(target);
      writeFileSync(join(target, 'package.json'), '{ "private": true }\n');
      run(
        'npm',
        ['install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', `${name}@${version}`],
        {
          cwd: target,
        },
      );
      return [line, join(target, 'node_modules', name, 'bin', 'node')];
    }),
  );
}

/** An auditor who installs the CLI gets no services. */
function refuseServices(target) {
  const modules = readdirSync(join(target, 'node_modules'));
  const service = modules.filter((name) => /nest|prisma|kafka|^pg|fastify|postgres|graphql/.test(name));
  if (service.length > 0) throw new Error(`the CLI comes with ${service.join(', ')}`);
}

/**
 * The first block of `sh` installs, which was done from the archives; of `console` needs a real exchange's
 * files.
 */
function commands(readme) {
  const blocks = [...readFileSync(readme, 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text);
  return blocks.flatMap((text) => text.split('\n')).filter((line) => line && !line.startsWith('npm install'));
}

function inShell(target, lines) {
  if (lines.length === 0) throw new Error('the README has no commands');
  const PATH = `${join(target, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  for (const line of lines) run('sh', ['-c', line], { cwd: target, env: { ...process.env, PATH } });
}

/**
 * The snapshot that the CLI's README made, beside the verifier.
 * @returns {string} the key of the account whose proof it is
 */
function samples(from, to) {
  const published = join(from, 'demo/published');
  for (const name of ['manifest.json', 'global-proof.ndjson']) cpSync(join(published, name), join(to, name));
  const accounts = readdirSync(join(from, 'demo/accounts')).map((name) => join(from, 'demo/accounts', name));
  const key = JSON.parse(readFileSync(accounts[0], 'utf8'))[0].id;
  const solvent = join(from, 'node_modules/.bin/solvent');
  run(solvent, [
    'prove-user',
    '--witness',
    join(published, 'witness'),
    '--key',
    key,
    '--output',
    join(from, 'mine'),
  ]);
  const file = readdirSync(join(from, 'mine')).find(
    (name) => name.endsWith('.json') && name !== 'manifest.json',
  );
  cpSync(join(from, 'mine', file), join(to, 'my-proof.json'));
  return key;
}

function judged(target, node) {
  const main = join(target, 'node_modules/@solvent-por/cli/dist/solvent.cjs');
  const files = join(target, 'demo/published');
  run(node, [main, 'verify-global', join(files, 'global-proof.ndjson')]);
  const cut = join(target, 'cut.ndjson');
  writeFileSync(cut, readFileSync(join(files, 'global-proof.ndjson')).subarray(0, -9));
  if (works(node, [main, 'verify-global', cut])) throw new Error('a file that was cut off is valid');
}

/** Runs every `js` block of a package's README where it is installed. @returns {string} what they print */
function example(target, name, node, environment = {}) {
  const readme = readFileSync(join(target, 'node_modules/@solvent-por', name, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, text]) => text);
  if (blocks.length === 0) throw new Error(`the README of ${name} has no example`);
  return blocks
    .map((text, i) => {
      const file = join(target, `${name}-${i}.mjs`);
      writeFileSync(file, text);
      return run(node, [file], {
        cwd: target,
        env: { ...process.env, SOLVENT_ENDPOINT: 'http://127.0.0.1:9/graphql', ...environment },
      });
    })
    .join('');
}

/** TypeScript's own resolution for Node, and no library left unchecked. */
function typed(target) {
  const imports = libraries().flatMap((one) =>
    Object.entries(one.manifest.exports)
      .filter(([, to]) => to.types)
      .map(([path]) => `${one.name}${path.slice(1)}`),
  );
  const lines = imports.map((name, i) => `import * as m${i} from '${SCOPE}${name}';`);
  const uses = `const verdict: { readonly valid: boolean } = m${imports.indexOf('verifier')}.checkInclusion(new Uint8Array(), new Uint8Array());\nexport const all = [${imports.map((_, i) => `m${i}`).join(', ')}, verdict];\n`;
  writeFileSync(join(target, 'consumer.ts'), `${lines.join('\n')}\n${uses}`);
  const options = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022', 'dom'],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
  };
  const types = { types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };
  writeFileSync(
    join(target, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, ...types }, files: ['consumer.ts'] }),
  );
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', target]);
}

async function inChromium(target, key) {
  const types = { '.js': 'text/javascript', '.json': 'application/json', '.html': 'text/html' };
  const files = {
    '/': ['<!doctype html><title>verify</title>', '.html'],
    '/browser.js': [readFileSync(join(target, 'node_modules/@solvent-por/verifier/dist/browser.js')), '.js'],
    '/manifest.json': [readFileSync(join(target, 'manifest.json')), '.json'],
    '/my-proof.json': [readFileSync(join(target, 'my-proof.json')), '.json'],
  };
  const server = createServer(({ url }, response) => {
    const [body, type] = files[url] ?? [];
    response
      .writeHead(body === undefined ? 404 : 200, { 'content-type': types[type] ?? 'text/plain' })
      .end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const browser = await driver.launch({ executablePath: chromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    await page.goto(`http://127.0.0.1:${port}/`);
    const verdicts = await page.evaluate(async (key) => {
      const { checkInclusion } = await import(/** @type {string} */ ('/browser.js'));
      const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
      const [manifest, proof] = [await bytes('/manifest.json'), await bytes('/my-proof.json')];
      const other = '0'.repeat(63) + '1';
      return [key, other].map((one) => checkInclusion(manifest, proof, { key: one }).valid);
    }, key);
    if (String(verdicts) !== 'true,false') throw new Error(`Chromium says ${verdicts}`);
  } finally {
    await browser.close();
    server.close();
  }
}
