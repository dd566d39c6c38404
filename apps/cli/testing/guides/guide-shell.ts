import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * One bash in which a guide's commands are typed one after the other: what is exported, and where one has
 * gone, stays.
 */
export class GuideShell {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #output = mkdtempSync(join(tmpdir(), 'solvent-guide-'));

  /** @param folder where it starts: an empty one */
  constructor(
    readonly folder: string,
    path: string,
  ) {
    // Neither the secrets of whoever runs the tests nor npm's own variables, by which a program knows that
    // npm started it.
    const kept = Object.entries(process.env).filter(([name]) => !/^(?:SOLVENT_|npm_)/.test(name));
    this.#child = spawn('/bin/bash', ['--noprofile', '--norc'], {
      cwd: folder,
      env: { ...Object.fromEntries(kept), PATH: path },
    });
    this.#answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Types a command and waits until it has ended. */
  async type(command: string): Promise<Printed> {
    const [stdout, stderr] = [join(this.#output, 'stdout'), join(this.#output, 'stderr')];
    this.#child.stdin.write(`{ ${command}\n} </dev/null >'${stdout}' 2>'${stderr}'; echo $?\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`the shell ended at: ${command}`);
    return {
      code: Number(value),
      stdout: readFileSync(stdout, 'utf8'),
      stderr: readFileSync(stderr, 'utf8'),
    };
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await new Promise((resolve) => this.#child.once('close', resolve));
    rmSync(this.#output, { recursive: true });
  }
}
