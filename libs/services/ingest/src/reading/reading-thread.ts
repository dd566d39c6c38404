import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type {
  BalanceSource,
  CompressedJob,
  CuttingPlan,
  OnReading,
  ReadingTask,
  SourceFacts,
} from './balance-source';
import { receivedError, type ThreadAnswer, type ThreadNews, type ThreadQuestion } from './thread-protocol';

/** So long a thread that is to be ended may go on loading. */
const PATIENCE = 60_000;

interface Waiting {
  resolve(answer: ThreadAnswer): void;
  reject(error: Error): void;
}

/**
 * Reads in a worker thread, so that health checks and heart-beats are answered meanwhile. It is never more than one job ahead of who takes them:
 * memory is constant.
 */
export class ReadingThread implements BalanceSource {
  readonly #worker: Worker;
  readonly #loaded: Promise<void>;
  #waiting: Waiting | undefined;
  #ended: Error | undefined;

  constructor(task: ReadingTask, onReading: OnReading = () => undefined) {
    this.#worker = new Worker(workerFile(), { workerData: task });
    this.#loaded = new Promise((resolve) => {
      this.#worker.on('message', (message: ThreadAnswer | ThreadNews) => {
        if ('answer' in message) this.#settle((waiting) => waiting.resolve(message));
        else if (message.news === 'reading') onReading(message.pass, message.progress);
        else resolve();
      });
      this.#worker.once('exit', () => resolve());
    });
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', (code) => this.#end(new Error(`the reading thread ended with code ${code}`)));
  }

  async check(): Promise<SourceFacts> {
    const reply = await this.#ask({ ask: 'check' });
    if (reply.answer !== 'checked') throw unexpected(reply);
    return reply.facts;
  }

  async *jobs(plan: CuttingPlan, skip: ReadonlySet<number>): AsyncGenerator<CompressedJob, void, void> {
    await this.#ask({ ask: 'cut', plan, skip });
    let ahead = this.#next();
    for (;;) {
      const reply = await ahead;
      if (reply.answer === 'end') return;
      if (reply.answer !== 'job') throw unexpected(reply);
      // The thread makes the next one while this one is used.
      ahead = this.#next();
      yield reply.job;
    }
  }

  async close(): Promise<void> {
    this.#end(new Error('reading was stopped'));
    // While a thread loads native code it must not be ended: the whole process would abort.
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE);
    });
    await Promise.race([this.#loaded, late]);
    clearTimeout(timer);
    await this.#worker.terminate();
  }

  #next(): Promise<ThreadAnswer> {
    const reply = this.#ask({ ask: 'next' });
    // Whoever stops taking jobs leaves this one behind: its failure is nobody's.
    reply.catch(() => undefined);
    return reply;
  }

  #ask(question: ThreadQuestion): Promise<ThreadAnswer> {
    return new Promise<ThreadAnswer>((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(question);
    }).then((reply) => {
      if (reply.answer === 'failure') throw receivedError(reply.failure);
      return reply;
    });
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#settle((waiting) => waiting.reject(error));
  }

  #settle(how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) how(waiting);
  }
}

function unexpected({ answer }: ThreadAnswer): Error {
  return new Error(`the reading thread answered ${answer} out of turn`);
}

/** Beside the service's bundle, or, when run from the sources, where `npm run build` puts it. */
function workerFile(): string {
  const name = 'reading-worker.cjs';
  const beside = join(__dirname, name);
  if (existsSync(beside)) return beside;
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const built = join(folder, 'dist', 'services', name);
    if (existsSync(built)) return built;
  }
  throw new Error(`${name} is not built: run \`npm run build\``);
}
