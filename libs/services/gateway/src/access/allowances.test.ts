import { Allowances, type SharedCounts } from './allowances';

/** One table, as the gateways share it; how many statements it took. */
class Table implements SharedCounts {
  statements = 0;
  away = false;
  readonly #counts = new Map<string, number>();

  async add(minute: number, counts: Parameters<SharedCounts['add']>[1]): Promise<number[]> {
    this.statements++;
    if (this.away) throw new Error('away');
    return counts.map(({ name, taken }) => {
      const sum = (this.#counts.get(`${minute} ${name}`) ?? 0) + taken;
      this.#counts.set(`${minute} ${name}`, sum);
      return sum;
    });
  }
}

const clock = { now: 90_000 };
const now = () => clock.now;
beforeEach(() => (clock.now = 90_000));

async function granted(takes: ReadonlyArray<Promise<number>>): Promise<number> {
  return (await Promise.all(takes)).filter((wait) => wait === 0).length;
}

test('an allowance over several gateways holds, however the requests are spread, and all at once', async () => {
  const table = new Table();
  const gateways = Array.from({ length: 4 }, () => new Allowances(table, undefined, now));
  const takes = (count: number) =>
    Array.from({ length: count }, (_, i) => gateways[i % gateways.length]!.take('a', 160));
  const all = await granted(takes(2000));
  // A gateway alone would have granted 160, four of them 640.
  expect(all).toBeGreaterThanOrEqual(160);
  expect(all).toBeLessThanOrEqual(160 + 4 * 10);
  expect(await granted(takes(400))).toBeLessThanOrEqual(4 * 10);
});

test('one gateway grants exactly the allowance, until the minute ends', async () => {
  const allowances = new Allowances(new Table(), undefined, now);
  expect(await granted(Array.from({ length: 500 }, () => allowances.take('a', 100)))).toBe(100);
  expect(await allowances.take('a', 100)).toBe(30);
  clock.now = 119_999;
  expect(await allowances.take('a', 100)).toBe(1);
  clock.now = 120_000;
  expect(await allowances.take('a', 100)).toBe(0);
});

test('who asks little costs no statement, and who asks much one for each sixteenth', async () => {
  const table = new Table();
  const allowances = new Allowances(table, undefined, now);
  for (let i = 0; i < 500; i++) for (let j = 0; j < 5; j++) await allowances.take(`user ${i}`, 160);
  expect(table.statements).toBe(0);
  for (let j = 0; j < 160; j++) await allowances.take('much', 160);
  expect(table.statements).toBe(16);
});

test('while the shared counts are away each gateway counts for itself, and asks them no more for a while', async () => {
  const table = new Table();
  table.away = true;
  const told: unknown[] = [];
  const gateways = [1, 2].map(() => new Allowances(table, (error) => told.push(error), now));
  for (const gateway of gateways)
    expect(await granted(Array.from({ length: 300 }, () => gateway.take('a', 160)))).toBe(160);
  expect([told.length, table.statements]).toEqual([2, 2]);
});

test('what is given back can be taken again', async () => {
  const allowances = new Allowances(undefined, undefined, now);
  expect(await allowances.take('a', 1)).toBe(0);
  expect(await allowances.take('a', 1)).toBe(30);
  allowances.giveBack('a');
  expect(await allowances.take('a', 1)).toBe(0);
});
