import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli, runJson, startCli, temporaryFolder, type Running } from '../testing/run-cli';

const root = temporaryFolder();
const data = join(root, 'data');
const [input, config] = [join(data, 'accounts'), join(data, 'snapshot.json')];
const reference = join(root, 'reference');

/** Two workers and two batches: two proofs, of which that with 20 accounts is done first. */
const prove = (output: string, ...more: string[]) => [
  ...['prove', '--input', input, '--config', config, '--output', output, '--workers', '2', ...more],
];

/** Every file below a folder, with its bytes; but for the lock that a killed run leaves. */
function contents(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== '.solvent-lock',
  );
  return new Map(
    names.map(({ parentPath, path, name }) => {
      const file = join(parentPath ?? path, name);
      return [file.slice(folder.length), readFileSync(file).toString('base64')];
    }),
  );
}

const proofs = (output: string) => {
  const folder = join(output, '.progress');
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^proof-\d+\.bin$/.test(name)) : [];
};

/** Waits until a run has got so far; fails when it ended before. */
async function until(run: Running, reached: () => boolean): Promise<void> {
  let over = false;
  void run.ended.then(() => (over = true));
  while (!reached()) {
    if (over)
      throw new Error(`the run ended before it could be interrupted: ${JSON.stringify(await run.ended)}`);
    await sleep(5);
  }
}

beforeAll(async () => {
  await runCli(['generate', '--accounts', '4100', '--assets', '2', '--output', data]);
  expect(await runJson(prove(reference))).toMatchObject({ code: 0, document: { accounts: 4100 } });
  expect([...contents(reference).keys()].sort()).toEqual([
    '/global-proof.ndjson',
    '/manifest.json',
    '/witness/batch-00000.bin',
    '/witness/batch-00001.bin',
    '/witness/batches.bin',
    '/witness/index.bin',
    '/witness/leaves.bin',
    '/witness/manifest.json',
  ]);
  expect(readFileSync(join(reference, 'global-proof.ndjson'), 'utf8').trim().split('\n')).toHaveLength(3);
});

describe('a run that was killed', () => {
  const output = join(root, 'killed');

  beforeAll(async () => {
    const run = startCli(prove(output));
    await until(run, () => proofs(output).length > 0);
    run.child.kill('SIGKILL');
    await run.ended;
    expect(existsSync(join(output, 'manifest.json'))).toBe(false);
  });

  it('is not resumed with another configuration, input or key', async () => {
    const changes: [string, string, (text: string) => string][] = [
      ['configuration', 'snapshot.json', (text) => text.replace('"generated"', '"generated2"')],
      ['input', 'accounts/accounts-0001.json', (text) => text.replace(/"BTC":"\d+"/, '"BTC":"1"')],
    ];
    for (const [name, file, change] of changes) {
      const copy = join(root, `other ${name}`);
      cpSync(data, copy, { recursive: true });
      const before = readFileSync(join(copy, file), 'utf8');
      writeFileSync(join(copy, file), change(before));
      expect(change(before)).not.toBe(before);
      const left = contents(output);
      const { code, document } = await runJson([
        ...[
          'prove',
          '--input',
          join(copy, 'accounts'),
          '--config',
          join(copy, 'snapshot.json'),
          '--output',
          output,
        ],
      ]);
      expect({ name, code, error: document.code }).toEqual({ name, code: 2, error: 'RESUME_MISMATCH' });
      expect(contents(output)).toEqual(left);
    }
  });

  it('goes on where it stopped and gives the same bytes', async () => {
    const { code, document } = await runJson(prove(output));
    expect(code).toBe(0);
    expect(document.resumedBatches).toBeGreaterThan(0);
    expect(contents(output)).toEqual(contents(reference));
  });

  it('is finished then: the folder is refused and left alone', async () => {
    expect(await runJson(prove(output))).toMatchObject({ code: 2, document: { code: 'OUTPUT_EXISTS' } });
    expect(contents(output)).toEqual(contents(reference));
  });
});

it('stops in good order at Ctrl-C, says that the same command goes on, and it does', async () => {
  const output = join(root, 'stopped');
  const run = startCli(prove(output));
  await until(run, () => existsSync(join(output, '.progress', 'plan.bin')));
  run.child.kill('SIGINT');
  const { code, signal, stderr } = await run.ended;
  expect({ code, signal, stderr }).toMatchObject({ code: 130, signal: null });
  expect(stderr).toContain('the same command');
  expect(existsSync(join(output, 'manifest.json'))).toBe(false);
  expect((await runJson(prove(output, '--workers', '1'))).code).toBe(0);
  expect(contents(output)).toEqual(contents(reference));
});

it('ends at once when it gets a second signal', async () => {
  const output = join(root, 'impatient');
  const run = startCli(prove(output));
  await until(run, () => existsSync(join(output, '.progress', 'plan.bin')));
  run.child.kill('SIGINT');
  await sleep(100);
  run.child.kill('SIGTERM');
  const { signal } = await run.ended;
  expect(signal).toBe('SIGTERM');
  expect(existsSync(join(output, 'manifest.json'))).toBe(false);
});
