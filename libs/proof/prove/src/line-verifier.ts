import { Piscina } from 'piscina';
import { SolventError } from '@solvent/algebra';
import type { Invalid, LineVerifier, Manifest, VerifiedLine } from '@solvent/proof/verify';
import { workerFile } from './files';

/** Verifies the lines of one global proof file in worker threads. Close it when done. */
export class WorkerLineVerifier implements LineVerifier {
  readonly concurrency: number;
  #pool: Piscina | undefined;

  constructor(private readonly workers: number) {
    this.concurrency = workers + 1;
  }

  async verify(line: Uint8Array, manifest: Manifest): Promise<VerifiedLine | Invalid> {
    this.#pool ??= new Piscina({
      filename: workerFile('verify-worker'),
      minThreads: this.workers,
      maxThreads: this.workers,
      workerData: { manifest },
    });
    const result = (await this.#pool.run(line)) as
      VerifiedLine | Invalid | { malformed: string; code: string };
    if ('malformed' in result) throw new SolventError(result.code, 'malformed', result.malformed);
    return result;
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}
