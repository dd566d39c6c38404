import { beforeAbandoned, untilAborted } from './abandoning';

const never = new Promise<never>(() => undefined);

test('work that ends is what it gives, also after the signal while there is time', async () => {
  const stop = new AbortController();
  expect(await beforeAbandoned(Promise.resolve(1), stop.signal, 0)).toBe(1);
  await expect(beforeAbandoned(Promise.reject(new Error('no')), stop.signal, 0)).rejects.toThrow('no');
  let finish: (value: number) => void = () => undefined;
  const work = beforeAbandoned(new Promise<number>((resolve) => (finish = resolve)), stop.signal, 60_000);
  stop.abort();
  finish(2);
  expect(await work).toBe(2);
});

test('work that takes longer is abandoned, before and after the signal', async () => {
  const stop = new AbortController();
  const before = beforeAbandoned(never, stop.signal, 1);
  stop.abort(new Error('the service stops'));
  await expect(before).rejects.toThrow('the service stops');
  await expect(beforeAbandoned(never, stop.signal, 1)).rejects.toThrow('the service stops');
});

test('waits for the signal', async () => {
  const stop = new AbortController();
  const waiting = untilAborted(stop.signal);
  stop.abort();
  await waiting;
  await untilAborted(stop.signal);
});
