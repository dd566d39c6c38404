import { ThreadPool, workerFile } from '@solvent-por/prover/threads';
import type {
  BalanceSource,
  CompressedJob,
  CuttingPlan,
  OnReading,
  ReadingTask,
  SourceFacts,
} from './balance-source';
import type { READING } from './reading-table';
import type { ReadingNews } from './reading-work';

type Reading = Awaited<ReturnType<typeof READING.reading>>;

/**
 * Reads in a worker thread, so that health checks and heart-beats are answered meanwhile. It is never more
 * than one job ahead of who takes them:
 * memory is constant.
 */
export class ReadingThread implements BalanceSource {
  readonly #pool: ThreadPool<Awaited<ReturnType<Reading['start']>>>;
  readonly #stopped: Promise<never>;
  #stop: () => void = () => undefined;

  constructor(task: ReadingTask, onReading: OnReading = () => undefined) {
    this.#stopped = new Promise((_, reject) => {
      this.#stop = () => reject(new Error('reading was stopped'));
    });
    // Whoever asks for something hears of it.
    this.#stopped.catch(() => undefined);
    this.#pool = new ThreadPool({
      file: workerFile('services'),
      work: 'reading',
      threads: 1,
      data: task,
      onNews: (news) => {
        const { pass, progress } = news as ReadingNews;
        onReading(pass, progress);
      },
    });
  }

  check(): Promise<SourceFacts> {
    return this.#unlessStopped(this.#pool.run('check', undefined));
  }

  async *jobs(plan: CuttingPlan, skip: ReadonlySet<number>): AsyncGenerator<CompressedJob, void, void> {
    await this.#unlessStopped(this.#pool.run('cut', { plan, skip }));
    let ahead = this.#next();
    for (;;) {
      const job = await ahead;
      if (!job) return;
      // The thread makes the next one while this one is used.
      ahead = this.#next();
      yield job;
    }
  }

  /** What was asked is refused at once; the thread ends when it next looks up from reading. */
  async close(): Promise<void> {
    this.#stop();
    await this.#pool.end();
  }

  #next(): Promise<CompressedJob | undefined> {
    const job = this.#unlessStopped(this.#pool.run('next', undefined));
    // Whoever stops taking jobs leaves this one behind: its failure is nobody's.
    job.catch(() => undefined);
    return job;
  }

  #unlessStopped<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([this.#stopped, answer]);
  }
}
