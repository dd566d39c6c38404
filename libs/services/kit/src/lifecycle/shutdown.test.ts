import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { silentLog, type Log } from '../logging/log';
import { Shutdown } from './shutdown';

const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 5));

test('what was given is closed by phases, once', async () => {
  const shutdown = new Shutdown(silentLog);
  const order: string[] = [];
  const step = (name: string) => async () => {
    order.push(`${name} begins`);
    await nextTurn();
    order.push(`${name} ends`);
  };
  shutdown.add('store', 'database', step('database'));
  shutdown.add('serve', 'http', step('http'));
  shutdown.add('work', 'bus', step('bus'));
  expect(await Promise.all([shutdown.run(10), shutdown.run(10)])).toEqual([true, true]);
  expect(order).toEqual(['bus', 'http', 'database'].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test('one that fails does not keep the others from being closed', async () => {
  const shutdown = new Shutdown(silentLog);
  let closed = false;
  shutdown.add('work', 'bus', () => Promise.reject(new Error('no')));
  shutdown.add('store', 'database', async () => void (closed = true));
  expect(await shutdown.run(10)).toBe(false);
  expect(closed).toBe(true);
});

test('one that does not end is named, and not waited for', async () => {
  const lines: object[] = [];
  const log: Log = { ...silentLog, error: (fields) => void lines.push(fields) };
  const shutdown = new Shutdown(log);
  shutdown.add('work', 'bus', () => new Promise(() => undefined));
  shutdown.add('store', 'database', async () => {});
  expect(await shutdown.run(0.02)).toBe(false);
  expect(lines).toEqual([{ open: ['bus', 'database'], seconds: 0.02 }]);
});

describe('a process', () => {
  let directory: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'solvent-signals-'));
    await build({
      entryPoints: [join(__dirname, '../../testing/ending-process.ts')],
      outfile: join(directory, 'process.cjs'),
      bundle: true,
      platform: 'node',
      logLevel: 'error',
    });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** Starts it, sends signals as it reads lines, and gives its lines and exit code. */
  function run(mode: string, signals: Record<string, NodeJS.Signals>) {
    const child = spawn(process.execPath, [join(directory, 'process.cjs'), mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      const signal = signals[line];
      if (signal) child.kill(signal);
    });
    return new Promise<{ lines: string[]; code: number | null }>((resolve) =>
      child.once('close', (code) => resolve({ lines, code })),
    );
  }

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends in good order on %s', async (signal) => {
    expect(await run('good', { running: signal })).toEqual({
      lines: ['running', 'closing', 'closed'],
      code: 0,
    });
  });

  test('ends at once on a second signal', async () => {
    expect(await run('stuck', { running: 'SIGTERM', closing: 'SIGTERM' })).toEqual({
      lines: ['running', 'closing'],
      code: 130,
    });
  });

  test('ends with 1 when something could not be closed', async () => {
    expect(await run('bad', { running: 'SIGTERM' })).toMatchObject({ code: 1 });
  });

  test('ends although something was left open', async () => {
    expect(await run('leaky', { running: 'SIGTERM' })).toEqual({
      lines: ['running', 'closing', 'closed'],
      code: 0,
    });
  });
});
