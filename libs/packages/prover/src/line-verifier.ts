import type { Invalid, LineVerifier, Manifest, VerifiedLine } from '@solvent-por/verifier';
import { workerFile } from './files';
import { ThreadPool } from './threads/thread-pool';

/** Verifies the lines of one global proof file in worker threads. Close it when done. */
export class WorkerLineVerifier implements LineVerifier {
  readonly concurrency: number;
  #pool: ThreadPool | undefined;

  constructor(private readonly workers: number) {
    this.concurrency = workers + 1;
  }

  verify(line: Uint8Array, manifest: Manifest): Promise<VerifiedLine | Invalid> {
    this.#pool ??= new ThreadPool({
      file: workerFile('verify-worker'),
      threads: this.workers,
      workerData: { manifest },
    });
    return this.#pool.run<VerifiedLine | Invalid>('verify', line);
  }

  /** Lines that are being verified are still finished: nobody hears of them any more. */
  async close(): Promise<void> {
    await this.#pool?.end();
  }
}
