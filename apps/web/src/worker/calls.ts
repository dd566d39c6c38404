import { trustedScript } from './trusted';
import type { Answer, Call, Failure, ProgressOf, TaskName, Tasks } from './protocol';

/** A worker's call that failed. */
export class CallError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = 'CallError';
  }
}

interface Waiting {
  readonly done: (value: unknown) => void;
  readonly failed: (error: Error) => void;
  readonly progress?: ((progress: unknown) => void) | undefined;
}

/** One worker, asked by name; it is started by the first call. */
export class Calls {
  #worker: Worker | undefined;
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();

  constructor(private readonly address: string) {}

  /** Loads the verifier before it is needed. */
  warm(): void {
    this.#worker ??= this.#start();
  }

  /** @throws CallError */
  ask<T extends TaskName>(
    task: T,
    give: Tasks[T]['give'],
    progress?: (progress: ProgressOf<T>) => void,
  ): Promise<Tasks[T]['get']> {
    const worker = (this.#worker ??= this.#start());
    const call: Call<T> = { call: this.#next++, task, give };
    return new Promise((done, failed) => {
      this.#waiting.set(call.call, {
        done: done as (value: unknown) => void,
        failed,
        progress: progress as ((progress: unknown) => void) | undefined,
      });
      worker.postMessage(call);
    });
  }

  /** Ends whatever it does; calls under way fail with CANCELLED. */
  end(): void {
    this.#worker?.terminate();
    this.#fail({ code: 'CANCELLED', kind: 'internal', message: 'cancelled' });
  }

  #start(): Worker {
    // From disk, a browser lets no page load modules; what is made from text is one piece anyway.
    const type = this.address.startsWith('blob:') ? 'classic' : 'module';
    const worker = new Worker(trustedScript(this.address), { type });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#answer(data);
    worker.onerror = () =>
      this.#fail({ code: 'WORKER_FAILED', kind: 'internal', message: 'the verifier could not be loaded' });
    return worker;
  }

  #answer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.call);
    if ('progress' in answer) return waiting?.progress?.(answer.progress);
    this.#waiting.delete(answer.call);
    if ('failed' in answer) waiting?.failed(new CallError(answer.failed));
    else waiting?.done(answer.got);
  }

  #fail(failure: Failure): void {
    this.#worker = undefined;
    for (const { failed } of this.#waiting.values()) failed(new CallError(failure));
    this.#waiting.clear();
  }
}
