import { SolventError } from '@solvent-por/kzg';
import { FairQueue } from './fair-queue';

function harness(options: { mostWaiting?: number; mostOfOne?: number } = {}) {
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const queue = new FairQueue({
    atOnce: 1,
    mostWaiting: 64,
    mostOfOne: 16,
    ...options,
    busy: () => new SolventError('BUSY', 'usage', 'busy'),
  });
  const ask = (who: string, name: string) =>
    queue.run(who, () => {
      started.push(name);
      return new Promise<string>((end) => ends.push(() => end(name)));
    });
  const endAll = async () => {
    for (let i = 0; i < ends.length; i++) {
      ends[i]!();
      await new Promise(setImmediate);
    }
  };
  return { queue, started, ask, endAll };
}

test('callers have turns, and what one asks for stays in its order', async () => {
  const { queue, started, ask, endAll } = harness();
  const asked = ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'].map((name) => ask(name[0]!, name));
  await endAll();
  expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
  expect(await Promise.all(asked)).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'b2']);
  expect(queue.waiting).toBe(0);
});

test('how many wait is bounded, in all and for one, and nothing of what is refused is run', async () => {
  const { started, ask, endAll } = harness({ mostWaiting: 3, mostOfOne: 2 });
  const asked = [ask('a', 'a1'), ask('a', 'a2')];
  await expect(ask('a', 'a3')).rejects.toMatchObject({ code: 'BUSY' });
  asked.push(ask('b', 'b1'), ask('c', 'c1'));
  await expect(ask('d', 'd1')).rejects.toMatchObject({ code: 'BUSY' });
  await endAll();
  await Promise.all(asked);
  expect(started).toEqual(['a1', 'a2', 'b1', 'c1']);
});

test('what fails gives its place back', async () => {
  const { queue } = harness({ mostOfOne: 1 });
  for (let i = 0; i < 3; i++)
    await expect(queue.run('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await queue.run('a', async () => 5)).toBe(5);
});
