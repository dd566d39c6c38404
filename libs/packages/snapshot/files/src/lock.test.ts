import { spawn, type ChildProcess } from 'node:child_process';
import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { SolventError } from '@solvent-por/kzg';
import {
  contentsOf,
  isLockFile,
  lockBeside,
  lockFolder,
  releaseLocks,
  type Lock,
  type LockOwner,
} from './lock';
import { isAlive, thisMachine } from './process-identity';

const root = mkdtempSync(join(tmpdir(), 'solvent-lock-'));
const program = join(root, 'program.cjs');
const children = new Set<ChildProcess>();
let folders = 0;
const newFolder = () => join(root, `folder ${folders++}`);
const lockIn = (folder: string) => join(folder, '.solvent-lock');
const owner = (folder: string) => JSON.parse(readFileSync(lockIn(folder), 'utf8')) as LockOwner;

beforeAll(() => {
  buildSync({
    entryPoints: [join(__dirname, '../testing/lock-program.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    // The rest of it would be loaded by each of many processes.
    alias: { '@solvent-por/kzg': join(__dirname, '../../../kzg/src/errors.ts') },
    logLevel: 'error',
  });
});
afterEach(async () => {
  releaseLocks();
  await Promise.all([...children].map(kill));
  jest.restoreAllMocks();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Answer {
  readonly held?: number;
  readonly broken?: number | null;
  readonly code?: string;
  readonly message?: string;
  readonly violation?: number;
}

class Process {
  readonly child: ChildProcess;
  readonly #answers: Answer[] = [];
  #wake: () => void = () => undefined;
  readonly ended: Promise<void>;

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.add(this.child);
    let text = '';
    this.child.stdout!.setEncoding('utf8').on('data', (more: string) => {
      const lines = (text + more).split('\n');
      text = lines.pop()!;
      this.#answers.push(...lines.map((line) => JSON.parse(line) as Answer));
      this.#wake();
    });
    this.ended = new Promise((resolve) => this.child.once('close', () => resolve()));
  }

  async answer(i: number): Promise<Answer> {
    while (this.#answers.length <= i) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#answers[i]!;
  }

  get answers(): readonly Answer[] {
    return this.#answers;
  }

  /** Takes the lock, or is refused. */
  async take(): Promise<Answer> {
    await this.answer(0);
    this.child.stdin!.write('go\n');
    return this.answer(1);
  }
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  await gone;
}

/** A lock that its owner left, changed in some way. */
function leave(folder: string, changes: Partial<LockOwner>): void {
  const lock = lockFolder(folder, 'solvent prove');
  const left = { ...owner(folder), ...changes };
  lock.release();
  mkdirSync(folder, { recursive: true });
  writeFileSync(lockIn(folder), JSON.stringify(left));
}

const noProcess = { pid: 2 ** 22 + 1 };

test('two runs, one folder: the second is refused at once and told who holds it; given back, the folder is free', async () => {
  const folder = newFolder();
  const first = new Process('hold', folder);
  expect(await first.take()).toEqual({ held: first.child.pid, broken: null });
  const { code, message } = await new Process('hold', folder).take();
  expect(code).toBe('OUTPUT_IN_USE');
  expect(message).toContain(`\`test hold\`, process ${first.child.pid} on ${owner(folder).host}, since 20`);
  expect(message).toContain('wait until it has ended');
  first.child.stdin!.end();
  await first.ended;
  const lock = lockFolder(folder, 'solvent prove');
  expect(lock.broken).toBeUndefined();
  expect(() => lockFolder(folder, 'solvent prove')).toThrow(
    expect.objectContaining({ code: 'OUTPUT_IN_USE', kind: 'usage' }) as Error,
  );
});

test('after kill -9 the next run succeeds the dead one, and says whom', async () => {
  const folder = newFolder();
  const first = new Process('hold', folder);
  await first.take();
  await kill(first.child);
  const lock = lockFolder(folder, 'solvent prove');
  expect(lock.broken).toMatchObject({ pid: first.child.pid, command: 'test hold' });
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('processes that find the same dead owner at once: one succeeds it', async () => {
  for (let round = 0; round < 4; round++) {
    const folder = newFolder();
    leave(folder, noProcess);
    const all = Array.from({ length: 5 }, () => new Process('hold', folder));
    await Promise.all(all.map((one) => one.answer(0)));
    const answers = await Promise.all(all.map((one) => one.take()));
    expect(answers.filter(({ held }) => held !== undefined)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'OUTPUT_IN_USE')).toHaveLength(4);
    await Promise.all(all.map(({ child }) => kill(child)));
  }
});

test('processes that take it in turn, and each die holding it, are never two inside', async () => {
  const folder = newFolder();
  const all = Array.from({ length: 6 }, () => new Process('hammer', folder, '40'));
  await Promise.all(all.map((one) => one.ended));
  expect(all.flatMap((one) => one.answers).filter(({ violation }) => violation !== undefined)).toEqual([]);
  expect(all.every(({ child }) => child.signalCode === 'SIGKILL')).toBe(true);
  lockFolder(folder, 'solvent prove').release();
  expect(readdirSync(folder).filter(isLockFile)).toEqual([]);
});

const STEPS = ['readFileSync', 'openSync', 'linkSync', 'renameSync', 'rmSync'] as const;

/** Lets something happen just before the n-th thing that is done with files; whether it came to that. */
function interrupt(n: number, happens: () => void): () => boolean {
  let [count, done] = [0, false];
  for (const name of STEPS) {
    const original = fs[name] as (...args: unknown[]) => unknown;
    jest.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
      if (!done && String(args[0]).includes('.solvent-lock') && ++count === n) {
        done = true;
        happens();
      }
      return original(...args);
    }) as never);
  }
  return () => done;
}

function take(folder: string): Lock | string {
  try {
    return lockFolder(folder, 'solvent prove');
  } catch (error) {
    return (error as SolventError).code;
  }
}

test.each<[string, (folder: string) => (Lock | string)[]]>([
  ['another takes it', (folder) => [take(folder)]],
  [
    'another takes it and gives it back',
    (folder) => {
      const lock = take(folder);
      if (typeof lock === 'string') return [lock];
      lock.release();
      return [];
    },
  ],
  [
    'another takes it, gives it back, and a third takes it',
    (folder) => {
      const lock = take(folder);
      if (typeof lock === 'string') return [lock];
      lock.release();
      return [take(folder)];
    },
  ],
  [
    'another takes it and dies, and a third succeeds it',
    (folder) => {
      const lock = take(folder);
      if (typeof lock === 'string') return [lock];
      const gone = { ...owner(folder), ...noProcess };
      lock.release();
      mkdirSync(folder, { recursive: true });
      writeFileSync(lockIn(folder), JSON.stringify(gone));
      return [take(folder)];
    },
  ],
])('a dead owner has one successor, at whatever moment %s', (_name, happen) => {
  let [n, more] = [0, true];
  for (; more; n++) {
    const folder = newFolder();
    leave(folder, noProcess);
    let others: (Lock | string)[] = [];
    const happened = interrupt(n + 1, () => (others = happen(folder)));
    const mine = take(folder);
    more = happened();
    jest.restoreAllMocks();
    const all = [mine, ...others];
    const holders = all.filter((one) => typeof one !== 'string');
    expect({ n, holders: holders.length }).toEqual({ n, holders: 1 });
    expect(all.filter((one) => typeof one === 'string').every((code) => code === 'OUTPUT_IN_USE')).toBe(true);
    releaseLocks();
    expect(existsSync(folder) ? readdirSync(folder).filter((name) => !name.endsWith('.next')) : []).toEqual(
      [],
    );
  }
  expect(n).toBeGreaterThan(8);
});

test('a successor that died before it had the first place is succeeded in turn', () => {
  const folder = newFolder();
  leave(folder, noProcess);
  const dead = owner(folder);
  const next = { ...dead, token: 'ab'.repeat(16) };
  writeFileSync(`${lockIn(folder)}.${dead.token}.next`, JSON.stringify(next));
  writeFileSync(`${lockIn(folder)}.${'cd'.repeat(16)}.new`, '{"half');
  const lock = lockFolder(folder, 'solvent prove');
  expect(lock.broken).toMatchObject({ token: next.token });
  expect(readdirSync(folder)).toEqual(['.solvent-lock']);
});

test('a lock is nobody’s when a later process has its id', () => {
  const folder = newFolder();
  leave(folder, { started: '1' });
  expect(lockFolder(folder, 'solvent prove').broken).toMatchObject({ started: '1' });
});

test('a lock is nobody’s when the machine was started anew, though its process id is taken again', () => {
  const folder = newFolder();
  jest.replaceProperty(thisMachine(), 'machineId', '12');
  leave(folder, { boot: '34', started: '1' });
  expect(lockFolder(folder, 'solvent prove').broken).toMatchObject({ boot: '34' });
});

test.each<[string, Partial<LockOwner>]>([
  ['on another host of a shared disk', { host: 'other.example', machineId: '12', boot: '34', ...noProcess }],
  ['in another container of this machine', { host: '0123456789ab', namespace: 'pid:[1]', ...noProcess }],
  ['on a machine of the same name, where none has an id', { boot: '34', ...noProcess }],
])('a lock taken %s is not broken in silence but explained', (_name, changes) => {
  jest.replaceProperty(thisMachine(), 'machineId', '');
  const folder = newFolder();
  leave(folder, changes);
  const before = readFileSync(lockIn(folder));
  const refusal = () => lockFolder(folder, 'solvent prove');
  expect(refusal).toThrow(
    expect.objectContaining({ code: 'OUTPUT_IN_USE_ELSEWHERE', kind: 'usage' }) as Error,
  );
  expect(refusal).toThrow(/another machine or container.*remove .*\.solvent-lock and give the command again/);
  expect(readFileSync(lockIn(folder))).toEqual(before);
});

test('a process that its parent has not collected yet is gone', async () => {
  // The shell is replaced by a program that never collects what it started.
  const script = 'sleep 0 & echo $!; exec sleep 60';
  const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.add(parent);
  const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout!.once('data', resolve)));
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
  const folder = newFolder();
  leave(folder, { pid });
  expect(lockFolder(folder, 'solvent prove').broken).toMatchObject({ pid });
});

