import type { ReadProgress } from '@solvent-por/snapshot/readers';
import type { WorkContext } from '@solvent-por/prover/threads';
import type { CompressedJob, CuttingPlan, ReadingPass, ReadingTask, SourceFacts } from './balance-source';
import { SourceReading } from './source-reading';

/** What the thread tells while it reads. */
export interface ReadingNews {
  readonly pass: ReadingPass;
  readonly progress: ReadProgress;
}

/** What is read again, without the jobs that are not wanted. */
export interface CuttingTask {
  readonly plan: CuttingPlan;
  readonly skip: ReadonlySet<number>;
}

/** Reads one source. It stops where it next would tell how far it is, once the thread is to end. */
export async function start(task: ReadingTask, { tell, ending }: WorkContext) {
  let jobs: AsyncGenerator<CompressedJob, void, void> | undefined;
  const source = new SourceReading(task, (pass, progress) => {
    ending.throwIfAborted();
    tell({ pass, progress } satisfies ReadingNews);
  });
  ending.addEventListener('abort', () => void jobs?.return().catch(() => undefined), { once: true });
  return {
    async check(_: void): Promise<SourceFacts> {
      return source.check();
    },
    async cut({ plan, skip }: CuttingTask): Promise<void> {
      jobs = source.jobs(plan, skip);
    },
    /** Undefined after the last. */
    async next(_: void): Promise<CompressedJob | undefined> {
      return (await jobs!.next()).value ?? undefined;
    },
  };
}
