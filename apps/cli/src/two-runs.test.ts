import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lockBeside, lockFolder } from '@solvent-por/snapshot/files';
import { FakeGateway } from '../../../libs/packages/client/testing/fake-gateway';
import { publish, serve, snapshotAnswer, type Published, type PublishedProof } from '../testing/published';
import { runCli, runJson, startCli, temporaryFolder, type Running } from '../testing/run-cli';

/** Runs that meet: in one output, one after a killed one, one month after another. */
const root = temporaryFolder();
const gateway = new FakeGateway();
const data = join(root, 'data');
const witness = join(data, 'published', 'witness');
let published: Published;
let made = 0;
const newPath = () => join(root, `output-${made++}`);

beforeAll(async () => {
  await gateway.start();
  // Nothing is private because of the shell it was started in.
  const umask = process.umask(0);
  try {
    published = await publish(data);
  } finally {
    process.umask(umask);
  }
  gateway.fields.snapshot = () => snapshotAnswer({ operator: published.operator });
  serve(gateway, published);
});
afterAll(() => gateway.stop());

const prove = (output: string) => [
  ...['prove', '--input', join(data, 'accounts'), '--config', join(data, 'snapshot.json')],
  ...['--output', output, '--workers', '1'],
];
const connection = () => ['--snapshot', 'generated', '--endpoint', gateway.endpoint];
const commands: [string, (output: string) => string[]][] = [
  ['prove', prove],
  ['generate', (output) => ['generate', '--accounts', '10', '--output', output]],
  ['ids', (output) => ['ids', ...prove(output).slice(1, 7)]],
  ['prove-user', (output) => ['prove-user', '--witness', witness, '--all', '--output', output]],
  ['fetch global', (output) => ['fetch', 'global', ...connection(), '--output', output]],
  [
    'fetch inclusion',
    (output) => ['fetch', 'inclusion', ...connection(), '--key', 'ab'.repeat(32), '--output', output],
  ],
  ['keys new', (output) => ['keys', 'new', '--output', output]],
];
const ofFile = (name: string) => name === 'fetch inclusion' || name === 'keys new';

/** Waits until a run has got so far; fails when it ended before. */
async function until(run: Running, reached: () => boolean): Promise<void> {
  let over = false;
  void run.ended.then(() => (over = true));
  while (!reached()) {
    if (over) throw new Error(`the run has ended: ${JSON.stringify(await run.ended)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it.each(commands)(
  '%s into an output that another run holds is refused at once, saying who holds it',
  async (name, args) => {
    const output = newPath();
    const lock = ofFile(name) ? lockBeside(output, 'solvent other') : lockFolder(output, 'solvent other');
    try {
      const { code, document } = await runJson(args(output));
      expect({ code, document }).toMatchObject({
        code: 2,
        document: {
          code: 'OUTPUT_IN_USE',
          kind: 'usage',
          details: { pid: process.pid, command: 'solvent other', lock: lock.file },
          message: expect.stringMatching(/wait until it has ended, or name another output/) as string,
        },
      });
      if (!ofFile(name)) expect(readdirSync(output)).toEqual(['.solvent-lock']);
    } finally {
      lock.release();
    }
    expect(existsSync(output)).toBe(false);
  },
);

it('two prove, one folder: the first gives what it would have given alone', async () => {
  const output = newPath();
  const first = startCli([...prove(output), '--json']);
  await until(first, () => existsSync(join(output, '.solvent-lock')));
  const second = await runJson(prove(output));
  expect(second).toMatchObject({
    code: 2,
    document: { code: 'OUTPUT_IN_USE', details: { pid: first.child.pid, command: 'solvent prove' } },
  });
  expect((await first.ended).code).toBe(0);
  expect(readdirSync(output).sort()).toEqual(['global-proof.ndjson', 'manifest.json', 'witness']);
  for (const name of ['manifest.json', 'global-proof.ndjson', 'witness/index.bin', 'witness/leaves.bin'])
    expect(readFileSync(join(output, name)).equals(readFileSync(join(data, 'published', name)))).toBe(true);
});

it.each(commands.filter(([name]) => name === 'generate' || name === 'keys new'))(
  'two %s at the same time: one does it, the other is refused',
  async (name, args) => {
    const output = newPath();
    const ended = await Promise.all([runJson(args(output)), runJson(args(output))]);
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 2]);
    expect(ended.find(({ code }) => code === 2)!.document.code).toMatch(
      /^(OUTPUT_IN_USE|OUTPUT_NOT_EMPTY|KEY_FILE_EXISTS)$/,
    );
    if (name === 'generate')
      expect(readdirSync(output).sort()).toEqual(['accounts', 'keys.json', 'snapshot.json']);
    else expect(JSON.parse(readFileSync(output, 'utf8'))).toHaveProperty('master');
    expect(readdirSync(root).filter((entry) => entry.startsWith('.'))).toEqual([]);
  },
);

it('after kill -9 the same command goes on, and says that the lock of a dead run was broken', async () => {
  const output = newPath();
  const killed = startCli(prove(output));
  await until(killed, () => existsSync(join(output, '.progress', 'plan.bin')));
  killed.child.kill('SIGKILL');
  await killed.ended;
  expect(existsSync(join(output, '.solvent-lock'))).toBe(true);
  const { code, stdout } = await runCli(prove(output));
  expect(stdout).toContain(`\`solvent prove\` (process ${killed.child.pid}, since 20`);
  expect({ code, left: readdirSync(output).sort() }).toEqual({
    code: 0,
    left: ['global-proof.ndjson', 'manifest.json', 'witness'],
  });
});

