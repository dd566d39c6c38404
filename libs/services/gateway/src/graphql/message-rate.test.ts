import { MessageRate } from './message-rate';

test('so many at once, then so many a second, saved up to no more than at once', () => {
  let now = 0;
  const rate = new MessageRate(() => now);
  const taken = () => {
    for (let count = 0; ; count++) if (!rate.take()) return count;
  };
  expect(taken()).toBe(60);
  now += 500;
  expect(taken()).toBe(10);
  now += 3_600_000;
  expect(taken()).toBe(60);
});
