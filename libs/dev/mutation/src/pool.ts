import { fork, type ChildProcess } from 'node:child_process';
import { setImmediate as turn } from 'node:timers/promises';
import type { InstrumentedFile, Measured, Reply, Request, Tried } from './worker';
import type { Unit } from './units';

/** Mutants after which a process is replaced: what they leave behind in memory goes with it. */
const MUTANTS_A_PROCESS = 150;
const HEAP_MEGABYTES = 2048;

export interface WorkerOptions {
  readonly root: string;
  /** The bundle of worker.ts. */
  readonly worker: string;
  /** Folder in which commitments are kept, where they may be. */
  readonly commitments?: string;
}

/** A worker process, started when it is needed and again after a mutant ended it. */
export class MutantRunner {
  #process: ChildProcess | undefined;
  #tried = 0;

  constructor(private readonly options: WorkerOptions) {}

  /**
   * Time of each unit without any mutant, and which mutants it reaches.
   * @throws Error when the process ends
   */
  async measure(
    units: readonly Unit[],
    files: readonly InstrumentedFile[],
    onMeasured: (measured: Measured, unit: Unit) => void = () => undefined,
  ): Promise<Measured[]> {
    const all: Measured[] = [];
    const worker = await this.#ready();
    await new Promise<void>((resolve, reject) => {
      this.#listen(worker, reject, (reply) => {
        try {
          onMeasured(reply as Measured, units[all.length]!);
        } catch (error) {
          reject(error);
        }
        all.push(reply as Measured);
        if (all.length === units.length) resolve();
      });
      worker.send({ kind: 'measure', units, files } satisfies Request);
      if (units.length === 0) resolve();
    });
    worker.removeAllListeners();
    this.close();
    return all;
  }

  /** Whether any of the units tells the mutant from the original. */
  async try(request: Omit<Request & { kind: 'try' }, 'kind'>): Promise<Tried> {
    if (this.#tried++ >= MUTANTS_A_PROCESS) this.close();
    const worker = await this.#ready();
    try {
      const tried = await new Promise<Tried>((resolve, reject) => {
        this.#listen(worker, reject, (reply) => resolve(reply as Tried));
        worker.send({ kind: 'try', ...request } satisfies Request);
      });
      // What waits for ever may go on: it ends with its process.
      if (tried.how === 'time-out') this.close();
      return tried;
    } catch {
      this.close();
      return { kind: 'tried', by: 'the process', how: 'time-out or crash' };
    } finally {
      worker.removeAllListeners();
      await turn();
    }
  }

  close(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
    this.#tried = 0;
  }

  #listen(worker: ChildProcess, ended: (error: Error) => void, heard: (reply: Reply) => void): void {
    worker.removeAllListeners();
    worker.on('message', heard);
    worker.on('exit', () => ended(new Error('the worker process ended')));
    worker.on('error', ended);
  }

  async #ready(): Promise<ChildProcess> {
    if (this.#process?.connected) return this.#process;
    const { root, worker, commitments } = this.options;
    const { SOLVENT_KZG: _backend, SOLVENT_TEST_RUN_DIRECTORY: _folder, ...env } = process.env;
    const child = fork(worker, [root], {
      execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`, '--disable-warning=ExperimentalWarning'],
      env: commitments === undefined ? env : { ...env, SOLVENT_TEST_RUN_DIRECTORY: commitments },
      serialization: 'advanced',
      // What mutants say on their way down is of no use.
      stdio: ['ignore', 'ignore', process.env['MUTATION_DEBUG'] ? 'inherit' : 'ignore', 'ipc'],
    });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      this.#listen(child, reject, () => resolve());
    });
    child.removeAllListeners();
    return child;
  }
}
