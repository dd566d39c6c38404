import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The bundle that users run; `npm test` builds it first. SOLVENT_CLI names another one. */
export const CLI = process.env.SOLVENT_CLI ?? join(__dirname, '../../../dist/cli/main.cjs');

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The largest file that it may write (ulimit -f): what fails then fails as on a full device. */
  readonly fileKilobytes?: number;
  /** Its stdin, stdout and stderr, where a test has its own; else nothing, and what `Ended` holds. */
  readonly stdio?: readonly ('ignore' | 'pipe' | number)[];
}

/** Starts the command as a user's shell would, without a terminal. */
export function startCli(args: readonly string[], options: RunOptions = {}): Running {
  const { environment = {}, cwd, fileKilobytes, stdio = ['ignore', 'pipe', 'pipe'] } = options;
  if (!existsSync(CLI)) throw new Error(`${CLI} is missing: run \`npm run build\``);
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('SOLVENT_')),
  );
  const limited = ['-c', `ulimit -f ${fileKilobytes} && exec "$0" "$@"`, process.execPath];
  const [program, before] = fileKilobytes ? ['/bin/bash', limited] : [process.execPath, []];
  const child = spawn(program, [...before, CLI, ...args], {
    env: { ...inherited, ...environment },
    stdio: [...stdio],
    ...(cwd && { cwd }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

export async function runCli(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return startCli(args, options).ended;
}

/** Runs with --json; fails unless stdout is exactly one JSON document and stderr is silent. */
export async function runJson(
  args: readonly string[],
  options?: RunOptions,
): Promise<{ code: number | null; document: JsonDocument }> {
  const { code, stdout, stderr } = await runCli([...args, '--json'], options);
  expect(stderr).toBe('');
  const document = JSON.parse(stdout) as JsonDocument;
  expect(document.ok).toBe(code === 0);
  return { code, document };
}

/** What `--json` printed; members as tests expect them, compared at run time. */
export interface JsonDocument {
  readonly ok: boolean;
  readonly [member: string]: unknown;
}

/** A folder that is removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'solvent-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

type PrintedFindings = readonly { readonly code: string; readonly message: string }[];

/** What a list of findings says, a line each. */
export function said(findings: unknown): string {
  return (findings as PrintedFindings).map(({ message }) => message).join('\n');
}

export function codes(findings: unknown): string[] {
  return (findings as PrintedFindings).map(({ code }) => code);
}
