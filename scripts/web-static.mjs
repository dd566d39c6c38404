// The page as a folder of static files, for an exchange's own site or any CDN: `npm run web:static -- --help`.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWeb } from './web.mjs';

const RESERVES_FILES = ['reserves.json', 'reserve-addresses.ndjson'];

const HELP = `npm run web:static -- [options]

Builds the page as static files, and says its digest.

  --config FILE     solvent-page.json of your exchange: name, logo, api or files, …
  --snapshot DIR    a published snapshot to go along: manifest.json and global-proof.ndjson, and where there
                    are such the sealed bundle in sealed/, and reserves.json and reserve-addresses.ndjson
                    (or both in reserves/); may be given several times
  --claim-keys DIR  what claims are made with, as \`solvent ceremony export\` writes it: for every key there a folder
                    published/claims/0x…/
  --logo FILE       the picture that the configuration names
  --framed-by URL   a site that may show the page in a frame: https://www.example; may be given several times
  --output DIR      where it is written; dist/web-static when left out

Without a gateway ("api"), set "files": "published/": then snapshots are served from there.
`;

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    snapshot: { type: 'string', multiple: true, default: [] },
    'claim-keys': { type: 'string', multiple: true, default: [] },
    logo: { type: 'string' },
    'framed-by': { type: 'string', multiple: true, default: [] },
    output: { type: 'string', default: 'dist/web-static' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(HELP);
else await main();

async function main() {
  const text =
    values.config === undefined ? '{\n  "files": "published/"\n}\n' : readFileSync(values.config, 'utf8');
  const config = JSON.parse(text);
  const output = resolve(values.output);
  const framedBy = values['framed-by'].map((address) => new URL(address).origin);
  const digest = await buildWeb({ output, sources: sourcesOf(config), framedBy });
  writeFileSync(join(output, 'solvent-page.json'), text);
  if (values.logo !== undefined) cpSync(values.logo, join(output, config.logo));
  for (const folder of values['claim-keys']) addClaimKeys(folder, join(output, 'published/claims'));
  const ids = values.snapshot.map((folder) => addSnapshot(folder, join(output, 'published/snapshots')));
  const reserves = ids.filter((id) => existsSync(join(output, 'published/snapshots', id, RESERVES_FILES[0])));
  if (ids.length > 0)
    writeFileSync(
      join(output, 'published/snapshots.json'),
      `${JSON.stringify({ snapshots: ids, reserves })}\n`,
    );
  console.log(`${values.output}  ${digest}`);
  console.log(`${ids.length} snapshot(s) beside it. Send the headers that build.json names with every file.`);
}

/** Other origins that the page may ask: a gateway's, over a WebSocket too, or a file host's. */
function sourcesOf({ api, files }) {
  const originOf = (address) =>
    typeof address === 'string' && /^https?:\/\//.test(address) ? [new URL(address).origin] : [];
  return [...originOf(api).flatMap((origin) => [origin, origin.replace(/^http/, 'ws')]), ...originOf(files)];
}

/** Each verifying key of a folder with what proves by it, in a folder named by the key's digest. */
function addClaimKeys(folder, target) {
  const keys = readdirSync(folder).filter((name) => /^0x[0-9a-f]{64}\.json$/.test(name));
  if (keys.length === 0)
    throw new Error(`${folder} has no verifying key: \`solvent ceremony export\` writes one`);
  for (const key of keys) {
    const { files } = JSON.parse(readFileSync(join(folder, key), 'utf8'));
    const to = join(target, key.replace(/\.json$/, ''));
    mkdirSync(to, { recursive: true });
    cpSync(join(folder, key), join(to, 'verifying-key.json'));
    cpSync(join(folder, `${files.zkey}.zkey`), join(to, 'proving-key.zkey'));
    cpSync(join(folder, `${files.wasm}.wasm`), join(to, 'circuit.wasm'));
  }
}

/** @returns its id */
function addSnapshot(folder, target) {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const id = manifest.header.snapshot;
  const to = join(target, id);
  mkdirSync(to, { recursive: true });
  for (const name of ['manifest.json', 'global-proof.ndjson', 'sealed'])
    if (existsSync(join(folder, name))) cpSync(join(folder, name), join(to, name), { recursive: true });
  for (const from of [folder, join(folder, 'reserves')])
    if (RESERVES_FILES.every((name) => existsSync(join(from, name))))
      for (const name of RESERVES_FILES) cpSync(join(from, name), join(to, name));
  if (!readdirSync(to).includes('manifest.json')) throw new Error(`${folder} has no manifest.json`);
  return id;
}
