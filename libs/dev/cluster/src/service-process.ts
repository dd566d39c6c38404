import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { SolventError } from '@solvent-por/kzg';

export interface ServiceProcessOptions {
  /** As logs and messages call it: `prover-2`. */
  readonly name: string;
  /** The bundle to run. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Gets what the process writes. */
  readonly logFile: string;
  /** Answers /readyz here. */
  readonly url: string;
}

/** So long a service may take to be ready; loading KZG's set-up takes seconds on a busy machine. */
const READY_WITHIN_MS = 120_000;
/** So long a service may take to end in good order. */
const END_WITHIN_MS = 60_000;

/** One service in a process of its own. It can be killed and started again. */
export class ChildService {
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(readonly options: ServiceProcessOptions) {}

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts the process and waits until it is ready. @throws Error when it ends or does not become ready */
  async start(): Promise<void> {
    const { file, environment, logFile, name } = this.options;
    const log = createWriteStream(logFile, { flags: 'a' });
    const child = spawn(process.execPath, [file], {
      env: { ...cleanEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('close', () => {
        log.end(() => resolve());
      });
    });
    const started = Date.now();
    while (!(await this.isReady())) {
      if (!this.isRunning) throw await this.#notStarted(child);
      if (Date.now() - started > READY_WITHIN_MS)
        throw new Error(`${name} is not ready after ${READY_WITHIN_MS / 1000} s: see ${logFile}`);
      await pause(150);
    }
  }

  /** The last it wrote says why. */
  async #notStarted({ exitCode }: ChildProcess): Promise<Error> {
    const { name, logFile } = this.options;
    await this.#ended;
    const last = (await readFile(logFile, 'utf8')).trimEnd().split('\n').at(-1)!;
    return new SolventError(
      'SERVICE_NOT_STARTED',
      'usage',
      `${name} ended while it started (exit code ${exitCode}): ${last}; more is in ${logFile}`,
    );
  }

  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.options.url}/readyz`, { signal: AbortSignal.timeout(5_000) })).ok;
    } catch {
      return false;
    }
  }

  /** SIGKILL: as a crash would end it. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** SIGTERM; SIGKILL where that is not enough. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.#child?.kill('SIGTERM');
    const impatience = setTimeout(() => this.#child?.kill('SIGKILL'), END_WITHIN_MS);
    await this.#ended;
    clearTimeout(impatience);
  }
}

/**
 * The services get their settings from the cluster, never by accident from the shell that it was started in.
 */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SOLVENT_')));
}