it.each<[NodeJS.Signals, string]>([
  ['SIGINT', 'in good order'],
  ['SIGTERM', 'in good order'],
  ['SIGINT', 'at once, by a second one'],
])('%s (%s) gives the output back', async (signal, how) => {
  const output = newPath();
  const run = startCli(prove(output));
  await until(run, () => existsSync(join(output, '.progress', 'plan.bin')));
  run.child.kill(signal);
  if (how.startsWith('at once')) {
    let said = '';
    run.child.stderr!.on('data', (text: string) => (said += text));
    await until(run, () => said.includes('stopping'));
    run.child.kill('SIGTERM');
  }
  await run.ended;
  expect(readdirSync(output).filter((name) => name.startsWith('.solvent'))).toEqual([]);
});

it('a command that ends at once by Ctrl-C gives the output back', async () => {
  const output = newPath();
  const run = startCli(['generate', '--accounts', '2000000', '--files', '10000', '--output', output]);
  await until(run, () => existsSync(join(output, 'snapshot.json')));
  run.child.kill('SIGINT');
  expect((await run.ended).signal).toBe('SIGINT');
  expect(existsSync(join(output, '.solvent-lock'))).toBe(false);
});

it('a lock from another host of a shared disk is explained, and what to do', async () => {
  const output = newPath();
  mkdirSync(output);
  const lock = lockFolder(output, 'solvent prove');
  const mine = JSON.parse(readFileSync(lock.file, 'utf8')) as object;
  lock.release();
  writeFileSync(
    lock.file,
    JSON.stringify({ ...mine, host: 'prover-2', boot: 'another', machineId: 'another' }),
  );
  const { code, stderr } = await runCli(prove(output));
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /on prover-2, since .*remove .*\.solvent-lock and give the command again.*OUTPUT_IN_USE_ELSEWHERE/,
  );
});

describe('files with balances or secrets', () => {
  const modes = (folder: string) =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true })
        .map(String)
        .concat('.')
        .map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]),
    );

  it('are for their owner alone, whatever the umask; what is published is not', () => {
    const all = modes(data);
    const open = Object.keys(all).filter((name) => !['600', '700'].includes(all[name]!));
    // In a folder that nobody else can enter, but to be copied out of it.
    expect(open.sort()).toEqual([
      'published',
      'published/global-proof.ndjson',
      'published/manifest.json',
      'published/user_proofs/manifest.json',
      'snapshot.json',
    ]);
    expect(all).toMatchObject({
      '.': '700',
      'keys.json': '600',
      accounts: '700',
      'accounts/accounts-0001.json': '600',
      'published/witness': '700',
      'published/witness/index.bin': '600',
      'published/user_proofs': '700',
    });
  });
});

describe('an output of another snapshot is not replaced in silence', () => {
  it("prove-user into a folder with last month's proofs", async () => {
    const output = newPath();
    mkdirSync(output);
    const [[key, { file, document: proof }]] = [...published.proofs] as [[string, PublishedProof]];
    const name = basename(file);
    const old = proof
      .toString('utf8')
      .replace(/"manifest":"0x[0-9a-f]{64}"/, `"manifest":"0x${'1'.repeat(64)}"`);
    writeFileSync(join(output, name), old);
    for (const which of [['--key', key], ['--all']]) {
      const args = ['prove-user', '--witness', witness, ...which, '--output', output, '--workers', '1'];
      const { code, document } = await runJson(args);
      expect({ code, document }).toMatchObject({
        code: 2,
        document: { code: 'OUTPUT_EXISTS', kind: 'usage' },
      });
      expect(document.message).toMatch(
        /of another manifest than this one of generated.*name another output folder, or move them away/,
      );
      expect(document.message).not.toContain(key.slice(2, 20));
    }
    expect(readdirSync(output)).toEqual([name]);
    expect(readFileSync(join(output, name), 'utf8')).toBe(old);
  });

  it("fetch global onto last month's proof leaves no new manifest beside it", async () => {
    const output = newPath();
    mkdirSync(output);
    writeFileSync(join(output, 'global-proof.ndjson'), 'last month');
    const { code, document } = await runJson(['fetch', 'global', ...connection(), '--output', output]);
    expect({ code, document }).toMatchObject({ code: 2, document: { code: 'OUTPUT_EXISTS' } });
    expect(readdirSync(output)).toEqual(['global-proof.ndjson']);
  });

  it('generate onto something else', async () => {
    const output = newPath();
    mkdirSync(output);
    writeFileSync(join(output, 'keys.json'), 'mine');
    const { code, document } = await runJson(['generate', '--accounts', '1', '--output', output]);
    expect({ code, document }).toMatchObject({ code: 2, document: { code: 'OUTPUT_NOT_EMPTY' } });
    expect(readFileSync(join(output, 'keys.json'), 'utf8')).toBe('mine');
  });
});
