import { SolventError } from '@solvent-por/kzg';
import {
  deadLetter,
  MAX_MESSAGE_BYTES,
  type DeadLetter,
  type EventContract,
} from '@solvent-por/services/contracts';
import type { BusOptions } from '../../src/bus/bus-options';
import { silentMeter } from '../../src/bus/bus-options';
import { silentLog } from '../../src/logging/log';
import type { DeadLetterReason, MessageBus } from '../../src/bus/message-bus';
import { noteContract, uniqueGroup, unreadable, type Note } from './test-contract';
import { latch, until } from './wait';

class Away extends Error {}

export const TEST_OPTIONS: BusOptions = {
  isTransient: (error) => error instanceof Away,
  log: silentLog,
  meter: silentMeter,
  retry: { tries: 3, firstPauseMs: 5, longestPauseMs: 40 },
};

/** What handlers may rely on, whichever bus they stand on: run for each adapter. */
export function messageBusContract(
  open: (contract: EventContract<Note>, options: BusOptions) => Promise<MessageBus>,
) {
  const buses: MessageBus[] = [];
  const bus = async (contract: EventContract<Note>, options = TEST_OPTIONS) => {
    const opened = await open(contract, options);
    buses.push(opened);
    return opened;
  };
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((one) => one.close()));
  });

  test('each group sees every message; instances of a group share them', async () => {
    const contract = noteContract();
    const one = await bus(contract);
    const seen: Record<string, string[]> = { a: [], b: [] };
    const [a, b] = [uniqueGroup(), uniqueGroup()];
    await one.subscribe(contract, { group: a, concurrency: 2 }, async ({ text }) => void seen.a!.push(text));
    await one.subscribe(contract, { group: a, concurrency: 1 }, async ({ text }) => void seen.a!.push(text));
    await one.subscribe(contract, { group: b, concurrency: 1 }, async ({ text }) => void seen.b!.push(text));
    const texts = Array.from({ length: 30 }, (_, i) => `message ${i}`);
    await Promise.all(texts.map((text, i) => one.publish(contract, { key: `k${i % 7}`, text })));
    await until('all were handled', async () => (await one.lag()).every(({ messages }) => messages === 0));
    expect([...seen.a!].sort()).toEqual([...texts].sort());
    expect([...seen.b!].sort()).toEqual([...texts].sort());
  });

  test('what is published before the first group subscribes waits for it', async () => {
    const contract = noteContract();
    const one = await bus(contract);
    await one.publish(contract, { key: 'k', text: 'early' });
    const seen: string[] = [];
    await one.subscribe(
      contract,
      { group: uniqueGroup(), concurrency: 1 },
      async ({ text }) => void seen.push(text),
    );
    await until('it arrived', () => seen.length === 1);
    expect(seen).toEqual(['early']);
  });

  test('messages of one key stay in order, also when one of them has to be tried again', async () => {
    const contract = noteContract();
    const one = await bus(contract);
    const seen = new Map<string, string[]>();
    let failed = false;
    await one.subscribe(contract, { group: uniqueGroup(), concurrency: 3 }, async ({ key, text }) => {
      if (text === '3' && !failed) {
        failed = true;
        throw new Away();
      }
      seen.set(key, [...(seen.get(key) ?? []), text]);
    });
    for (let i = 0; i < 8; i++)
      await Promise.all(['a', 'b', 'c'].map((key) => one.publish(contract, { key, text: String(i) })));
    await until('all arrived', () => [...seen.values()].flat().length === 24);
    for (const key of ['a', 'b', 'c'])
      expect(seen.get(key)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    expect(failed).toBe(true);
  });

  test('handlers run side by side, but no more than asked for', async () => {
    const contract = noteContract();
    const one = await bus(contract);
    let [running, most, handled] = [0, 0, 0];
    const both = latch();
    await one.subscribe(contract, { group: uniqueGroup(), concurrency: 2 }, async () => {
      most = Math.max(most, ++running);
      if (running === 2) both.open();
      await both.opened;
      running--;
      handled++;
    });
    for (let slot = 0; slot < 8; slot++) await one.publish(contract, { key: `k${slot}`, text: '' }, { slot });
    await until('all were handled', () => handled === 8);
    expect(most).toBe(2);
  });

  test('a transient error is tried again until it passes, with the number of the attempt', async () => {
    const contract = noteContract();
    const one = await bus(contract);
    const attempts: number[] = [];
    await one.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async (_, { attempt }) => {
      attempts.push(attempt);
      if (attempt < 8) throw new Away();
    });
    await one.publish(contract, { key: 'k', text: '' });
    await until('it was handled', async () => attempts.length === 8 && (await one.lag())[0]!.messages === 0);
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('a message that fails a few times goes to the dead letters and blocks nothing', async () => {
    const contract = noteContract(1);
    const one = await bus(contract);
    const id = 'ab'.repeat(32);
    const [group, handled, attempts] = [uniqueGroup(), [] as string[], [] as number[]];
    const reasons: DeadLetterReason[] = [];
    const letters = await deadLettersOf(one, contract);
    await one.subscribe(
      contract,
      { group, concurrency: 1, onDeadLetter: async (reason) => void reasons.push(reason) },
      async ({ text }, { attempt }) => {
        if (text !== 'poison') return void handled.push(text);
        attempts.push(attempt);
        throw new SolventError('TEST_POISON', 'invalid', `account ${id} cannot be handled`);
      },
    );
    for (const text of ['before', 'poison', 'after']) await one.publish(contract, { key: 'k', text });
    await until('all are behind us', () => handled.length === 2 && letters.length === 1);
    expect(handled).toEqual(['before', 'after']);
    expect(attempts).toEqual([1, 2, 3]);
    expect(reasons).toEqual([
      {
        code: 'TEST_POISON',
        reason: 'account abababab… cannot be handled',
        message: { key: 'k', text: 'poison' },
      },
    ]);
    expect(letters[0]).toMatchObject({
      topic: contract.topic,
      group,
      key: 'k',
      code: 'TEST_POISON',
      attempts: 3,
      offset: '1',
    });
    expect(JSON.stringify(letters)).not.toContain(id);
  });

  test('what cannot be read goes to the dead letters at once, without being handled', async () => {
    const contract = noteContract(1);
    const one = await bus(contract);
    const handled: string[] = [];
    const reasons: DeadLetterReason[] = [];
    const letters = await deadLettersOf(one, contract);
    await one.subscribe(
      contract,
      { group: uniqueGroup(), concurrency: 1, onDeadLetter: async (reason) => void reasons.push(reason) },
      async ({ text }) => void handled.push(text),
    );
    await one.publish(unreadable(contract), Uint8Array.of(0xff, 0x00));
    await one.publish(contract, { key: 'k', text: 'after' });
    await until('both are behind us', () => handled.length === 1 && letters.length === 1);
    expect(handled).toEqual(['after']);
    expect(reasons).toMatchObject([{ code: 'MESSAGE_MALFORMED', message: undefined }]);
    expect(letters[0]).toMatchObject({ code: 'MESSAGE_MALFORMED', attempts: 1, valueBytes: 2 });
  });

  test('whoever is told of a dead message is told again when that fails for a while', async () => {
    const contract = noteContract(1);
    const one = await bus(contract);
    let told = 0;
    const onDeadLetter = async () => {
      if (++told < 5) throw new Away();
    };
    await one.subscribe(contract, { group: uniqueGroup(), concurrency: 1, onDeadLetter }, async () => {
      throw new Error('no');
    });
    await one.publish(contract, { key: 'k', text: '' });
    await until('it is behind us', async () => told === 5 && (await one.lag())[0]!.messages === 0);
    expect(told).toBe(5);
  });

  test('the longest message arrives byte for byte; a longer one is refused before it is sent', async () => {
    const contract = unreadable(noteContract());
    const one = await bus(noteContractOf(contract));
    const bytes = new Uint8Array(15 * 1024 * 1024).map((_, i) => (i * 2_654_435_761) >>> 13);
    const seen: Uint8Array[] = [];
    await one.subscribe(
      contract,
      { group: uniqueGroup(), concurrency: 1 },
      async (value) => void seen.push(value),
    );
    await one.publish(contract, bytes);
    await until('it arrived', () => seen.length === 1);
    expect(Buffer.compare(seen[0]!, bytes)).toBe(0);
    await expect(one.publish(contract, new Uint8Array(MAX_MESSAGE_BYTES))).rejects.toMatchObject({
      code: 'BUS_MESSAGE_TOO_LARGE',
    });
  });

  test('closing aborts what is handled and waits for it; what was abandoned was not given up', async () => {
    const contract = noteContract();
    const one = await bus(contract);
    const letters = await deadLettersOf(one, contract);
    const started = latch();
    let ended = false;
    await one.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async (_, { signal }) => {
      started.open();
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await new Promise((resolve) => setTimeout(resolve, 50));
      ended = true;
      throw new Error('abandoned');
    });
    await one.publish(contract, { key: 'k', text: '' });
    await started.opened;
    await one.close();
    expect(ended).toBe(true);
    expect(letters).toEqual([]);
    await expect(one.publish(contract, { key: 'k', text: '' })).rejects.toMatchObject({ code: 'BUS_CLOSED' });
    await expect(
      one.subscribe(contract, { group: 'g', concurrency: 1 }, async () => {}),
    ).rejects.toMatchObject({
      code: 'BUS_CLOSED',
    });
    expect(await one.isReady()).toBe(false);
  });

  test('a handler that ends while the bus closes may still publish', async () => {
    const contract = noteContract();
    const one = await bus(contract);
    const started = latch();
    let published: unknown;
    await one.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async ({ text }, { signal }) => {
      if (text === 'answer') return;
      started.open();
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      published = await one.publish(contract, { key: 'k', text: 'answer' }).then(
        () => 'published',
        (error) => error,
      );
    });
    await one.publish(contract, { key: 'k', text: 'question' });
    await started.opened;
    await one.close();
    expect(published).toBe('published');
  });

  test('counts what is published, handled, given up and tried again', async () => {
    const contract = noteContract(1);
    const counts: string[] = [];
    const meter = {
      published: (topic: string) => void (topic === contract.topic && counts.push('published')),
      handled: (_topic: string, _group: string, outcome: string) => void counts.push(outcome),
      retried: (_topic: string, _group: string, transient: boolean) =>
        void counts.push(`retried ${transient}`),
    };
    const one = await bus(contract, { ...TEST_OPTIONS, meter });
    await one.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async ({ text }, { attempt }) => {
      if (text === 'poison') throw new Error('no');
      if (attempt === 1) throw new Away();
    });
    for (const text of ['poison', 'late']) await one.publish(contract, { key: 'k', text });
    await until('both are behind us', () => counts.includes('done'));
    expect(counts.filter((count) => count === 'published')).toHaveLength(2);
    expect(counts.filter((count) => count !== 'published')).toEqual([
      ...['retried false', 'retried false', 'dead', 'retried true', 'done'],
    ]);
  });
}

/** The dead letters of one topic, as they come. */
async function deadLettersOf(bus: MessageBus, { topic }: { topic: string }): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  await bus.subscribe(deadLetter, { group: uniqueGroup(), concurrency: 1 }, async (letter) => {
    if (letter.topic === topic) letters.push(letter);
  });
  return letters;
}

function noteContractOf({ topic, settings }: EventContract<Uint8Array>): EventContract<Note> {
  return { ...noteContract(), topic, settings };
}
