import type { BatchJudge, JudgeData, JudgedBatch } from '@solvent-por/reserves';
import { openPool } from './work/open-pool';

/** Judges the lines of one publication of reserves in worker threads. Close it when done. */
export class WorkerReservesJudge implements BatchJudge {
  readonly concurrency: number;
  #pool: ReturnType<typeof openPool<'reserves'>> | undefined;

  constructor(private readonly workers: number) {
    this.concurrency = 2 * workers;
  }

  judge(lines: readonly Uint8Array[], data: JudgeData): Promise<JudgedBatch> {
    this.#pool ??= openPool('reserves', { threads: this.workers, data });
    return this.#pool.run('judge', lines);
  }

  /** Lines that are being judged are still finished: nobody hears of them any more. */
  async close(): Promise<void> {
    await this.#pool?.end();
  }
}
