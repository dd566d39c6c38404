import { failureOf } from './failure';
import type { Answer, Call, ProgressOf, TaskName, Tasks } from './protocol';

type Work = {
  readonly [T in TaskName]?: (
    give: Tasks[T]['give'],
    progress: (progress: ProgressOf<T>) => void,
  ) => Tasks[T]['get'] | Promise<Tasks[T]['get']>;
};

/** Answers what a page, or another worker, asks of this one, by name. */
export function answerCalls(tasks: Work): void {
  const post = (answer: Answer) =>
    (self as unknown as { postMessage(answer: Answer): void }).postMessage(answer);

  async function run<T extends TaskName>({ call, task, give }: Call<T>): Promise<void> {
    try {
      const work = tasks[task];
      if (!work) throw new Error(`this worker knows no ${task}`);
      post({ call, got: await work(give, (progress) => post({ call, progress })) });
    } catch (error) {
      post({ call, failed: failureOf(error) });
    }
  }

  self.onmessage = ({ data }: MessageEvent<Call>) => void run(data);
}
