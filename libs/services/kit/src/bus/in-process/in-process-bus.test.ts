import { messageBusContract, TEST_OPTIONS } from '../../../testing/bus/bus-contract';
import { noteContract, uniqueGroup } from '../../../testing/bus/test-contract';
import { latch, until } from '../../../testing/bus/wait';
import { InProcessBus } from './in-process-bus';

describe('what every bus does', () => {
  messageBusContract(async (_, options) => new InProcessBus(options));
});

test('publishers wait while a topic is full, and go on when it is not', async () => {
  const contract = noteContract();
  const bus = new InProcessBus({ ...TEST_OPTIONS, capacity: 100 });
  const hold = latch();
  let handled = 0;
  await bus.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async () => {
    await hold.opened;
    handled++;
  });
  const text = 'x'.repeat(120);
  await bus.publish(contract, { key: 'a', text });
  let second = false;
  const publishing = bus.publish(contract, { key: 'b', text }).then(() => (second = true));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(second).toBe(false);
  hold.open();
  await publishing;
  await until('both were handled', () => handled === 2);
  await bus.close();
});

test('closing lets publishers go that wait for room', async () => {
  const contract = noteContract();
  const bus = new InProcessBus({ ...TEST_OPTIONS, capacity: 1 });
  await bus.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async (_, { signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  });
  await bus.publish(contract, { key: 'a', text: '' });
  const publishing = bus.publish(contract, { key: 'b', text: '' });
  await bus.close();
  await publishing;
});

test('a topic that nobody listens to keeps its newest messages, as far as they fit', async () => {
  const contract = noteContract();
  const bus = new InProcessBus({ ...TEST_OPTIONS, capacity: 500 });
  for (let i = 0; i < 20; i++) await bus.publish(contract, { key: 'k', text: `${i} ${'x'.repeat(70)}` });
  const seen: string[] = [];
  await bus.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async ({ text }) => {
    seen.push(text.split(' ')[0]!);
  });
  await until('they arrived', () => seen.at(-1) === '19');
  expect(seen).toEqual(['15', '16', '17', '18', '19']);
  await bus.close();
});
