import { Worker } from 'node:worker_threads';
import { SolventError } from '@solvent-por/kzg';
import { received } from './envelope';
import type { FromThread, ThreadData, ToThread } from './protocol';
import type { Handlers } from './serve';

export interface ThreadPoolOptions {
  /** Bundle of the threads; it calls `serve`. */
  readonly file: string;
  /** The kind of work, by its name in the table that `serve` was given. */
  readonly work: string;
  readonly threads: number;
  /** What every thread is given when it starts; keys among it never leave the process. */
  readonly data: unknown;
  /** Gets what threads tell by themselves. */
  readonly onNews?: (news: unknown) => void;
}

interface Task {
  readonly name: string;
  readonly value: unknown;
  readonly affinity: string | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly gone: Promise<void>;
  /** Undefined while it loads. */
  loading: { readonly done: true; readonly failure?: unknown } | undefined;
  task: Task | undefined;
  affinity: string | undefined;
}

/**
 * A fixed number of threads, the only kind of pool there is here: one task a thread at a time, in order. A
 * thread that dies takes only the task it had along, and another takes its place.
 *
 * None is ever terminated while it runs: N-API answers that with a C++ exception which nobody catches, and
 * the whole process aborts; and an answer that is on its way when its thread is taken away has nobody left to
 * go to. Each ends by itself, after its task: whoever has reached a verdict, or an error, waits in `end` for
 * what is still under way.
 */
export class ThreadPool<H extends Handlers = Handlers> {
  readonly #threads = new Set<Thread>();
  readonly #waiting: Task[] = [];
  #wake: (() => void)[] = [];
  #ended = false;

  constructor(private readonly options: ThreadPoolOptions) {
    while (this.#threads.size < options.threads) this.#start();
  }

  /**
   * Has a thread do something.
   *
   * @param name of a task that the work knows
   * @param affinity tasks of one affinity go to the thread that had the last of them, when it is free
   * @throws SolventError what the task threw; WORKER_DIED (internal), POOL_ENDED (internal)
   */
  run<N extends keyof H & string>(
    name: N,
    value: Parameters<H[N]>[0],
    affinity?: string,
  ): Promise<Awaited<ReturnType<H[N]>>> {
    return new Promise((resolve, reject) => {
      const answer = resolve as (result: unknown) => void;
      const task: Task = { name, value, affinity, resolve: answer, reject };
      if (this.#ended) return reject(poolEnded());
      while (this.#threads.size < this.options.threads) this.#start();
      this.#waiting.push(task);
      this.#dispatch();
    });
  }

  /** Whether every thread has loaded what it needs. */
  isReady(): boolean {
    const threads = [...this.#threads];
    return (
      !this.#ended &&
      threads.length === this.options.threads &&
      threads.every(({ loading }) => loading && !('failure' in loading))
    );
  }

  /** Waits until every thread has loaded. @throws what a thread could not load */
  async ready(): Promise<void> {
    while (!this.isReady()) {
      if (this.#ended) throw poolEnded();
      for (const { loading } of this.#threads) if (loading && 'failure' in loading) throw loading.failure;
      if (this.#threads.size < this.options.threads) throw workerDied();
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** Refuses what waits, lets running tasks end, and ends the threads. */
  async end(): Promise<void> {
    this.#ended = true;
    for (const task of this.#waiting.splice(0)) task.reject(poolEnded());
    this.#changed();
    await Promise.all(
      [...this.#threads].map((thread) => {
        thread.worker.postMessage({ end: true } satisfies ToThread);
        return thread.gone;
      }),
    );
  }

  #start(): void {
    const { file, work, data } = this.options;
    const worker = new Worker(file, { workerData: { work, data } satisfies ThreadData });
    let gone: () => void = () => undefined;
    const thread: Thread = {
      worker,
      gone: new Promise((resolve) => (gone = resolve)),
      loading: undefined,
      task: undefined,
      affinity: undefined,
    };
    this.#threads.add(thread);
    // 'exit' follows, and there the task is given up.
    let cause: unknown;
    worker.on('error', (error) => (cause = error));
    worker.on('exit', () => {
      this.#lose(thread, cause);
      gone();
    });
    worker.on('message', (message: FromThread) => this.#receive(thread, message));
  }

  #receive(thread: Thread, message: FromThread): void {
    if ('news' in message) return this.options.onNews?.(message.news);
    if ('loaded' in message) {
      thread.loading = { done: true, ...failureOf(message.loaded) };
    } else {
      const { task } = thread;
      thread.task = undefined;
      const failure = failureOf(message.answer);
      if ('failure' in failure) task?.reject(failure.failure);
      else task?.resolve(message.answer);
      this.#dispatch();
    }
    this.#changed();
  }

  #lose(thread: Thread, cause: unknown): void {
    this.#threads.delete(thread);
    thread.task?.reject(workerDied(cause));
    // One that could not even load is not replaced before somebody asks: it would only die again and again.
    if (!this.#ended && thread.loading) this.#start();
    if (this.#threads.size === 0)
      for (const task of this.#waiting.splice(0)) task.reject(this.#ended ? poolEnded() : workerDied(cause));
    this.#dispatch();
    this.#changed();
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const idle = [...this.#threads].filter(({ task }) => task === undefined);
      if (idle.length === 0) return;
      const task = this.#waiting.shift()!;
      const thread =
        idle.find(({ affinity }) => affinity !== undefined && affinity === task.affinity) ??
        idle.find(({ loading }) => loading) ??
        idle[0]!;
      // Last in line: of those that fit equally, the one idle longest gets the next task.
      this.#threads.delete(thread);
      this.#threads.add(thread);
      thread.affinity = task.affinity;
      thread.task = task;
      try {
        thread.worker.postMessage({ name: task.name, task: task.value } satisfies ToThread);
      } catch (error) {
        // What cannot be cloned is the caller's mistake; the thread never saw it.
        thread.task = undefined;
        task.reject(error);
      }
    }
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

function failureOf(answer: unknown): { readonly failure: unknown } | object {
  try {
    received(answer);
    return {};
  } catch (failure) {
    return { failure };
  }
}

function poolEnded(): SolventError<'POOL_ENDED'> {
  return new SolventError('POOL_ENDED', 'internal', 'the worker threads are being ended');
}

function workerDied(cause?: unknown): SolventError<'WORKER_DIED'> {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return new SolventError(
    'WORKER_DIED',
    'internal',
    `a worker thread died${typeof code === 'string' ? ` (${code})` : ''}: what it was doing may be tried again`,
  );
}
