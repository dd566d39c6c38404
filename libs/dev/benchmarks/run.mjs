// `npm run bench [-- --quick]`: runs every scenario in a process of its own; prints a table and writes
// dist/bench/results.json.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const quick = process.argv.includes('--quick');
const folder = mkdtempSync(join(tmpdir(), 'solvent-bench-'));
const results = [];

run(process.execPath, [join(root, 'scripts', 'build.mjs'), '--bench']);
try {
  const units = [measure('commitment')];
  const size = quick ? 16_320 : 131_072;
  const wide = quick ? 4_080 : 16_320;
  const many = quick ? 65_536 : 1_310_720;
  /**
   * Full proofs, 64 batches and a bit: proved and every user's file written, as it is compared with others.
   */
  const served = quick ? 16_320 : 262_144;
  const aggregate = { mode: 'aggregate', accounts: size, assets: 20, nonZeroShare: 0.25 };
  const one = measure('prove', { ...aggregate, workers: 1 });
  const two = measure('prove', { ...aggregate, workers: 2 });
  units.push(measure('commitment'));
  const single = [
    ['aggregate', 1],
    ['aggregate', 8],
    ['margin', 1],
    ['spot', 1],
  ].map(([mode, k]) => measure('one-proof', { mode, k }));
  const claimTrees = [
    { mode: 'aggregate', k: 8, assets: 20 },
    { mode: 'spot', k: 1, assets: 20 },
    { mode: 'margin', k: 1, assets: 20 },
    ...(quick ? [] : [{ mode: 'spot', k: 1, assets: 512 }]),
  ].map((layout) => measure('claim-tree', layout));
  const claim = measure('claim');
  const margin = measure('prove', {
    mode: 'margin',
    accounts: wide,
    assets: 20,
    nonZeroShare: 0.25,
    workers: 1,
    keep: join(folder, 'margin'),
  });
  const spot = measure('prove', { mode: 'spot', accounts: wide, assets: 20, nonZeroShare: 0.25, workers: 1 });
  // Few accounts each: a batch of these takes thousands of columns, and what it costs does not depend on how
  // many batches there are.
  const few = quick ? 4_080 : 8_160;
  const columns = [
    { mode: 'margin', assets: 20, tiers: 10 },
    { mode: 'margin', assets: 20, tiers: 3, pools: 4 },
    { mode: 'aggregate', assets: 512 },
    { mode: 'spot', assets: 512 },
    { mode: 'margin', assets: 512, keep: join(folder, 'margin-512') },
  ].map((layout) => measure('prove', { ...layout, accounts: few, nonZeroShare: 0.25, workers: 1 }));
  const large = measure('prove', { ...aggregate, accounts: many, workers: 2, keep: join(folder, 'large') });
  const global = measure('verify-global', {
    file: join(folder, 'large', 'output', 'global-proof.ndjson'),
    workers: 2,
  });
  units.push(measure('commitment'));
  const both = measure('prove', { ...aggregate, accounts: served, workers: 1, keep: join(folder, 'served') });
  const all = ['ndjson', 'files', 'sealed'].flatMap((format) => [
    measure('prove-users', { folder: join(folder, 'served'), format, workers: 1 }),
    measure('prove-users', { folder: join(folder, 'margin'), format, workers: 1 }),
  ]);
  const together = (both.cpuSeconds + served / all[0].accountsPerCpuSecond) / served;
  const inOneThread = ['served', 'margin', 'margin-512'].map((name) =>
    measure('batch-proofs', { folder: join(folder, name) }),
  );
  const users = ['large', 'margin', 'margin-512'].map((name) => {
    const made = measure('prove-user', { folder: join(folder, name), count: 20 });
    return { name, made, verified: measure('verify-user', { folder: join(folder, name) }) };
  });

  const unit = units.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)[units.length >> 1] / 1000;
  const perCore = (name, { accountsPerSecondPerCore, secondsPerBatchPerCore, peakMegabytes }) => [
    `prove ${name}`,
    `${Math.round(accountsPerSecondPerCore)} accounts/s a core`,
    `${(secondsPerBatchPerCore / unit).toFixed(1)} commitments a batch`,
    `${peakMegabytes} MB`,
  ];
  table([
    ['one full-size commitment', `${(unit * 1000).toFixed(1)} ms`, '1', ''],
    ['one commitment to 11-bit limbs', `${units[0].limbMilliseconds.toFixed(1)} ms`, '', ''],
    ['loading the set-up', `${units[0].loadSeconds.toFixed(1)} s`, '', ''],
    perCore(`aggregate, ${size} accounts, 1 worker`, one),
    perCore(`aggregate, ${size} accounts, 2 workers`, two),
    ['  two workers against one', `${(two.accountsPerSecond / one.accountsPerSecond).toFixed(2)} ×`, '', ''],
    ...single.map(({ mode, k, cpuSecondsPerBatch, commitmentsPerBatch, commitmentShare }) => [
      `one proof, ${mode}, k = ${k}`,
      `${(cpuSecondsPerBatch * 1000).toFixed(0)} ms a batch`,
      `${commitmentsPerBatch.toFixed(1)} commitments a batch`,
      `${(100 * commitmentShare).toFixed(0)} % in commitments and openings`,
    ]),
    ...claimTrees.map(({ mode, k, values, treeSeconds, share }) => [
      `claim tree, ${mode}, k = ${k}, ${values} values`,
      `${(treeSeconds * 1000).toFixed(0)} ms a batch`,
      '',
      `${(100 * share).toFixed(0)} % of proving it`,
    ]),
    [
      'a claim, 2 values, in Node',
      `${claim.provingSeconds.toFixed(1)} s, ${claim.provingCpuSeconds.toFixed(1)} s of CPU time`,
      '',
      `verified in ${claim.verifyingMilliseconds.toFixed(0)} ms`,
    ],
    perCore(`margin, 20 assets, ${wide} accounts`, margin),
    perCore(`spot, 20 assets, ${wide} accounts`, spot),
    ...columns.map((result) => perCore(nameOf(result), result)),
    perCore(`aggregate, ${many} accounts, 2 workers`, large),
    [
      `  the same, from input to manifest`,
      `${large.totalSeconds.toFixed(1)} s`,
      '',
      `${large.peakMegabytes} MB`,
    ],
    [
      `verify-global, ${many} accounts, 2 workers`,
      `${global.seconds.toFixed(1)} s`,
      '',
      `${global.peakMegabytes} MB`,
    ],
    ...all.map((result) => [
      `prove-user --all, ${label(result.folder)}, ${result.format}, ${result.accounts} accounts`,
      `${Math.round(result.accountsPerCpuSecond)} accounts/s a core`,
      `${result.commitmentsPerAccount.toFixed(4)} commitments an account`,
      `${result.peakMegabytes} MB`,
    ]),
    [
      `prove and every user's proof, ndjson, ${served} accounts`,
      `${Math.round(1 / together)} accounts/s a core`,
      `${(together / unit).toFixed(4)} commitments an account`,
      '',
    ],
    ...inOneThread.flatMap((result) => [
      [
        `one inclusion proof alone, ${label(result.folder)}`,
        `${result.aloneMilliseconds.toFixed(1)} ms`,
        `${result.aloneCommitments.toFixed(3)} commitments`,
        '',
      ],
      [
        `those of a batch of ${result.accounts}, ${label(result.folder)}`,
        `${result.batchSeconds.toFixed(2)} s`,
        `${result.batchCommitments.toFixed(1)} commitments, ${result.commitmentsPerAccount.toFixed(4)} an account`,
        `${result.peakMegabytes} MB`,
      ],
    ]),
    ...users.flatMap(({ name, made, verified }) => [
      [
        `prove-user, ${label(name)}`,
        `${Math.round((1000 * made.seconds) / made.written)} ms each of ${made.written}, start included`,
        '',
        `${made.peakMegabytes} MB`,
      ],
      [
        `verify-user, ${label(name)}, pure JS`,
        `${verified.warmMilliseconds.toFixed(0)} ms warm, ${verified.coldMilliseconds.toFixed(0)} ms cold`,
        `${verified.inclusionBytes} bytes, ${verified.bytesAt512Batches} at 512 batches`,
        `${verified.peakMegabytes} MB`,
      ],
    ]),
  ]);
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memory: totalmem(), node: process.version };
  mkdirSync(join(root, 'dist', 'bench'), { recursive: true });
  const file = join(root, 'dist', 'bench', 'results.json');
  const report = { date: new Date().toISOString(), machine, quick, commitmentSeconds: unit, results };
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`\n${JSON.stringify(machine)}\nwritten to ${file}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function label(name) {
  if (/(large|served)$/.test(name)) return 'aggregate';
  return name.endsWith('512') ? 'margin, 512 assets' : 'margin, 20 assets';
}

function nameOf({ mode, assets, tiers, pools, accounts, limbs }) {
  const lists = [tiers && `${tiers} tiers`, pools && `${pools} pools`].filter(Boolean);
  return [mode, `${assets} assets`, ...lists, `${accounts} accounts`, `${limbs} limb columns`].join(', ');
}

function measure(name, options = {}) {
  process.stderr.write(`${name} ${JSON.stringify(options)} … `);
  const out = run(process.execPath, [
    join(root, 'dist', 'bench', 'scenarios.cjs'),
    name,
    JSON.stringify(options),
  ]);
  const result = JSON.parse(out);
  process.stderr.write('done\n');
  results.push(result);
  return result;
}

function run(command, args) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${args.join(' ')} failed`);
  return stdout;
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  console.log();
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('   ')
        .trimEnd(),
    );
}
