import type { Invalid, LineVerifier, Manifest, VerifiedLine } from '@solvent-por/verifier';
import { openPool } from './work/open-pool';

/** Verifies the lines of one global proof file in worker threads. Close it when done. */
export class WorkerLineVerifier implements LineVerifier {
  readonly concurrency: number;
  #pool: ReturnType<typeof openPool<'verify'>> | undefined;

  constructor(private readonly workers: number) {
    this.concurrency = workers + 1;
  }

  verify(line: Uint8Array, manifest: Manifest): Promise<VerifiedLine | Invalid> {
    this.#pool ??= openPool('verify', { threads: this.workers, data: { manifest } });
    return this.#pool.run('verify', line);
  }

  /** Lines that are being verified are still finished: nobody hears of them any more. */
  async close(): Promise<void> {
    await this.#pool?.end();
  }
}
