import { parentPort, workerData } from 'node:worker_threads';
import type { CompressedJob, ReadingTask } from '../reading/balance-source';
import { SourceReading } from '../reading/source-reading';
import {
  postedError,
  type ThreadAnswer,
  type ThreadNews,
  type ThreadQuestion,
} from '../reading/thread-protocol';

const port = parentPort!;
const tell = (news: ThreadNews) => port.postMessage(news);
const source = new SourceReading(workerData as ReadingTask, (pass, progress) =>
  tell({ news: 'reading', pass, progress }),
);
let jobs: AsyncGenerator<CompressedJob, void, void> | undefined;

async function answer(question: ThreadQuestion): Promise<ThreadAnswer> {
  if (question.ask === 'check') return { answer: 'checked', facts: await source.check() };
  if (question.ask === 'cut') {
    jobs = source.jobs(question.plan, question.skip);
    return { answer: 'cutting' };
  }
  const { value, done } = await jobs!.next();
  return done ? { answer: 'end' } : { answer: 'job', job: value };
}

port.on('message', (question: ThreadQuestion) => {
  answer(question)
    .catch((error: unknown): ThreadAnswer => ({ answer: 'failure', failure: postedError(error) }))
    .then((reply) => port.postMessage(reply));
});
tell({ news: 'loaded' });
