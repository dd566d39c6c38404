// `npm start`: generates 10,000 accounts, proves them, verifies the whole and one account, with the commands
// a user would type.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ACCOUNTS = 10_000;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = 'demo/start';
const marker = join(root, folder, '.solvent-demo');
const bold = (text) => (process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[22m` : text);
const started = performance.now();

prepareFolder();
console.log(
  `\n${bold('Solvent')}: ${ACCOUNTS.toLocaleString('en')} accounts, to be proved and checked on this machine.\n`,
);

step('1. An exchange takes a snapshot of its balances (here: generated ones, with development keys)');
solvent('generate', '--accounts', String(ACCOUNTS), '--seed', 'demo', '--output', `${folder}/input`);

step(
  '2. It proves them: nobody counts less than nothing, no debt exceeds what covers it, and these are the totals',
);
const inputs = ['--input', `${folder}/input/accounts`, '--config', `${folder}/input/snapshot.json`];
const { manifest } = solventJson('prove', ...inputs, '--output', `${folder}/output`);
for (const { symbol, side, decimal } of manifest.totals) console.log(`  total ${side} ${decimal} ${symbol}`);

step("3. Anybody verifies all of it, with the operator's public key and one file");
const operator = ['--operator', manifest.operator];
solvent('verify-global', `${folder}/output/global-proof.ndjson`, ...operator);

step('4. A user asks for the proof of their own account');
const key = firstAccount();
const proofs = `${folder}/output/user_proofs`;
const witness = ['--witness', `${folder}/output/witness`];
const { files } = solventJson('prove-user', ...witness, '--key', key, '--output', proofs);

step('5. … and verifies it: this account, with this balance, is part of those totals');
const userProof = `${proofs}/${files[0]}`;
solvent('verify-user', userProof, '--key', key, ...operator);

step('6. It lists what it holds (here: sample data, with keys that everybody knows and blocks of no chain)');
const block = sampleReserves();
solventJson('reserves', 'build', `${folder}/reserves`, '--config', `${folder}/input/reserves.json`);

step('7. Anybody compares that with what it owes, with the hash of a block from elsewhere');
solvent(
  ...['verify-reserves', `${folder}/reserves`, '--manifest', `${folder}/output/manifest.json`],
  ...['--proof', `${folder}/output/global-proof.ndjson`],
  ...[...operator, '--block', `eip155:1=${block}`],
);

console.log(`\n${bold('Done')} in ${seconds(started)}. Written, under ${folder}/:\n`);
const written = ['input/accounts', 'input/snapshot.json', 'input/keys.json', 'output/manifest.json'];
written.push(
  'output/global-proof.ndjson',
  `output/user_proofs/${files[0].slice(0, 8)}….json`,
  'output/witness',
  'reserves/reserves.json',
);
for (const file of written) console.log(`  ${file.padEnd(40)} ${about(file)}`);
console.log(`
${bold('Try next')}:

  cd ${shellWord(root)}

  # the global proof and every user's proof beside it, in one go
  ./solvent verify ${folder}/output

  # proofs for all ${ACCOUNTS.toLocaleString('en')} users in files, or in one: --format ndjson --output FILE; for a list: --keys FILE
  ./solvent prove-user --witness ${folder}/output/witness --all --output ${folder}/output/all_proofs

  # what the files say
  ./solvent inspect ${folder}/output/manifest.json
  ./solvent inspect ${userProof}

  # cheat: change one digit of the published totals, and verify again
  sed 's/"totals":\\["[0-9]/&7/' ${folder}/output/global-proof.ndjson > ${folder}/cheated.ndjson
  ./solvent verify-global ${folder}/cheated.ndjson

  # per-asset totals with margin debts; your own balances: docs/guides/operator.md
  ./solvent generate --accounts 5000 --mode margin --assets 5 --output ${folder}/margin
  ./solvent --help
`);

/** A fresh folder: what an earlier run left is removed, anything else is not touched. */
function prepareFolder() {
  const path = join(root, folder);
  if (existsSync(path) && readdirSync(path).length > 0 && !existsSync(marker)) {
    console.error(`${path} holds files that are not this demonstration's: move them away, then start again.`);
    process.exit(2);
  }
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  writeFileSync(marker, 'made by `npm start`, which replaces this folder\n');
}

function step(text) {
  console.log(`\n${bold(text)}`);
}

/** Runs a command and shows what it says. */
function solvent(...args) {
  show(args);
  const { output, milliseconds } = run(args);
  const shown = output.replace(/\nNext:[^]*$/, '');
  console.log(shown.trim().replace(/^(?=.)/gm, '  '));
  console.log(`  (${milliseconds})`);
}

/** Runs a command for what it gives back, which is more than a reader needs to see. */
function solventJson(...args) {
  show(args);
  const { output, milliseconds } = run([...args, '--json']);
  console.log(`  (${milliseconds})`);
  return JSON.parse(output);
}

function show(args) {
  // A key is never shown: whoever has it reads the account in every snapshot.
  const shown = args.map((arg, i) => (args[i - 1] === '--key' ? '"$KEY"' : shellWord(arg)));
  console.log(`  $ ./solvent ${shown.join(' ')}`);
}

/** As it can be pasted into a shell (libs/shared/terminal has the whole of it). */
function shellWord(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function run(args) {
  const start = performance.now();
  const { status, stdout, error } = spawnSync(process.execPath, [join(root, 'bin', 'solvent.cjs'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) {
    console.error(`${stdout ?? ''}\n\`solvent ${args[0]}\` failed${error ? `: ${error.message}` : ''}.`);
    process.exit(status ?? 2);
  }
  return { output: stdout, milliseconds: seconds(start) };
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** What `solvent reserves build` is given for the snapshot. @returns the hash of the made-up block */
function sampleReserves() {
  const { sampleDraft } = createRequire(import.meta.url)('../dist/services/sample-reserves.cjs');
  const read = readFileSync(join(root, folder, 'output/manifest.json'));
  const { draft, lines, block: hash } = sampleDraft(new Uint8Array(read), null);
  const input = join(root, folder, 'input');
  const config = { ...draft, lines: ['reserves.ndjson'], keys: { file: 'keys.json' } };
  writeFileSync(join(input, 'reserves.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  writeFileSync(join(input, 'reserves.json'), JSON.stringify(config, null, 2));
  return hash;
}

/** The key of the first account of the generated files: what its user holds. */
function firstAccount() {
  const accounts = join(root, folder, 'input', 'accounts');
  const [file] = readdirSync(accounts).sort();
  return `0x${/"id":"([0-9a-f]{64})"/.exec(readFileSync(join(accounts, file), 'utf8'))[1]}`;
}

/** What a file is for, and how large it is. */
function about(file) {
  const meanings = {
    'input/accounts': 'balances, as OKX writes them',
    'input/snapshot.json': 'configuration of the snapshot',
    'input/keys.json': "the operator's keys (development only)",
    'output/manifest.json': 'published: totals, root and signature',
    'output/global-proof.ndjson': 'published: the proof of all accounts',
    'reserves/reserves.json': 'published: what it holds (sample data)',
    'output/witness': 'private: answers look-ups later',
  };
  const path = join(
    root,
    folder,
    file.startsWith('output/user_proofs/') ? relative(folder, userProof) : file,
  );
  const size = statSync(path).isDirectory() ? 'folder' : `${statSync(path).size.toLocaleString('en')} bytes`;
  return `${size.padStart(12)}  ${meanings[file] ?? "one user's proof, for them alone"}`;
}