test('a lock file that cannot be read is explained, not broken', () => {
  const folder = newFolder();
  mkdirSync(folder);
  writeFileSync(lockIn(folder), '{"half');
  expect(() => lockFolder(folder, 'solvent prove')).toThrow(
    expect.objectContaining({ code: 'OUTPUT_LOCK_DAMAGED', kind: 'usage' }) as Error,
  );
  expect(readFileSync(lockIn(folder), 'utf8')).toBe('{"half');
});

test('where the file system has no links it is exclusive all the same', () => {
  jest.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw Object.assign(new Error('no links here'), { code: 'EPERM' });
  });
  const folder = newFolder();
  const lock = lockFolder(folder, 'solvent prove');
  expect(() => lockFolder(folder, 'solvent prove')).toThrow(
    expect.objectContaining({ code: 'OUTPUT_IN_USE' }) as Error,
  );
  expect(fs.linkSync).toHaveBeenCalled();
  lock.release();
  leave(folder, noProcess);
  expect(lockFolder(folder, 'solvent prove').broken).toMatchObject(noProcess);
});

test('a folder that was made for the lock goes with it when nothing came into it; what is in it is not touched', () => {
  const folder = newFolder();
  const lock = lockFolder(folder, 'solvent prove', 0o700);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(contentsOf(folder)).toEqual([]);
  lock.release();
  expect(existsSync(folder)).toBe(false);
  const other = lockFolder(folder, 'solvent prove');
  writeFileSync(join(folder, 'mine'), '');
  other.release();
  expect(readdirSync(folder)).toEqual(['mine']);
  const beside = lockBeside(join(folder, 'keys.json'), 'solvent keys new');
  expect(readdirSync(folder).sort()).toEqual(['.keys.json.solvent-lock', 'mine']);
  expect(contentsOf(folder)).toEqual(['mine']);
  lockBeside(join(folder, 'other.json'), 'solvent keys new').release();
  beside.release();
  expect(readdirSync(folder)).toEqual(['mine']);
});

test('a lock that was removed by hand and is another’s by now is left alone', () => {
  const folder = newFolder();
  const lock = lockFolder(folder, 'solvent prove');
  const other = { ...owner(folder), token: 'ef'.repeat(16) };
  writeFileSync(lockIn(folder), JSON.stringify(other));
  lock.release();
  expect(owner(folder)).toEqual(other);
});
