import { InFlight } from './in-flight';

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('no more than the limit run at once, and all of them run', async () => {
  const inFlight = new InFlight(3);
  let [running, most, done] = [0, 0, 0];
  for (let i = 0; i < 20; i++)
    await inFlight.add(async () => {
      most = Math.max(most, ++running);
      await tick();
      running--;
      done++;
    });
  await inFlight.settle();
  expect([most, done]).toEqual([3, 20]);
});

test('after a failure nothing new begins, and what was begun is waited for', async () => {
  const inFlight = new InFlight(2);
  let finished = false;
  await inFlight.add(async () => {
    for (let i = 0; i < 5; i++) await tick();
    finished = true;
  });
  await inFlight.add(async () => {
    throw new Error('away');
  });
  const third = jest.fn(async () => undefined);
  await expect(inFlight.add(third)).rejects.toThrow('away');
  await expect(inFlight.settle()).rejects.toThrow('away');
  expect(finished).toBe(true);
  expect(third).not.toHaveBeenCalled();
});
