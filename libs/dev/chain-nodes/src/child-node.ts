import { spawn, type ChildProcess } from 'node:child_process';
import { endWithUs } from '@solvent-por/dev/embedded-postgres';

/** A node's process, which ends with this one. */
export interface ChildNode {
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

const MOST_OUTPUT_CHARACTERS = 10_000;

/**
 * Starts a node and waits for it.
 * @param ready whether it answers yet: by what it has printed so far, or by asking it
 */
export async function startNode(
  program: string,
  args: readonly string[],
  ready: (output: string) => boolean | Promise<boolean>,
): Promise<ChildNode> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const free = endWithUs(() => child.kill('SIGKILL'));
  let output = '';
  let failed: Error | undefined;
  let woken = () => {};
  const take = (text: Buffer) => {
    output = (output + text.toString()).slice(-MOST_OUTPUT_CHARACTERS);
    woken();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const closed = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      failed = error;
      resolve();
    });
    child.once('close', () => resolve());
  });
  void closed.then(() => {
    failed ??= new Error(`${program} ended: ${output}`);
    woken();
  });
  while (!(await ready(output))) {
    if (failed) throw failed;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      woken = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  return {
    child,
    stop: async () => {
      child.kill('SIGKILL');
      await closed;
      free();
    },
  };
}

const POLL_MS = 50;
