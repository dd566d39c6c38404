import { ACCOUNT_ROWS } from '@solvent-por/verifier';
import { Folders, records, taskOf } from '../../testing/balance-files';
import type { CompressedJob } from './balance-source';
import { ReadingThread } from './reading-thread';
import { start } from './reading-work';
import { SourceReading } from './source-reading';

const folders = new Folders();
afterAll(() => folders.remove());

const COUNT = ACCOUNT_ROWS + 10;
const task = taskOf(folders.of({ 'a.ndjson': records('ndjson', COUNT) }));

async function all(jobs: AsyncIterable<CompressedJob>): Promise<CompressedJob[]> {
  const found: CompressedJob[] = [];
  for await (const job of jobs) found.push({ ...job, payload: Buffer.from(job.payload) });
  return found;
}

test('reads in another thread what this one would', async () => {
  const passes = new Set<string>();
  const thread = new ReadingThread(task, (pass) => passes.add(pass));
  try {
    const here = new SourceReading(task);
    const facts = await thread.check();
    expect(facts).toEqual(await here.check());
    const plan = { sourceDigest: facts.sourceDigest, batchesPerProof: 1, batchCount: 2 };
    const jobs = await all(thread.jobs(plan, new Set()));
    expect(jobs).toHaveLength(2);
    expect(jobs).toEqual(await all(here.jobs(plan, new Set())));
    expect(passes).toEqual(new Set(['check', 'cut']));
    expect((await all(thread.jobs(plan, new Set([0])))).map(({ first }) => first)).toEqual([1]);
  } finally {
    await thread.close();
  }
});

test('a refusal keeps its code, kind and details on the way', async () => {
  const text = records('ndjson', 10).replace('"USDT":"7"', '"DOGE":"7"');
  const thread = new ReadingThread(taskOf(folders.of({ 'a.ndjson': text })));
  await expect(thread.check()).rejects.toMatchObject({
    name: 'SolventError',
    code: 'ROW_TOKEN_UNKNOWN',
    kind: 'invalid',
    details: { file: 'a.ndjson', row: 7 },
  });
  await thread.close();
});

test('ending it rejects what it was asked, and it answers nothing more', async () => {
  const thread = new ReadingThread(task);
  const asked = thread.check();
  const closed = thread.close();
  await expect(asked).rejects.toThrow('reading was stopped');
  await closed;
  await expect(thread.check()).rejects.toThrow('reading was stopped');
  await thread.close();
});

test('reading stops where it next would tell how far it is, once it is to end', async () => {
  const ending = new AbortController();
  const news: unknown[] = [];
  const tell = (told: unknown) => {
    news.push(told);
    ending.abort(new Error('to end'));
  };
  const work = await start(task, { tell, ending: ending.signal });
  await expect(work.check()).rejects.toThrow('to end');
  expect(news).toHaveLength(1);
});

test('what no one expected is told too', async () => {
  const thread = new ReadingThread({ ...task, header: { ...task.header, assets: [] } });
  const error: unknown = await thread.check().catch((error: unknown) => error);
  await thread.close();
  // Of this kind nobody takes it for a fault of the request.
  expect(error).toMatchObject({ code: 'WORKER_FAILED', kind: 'internal' });
});
