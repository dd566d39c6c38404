import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@solvent-por/verifier';
import { runCli, runJson, temporaryFolder, type RunOptions } from '../testing/run-cli';

/**
 * A verdict is reached while other threads still work, and their answers come when nobody waits for them any
 * more.
 */
const root = temporaryFolder();
const [input, config] = [join(root, 'accounts'), join(root, 'snapshot.json')];
const published = join(root, 'published');
const environment = { NODE_OPTIONS: `--require ${join(__dirname, '../testing/late-answers.cjs')}` };
const threads = ['--workers', '2'];
let lines: string[];

beforeAll(async () => {
  await runJson(['generate', '--accounts', '4100', '--assets', '2', '--mode', 'spot', '--output', root]);
  await runJson(['prove', '--input', input, '--config', config, '--output', published, ...threads]);
  lines = readFileSync(join(published, 'global-proof.ndjson'), 'utf8').split('\n').slice(0, -1);
});

/** One sentence with its code, and no stack. */
async function fails(
  args: readonly string[],
  code: number,
  reason: RegExp,
  options: RunOptions = {},
): Promise<void> {
  const ended = await runCli([...args, ...threads], { environment, ...options });
  expect(ended).toMatchObject({ code, signal: null });
  expect(ended.stderr + ended.stdout).toMatch(reason);
  expect(ended.stderr).not.toMatch(/Unexpected message|^\s+at |Node\.js v/m);
}

/** A proof of no batches at all. */
function proofOfNothing(): string {
  const { commitments, evaluations, ...rest } = JSON.parse(lines[1]!) as Record<string, object>;
  const nothing = { limbs: [], helpers: [] };
  return canonicalJson({
    ...rest,
    accounts: [],
    sums: [],
    commitments: { ...commitments, ...nothing },
    evaluations: { ...evaluations, ...nothing },
  });
}

test('verify-global: 1,000 lines of no batches in front end in one sentence', async () => {
  const file = join(root, 'nothing.ndjson');
  const [manifest, ...proofs] = lines as [string, ...string[]];
  writeFileSync(file, [manifest, ...Array<string>(1000).fill(proofOfNothing()), ...proofs, ''].join('\n'));
  await fails(['verify-global', file], 2, /PROOF_MALFORMED/);
});

test('verify-global: 20 MB of line feeds behind end in one sentence', async () => {
  const file = join(root, 'feeds.ndjson');
  writeFileSync(file, `${lines.join('\n')}\n${'\n'.repeat(20_000_000)}`);
  await fails(['verify-global', file], 2, /DOCUMENT_MALFORMED/);
});

test('verify-global: INVALID, while the lines behind are still being verified', async () => {
  const file = join(root, 'twice.ndjson');
  const [manifest, first] = lines as [string, string];
  writeFileSync(file, [manifest, ...Array<string>(9).fill(first), ''].join('\n'));
  await fails(['verify-global', file], 1, /GLOBAL_ORDER/);
});

test('prove-user: a proof that cannot be written, while others are being made', async () => {
  const users = join(root, 'users');
  await fails(
    ['prove-user', '--witness', join(published, 'witness'), '--all', '--output', users],
    2,
    /cannot write in .*users[^:]*: .*\(EFBIG\) \(STORAGE_FAILED\)/,
    // Less than a proof takes, more than who holds the folder.
    { fileKilobytes: 1 },
  );
});

test('prove: a device that takes no more of one thread, while the other proves; the same command goes on from there', async () => {
  const output = join(root, 'full');
  const prove = ['prove', '--input', input, '--config', config, '--output', output];
  // Batch 1 has 20 accounts, batch 0 is larger than this.
  await fails(prove, 2, /cannot write in .*full\/witness: .*\(EFBIG\) \(STORAGE_FAILED\)/, {
    fileKilobytes: 200,
  });
  const { document } = await runJson([...prove, ...threads]);
  expect(document).toMatchObject({ ok: true, resumedBatches: 1 });
  const proof = (folder: string) => readFileSync(join(folder, 'global-proof.ndjson'));
  expect(proof(output).equals(proof(published))).toBe(true);
});
