import { progressLines } from './progress';

function lines() {
  const written: string[] = [];
  let time = 0;
  const progress = progressLines(
    'proving',
    (line) => written.push(line),
    () => time,
  );
  return {
    written,
    at: (milliseconds: number, done: number, detail?: string) => {
      time = milliseconds;
      progress.update(done, 100, detail);
    },
  };
}

it('writes a line for each ten percent, but not more than one a second', () => {
  const { written, at } = lines();
  at(0, 0);
  at(500, 10);
  at(1_200, 12, '5 accounts/s');
  at(1_300, 25);
  at(2_300, 29);
  at(4_000, 29);
  expect(written).toEqual(['proving 12 % after 1.20 s, 5 accounts/s', 'proving 29 % after 2.30 s']);
});

it('writes a line after ten seconds without one', () => {
  const { written, at } = lines();
  at(9_000, 1);
  at(10_500, 1);
  at(11_000, 2);
  at(20_600, 2);
  expect(written).toHaveLength(2);
});
