import type { SolventError } from '@solvent-por/kzg';
import type { BatchMaterial } from './batch-materials';
import { InclusionQueue } from './inclusion-queue';

/** A worker whose tasks end when the test says so. */
function harness(
  options: { workers?: number; rowsPerTask?: number; mostWaiting?: number; mostOfOne?: number } = {},
) {
  const tasks: {
    readonly task: { readonly batch: number; readonly rows: readonly number[] };
    end(): void;
    fail(error: Error): void;
  }[] = [];
  const loaded: string[] = [];
  let load: () => Promise<void> = async () => undefined;
  const queue = new InclusionQueue({
    workers: 1,
    ...options,
    load: async (snapshotId, batch) => {
      loaded.push(`${snapshotId}/${batch}`);
      await load();
      return { batch } as BatchMaterial;
    },
    prove: (_snapshotId, { batch }, rows) =>
      new Promise<Uint8Array[]>((resolve, reject) =>
        tasks.push({
          task: { batch, rows },
          end: () => resolve(rows.map((row) => Uint8Array.of(batch, row))),
          fail: reject,
        }),
      ),
  });
  return { queue, tasks, loaded, onLoad: (work: () => Promise<void>) => (load = work) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('rows of a batch that is being proved are gathered into its next task', async () => {
  const { queue, tasks } = harness();
  const first = queue.prove('a', 's', 1, 0);
  await settled();
  const rest = [5, 6, 7, 5].map((row) => queue.prove('a', 's', 1, row));
  expect(rest[0]).toBe(rest[3]);
  await settled();
  expect(tasks.map(({ task }) => task.rows)).toEqual([[0]]);
  tasks[0]!.end();
  expect(await first).toEqual(Uint8Array.of(1, 0));
  await settled();
  expect(tasks.map(({ task }) => task.rows)).toEqual([[0], [5, 6, 7]]);
  tasks[1]!.end();
  expect(await Promise.all(rest)).toEqual([5, 6, 7, 5].map((row) => Uint8Array.of(1, row)));
  expect(queue.waiting).toBe(0);
});

test('who comes while a batch is read comes along', async () => {
  const { queue, tasks, onLoad } = harness();
  let read: () => void = () => undefined;
  onLoad(() => new Promise((resolve) => (read = resolve)));
  void queue.prove('a', 's', 1, 0);
  await settled();
  void queue.prove('a', 's', 1, 1);
  read();
  await settled();
  expect(tasks.map(({ task }) => task.rows)).toEqual([[0, 1]]);
});

test('a task has a bounded number of rows, and other batches have their turn in between', async () => {
  const { queue, tasks } = harness({ rowsPerTask: 2 });
  const asked = [0, 1, 2, 3].map((row) => queue.prove('a', 's', 1, row));
  const others = [2, 3].map((batch) => queue.prove('a', 's', batch, 0));
  for (let done = 0; done < 4; done++) {
    await settled();
    tasks[done]!.end();
  }
  await Promise.all([...asked, ...others]);
  expect(tasks.map(({ task: { batch, rows } }) => [batch, rows])).toEqual([
    [1, [0, 1]],
    [2, [0]],
    [3, [0]],
    [1, [2, 3]],
  ]);
});

test('no more tasks run than there are workers, and one that reads ahead', async () => {
  const { queue, tasks } = harness({ workers: 2 });
  for (let batch = 0; batch < 9; batch++) void queue.prove('a', 's', batch, 0);
  await settled();
  expect(tasks).toHaveLength(3);
  tasks[0]!.end();
  await settled();
  expect(tasks).toHaveLength(4);
});

test('the same batch of two snapshots is two', async () => {
  const { queue, loaded } = harness({ workers: 2 });
  void queue.prove('a', 'a', 1, 0);
  void queue.prove('a', 'b', 1, 0);
  await settled();
  expect(loaded).toEqual(['a/1', 'b/1']);
});

test('a failure reaches those it concerns, and the queue goes on', async () => {
  const { queue, tasks, onLoad } = harness();
  const failed = queue.prove('a', 's', 1, 0);
  await settled();
  const later = queue.prove('a', 's', 1, 1);
  tasks[0]!.fail(new Error('the worker died'));
  await expect(failed).rejects.toThrow('the worker died');
  await settled();
  tasks[1]!.end();
  expect(await later).toEqual(Uint8Array.of(1, 1));
  onLoad(() => Promise.reject(new Error('no database')));
  await expect(queue.prove('a', 's', 2, 0)).rejects.toThrow('no database');
  expect(queue.waiting).toBe(0);
});

test('who asks for one row waits for a task of each other caller, not for all that one of them asked for', async () => {
  const { queue, tasks } = harness({ rowsPerTask: 2 });
  const many = Array.from({ length: 300 }, (_, i) => queue.prove('many', 's', i % 10, i));
  const one = queue.prove('one', 's', 3, 1000);
  const other = queue.prove('other', 's', 77, 0);
  let answered = 0;
  for (const promise of [one, other]) void promise.then(() => answered++);
  for (let done = 0; answered < 2; done++) {
    await settled();
    tasks[done]!.end();
    await settled();
  }
  // Not 150: those that ran already, then one of each caller, and those that were begun meanwhile.
  expect(tasks.length).toBeLessThanOrEqual(8);
  expect(tasks.find(({ task }) => task.batch === 3)!.task.rows).toContain(1000);
  for (let done = 0; done < tasks.length; done++) {
    tasks[done]!.end();
    await settled();
  }
  await Promise.all(many);
  expect(queue.waiting).toBe(0);
});

test('one caller holds half of the places at most, and gets them back', async () => {
  const { queue, tasks } = harness({ mostWaiting: 8 });
  const busy = expect.objectContaining({ code: 'LOOKUPS_BUSY' }) as SolventError;
  for (let row = 0; row < 4; row++) void queue.prove('a', 's', 1, row);
  expect(() => queue.prove('a', 's', 1, 4)).toThrow(busy);
  void queue.prove('b', 's', 1, 5);
  await settled();
  tasks[0]!.end();
  await settled();
  expect(queue.waiting).toBe(0);
  expect(() => void queue.prove('a', 's', 1, 4)).not.toThrow();
});

test('more than may wait is refused', async () => {
  const { queue } = harness({ mostWaiting: 2, mostOfOne: 2 });
  void queue.prove('a', 's', 1, 0);
  void queue.prove('a', 's', 1, 1);
  expect(() => queue.prove('a', 's', 1, 2)).toThrow(
    expect.objectContaining({ code: 'LOOKUPS_BUSY', details: { retryAfter: 10 } }) as SolventError,
  );
  expect(() => void queue.prove('a', 's', 1, 1)).not.toThrow();
});
