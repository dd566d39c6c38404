import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { describeWithKafka, sharedKafka } from '@solvent-por/dev/servers';
import { KafkaBuses, QUICK } from '../../../testing/bus/kafka-buses';
import { noteContract, uniqueGroup } from '../../../testing/bus/test-contract';
import { latch, until } from '../../../testing/bus/wait';

describeWithKafka('members of a Kafka group', () => {
  const buses = new KafkaBuses(sharedKafka);
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await buses.close();
  });

  test('a handler may take longer than a session: its message is not delivered again', async () => {
    const contract = noteContract(1);
    const bus = await buses.open(contract);
    const handled: string[] = [];
    await bus.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async ({ text }) => {
      if (text === 'long') await pause(QUICK.sessionTimeout! * 2);
      handled.push(text);
    });
    for (const text of ['long', 'short']) await bus.publish(contract, { key: 'k', text });
    await until('both were handled', () => handled.length === 2);
    expect(handled).toEqual(['long', 'short']);
  });

  test('a member that joins while others handle waits for them: nothing is lost, nothing is done twice', async () => {
    const contract = noteContract(4);
    const group = uniqueGroup();
    const handled = new Map<string, string[]>([
      ['first', []],
      ['second', []],
    ]);
    const handling = latch();
    const first = await buses.open(contract);
    await first.subscribe(contract, { group, concurrency: 2 }, async ({ text }) => {
      handling.open();
      // The rebalance begins in the middle of this, and a session has time to end.
      await pause(handled.get('first')!.length < 2 ? QUICK.sessionTimeout! * 1.5 : 20);
      handled.get('first')!.push(text);
    });
    const texts = Array.from({ length: 24 }, (_, slot) => `message ${slot}`);
    for (const [slot, text] of texts.entries()) await first.publish(contract, { key: text, text }, { slot });
    await handling.opened;
    const second = await buses.open(contract);
    await second.subscribe(contract, { group, concurrency: 2 }, async ({ text }) => {
      await pause(20);
      handled.get('second')!.push(text);
    });
    await until('all were handled', () => [...handled.values()].flat().length >= texts.length);
    await until('all are committed', async () => (await first.lag())[0]!.messages === 0);
    expect([...handled.values()].flat().sort()).toEqual([...texts].sort());
    expect(handled.get('second')!.length).toBeGreaterThan(0);
  });

  test('a member that waits between two tries gives way to a rebalance', async () => {
    const contract = noteContract(2);
    const group = uniqueGroup();
    let mended = false;
    const attempts: number[] = [];
    const handler = async (_: unknown, { attempt }: { attempt: number }) => {
      attempts.push(attempt);
      if (!mended) throw new Error('away');
    };
    const patient = {
      isTransient: () => true,
      retry: { tries: 3, firstPauseMs: 120_000, longestPauseMs: 120_000 },
    };
    const first = await buses.open(contract, patient);
    await first.subscribe(contract, { group, concurrency: 1 }, handler);
    await first.publish(contract, { key: 'k', text: '' });
    await until('it was tried', () => attempts.length === 1);
    const second = await buses.open(contract, patient);
    mended = true;
    await second.subscribe(contract, { group, concurrency: 1 }, handler);
    await until(
      'it was handled',
      async () => attempts.length === 2 && (await first.lag())[0]!.messages === 0,
    );
  });

  test('a message whose member is killed in the middle goes to another one', async () => {
    const contract = noteContract(2);
    const group = uniqueGroup();
    const bus = await buses.open(contract);
    for (const slot of [0, 1]) await bus.publish(contract, { key: 'k', text: `message ${slot}` }, { slot });
    const child = await killedMember([contract.topic, '2', group]);
    children.push(child);
    const taken = await new Promise<string>((resolve) =>
      createInterface(child.stdout!).once('line', resolve),
    );
    expect(['message 0', 'message 1']).toContain(taken);
    child.kill('SIGKILL');
    const handled: string[] = [];
    await bus.subscribe(contract, { group, concurrency: 1 }, async ({ text }) => void handled.push(text));
    await until('both were handled', () => handled.length === 2);
    expect([...handled].sort()).toEqual(['message 0', 'message 1']);
  });

  test('slots are spread evenly over two members, be there ever so few', async () => {
    const contract = noteContract(12);
    const group = uniqueGroup();
    const [first, second] = [await buses.open(contract), await buses.open(contract)];
    const handled = [[], []] as string[][];
    for (const [i, bus] of [first, second].entries())
      await bus.subscribe(
        contract,
        { group, concurrency: 1 },
        async ({ text }) => void handled[i]!.push(text),
      );
    await until('both are in the group', async () => (await first.isReady()) && (await second.isReady()));
    await settled(first, contract);
    for (const texts of handled) texts.length = 0;
    for (let slot = 0; slot < 6; slot++)
      await first.publish(contract, { key: `k${slot % 2}`, text: `${slot}` }, { slot });
    await until('all were handled', () => handled.flat().length === 6);
    expect(handled.map(({ length }) => length)).toEqual([3, 3]);
  });

  test('a slow member holds the message that it handles, and no more', async () => {
    const sockets: net.Socket[] = [];
    const connect = net.connect;
    jest.spyOn(net, 'connect').mockImplementation(((...args: Parameters<typeof connect>) => {
      const socket = connect(...args);
      sockets.push(socket);
      return socket;
    }) as typeof connect);
    const contract = noteContract(4);
    const bus = await buses.open(contract);
    const text = 'x'.repeat(1_000_000);
    for (let slot = 0; slot < 20; slot++) await bus.publish(contract, { key: `${slot}`, text }, { slot });
    const hold = latch();
    let started = 0;
    const group = uniqueGroup();
    await bus.subscribe(contract, { group, concurrency: 1 }, async () => {
      started++;
      await hold.opened;
    });
    await until('it has one', () => started === 1);
    await pause(QUICK.fetchWait! * 10);
    const received = sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    jest.restoreAllMocks();
    expect(received).toBeGreaterThan(1_000_000);
    expect(received).toBeLessThan(2_000_000);
    expect(await bus.lag()).toEqual([{ group, topic: contract.topic, messages: 20 }]);
    hold.open();
    await until('all were handled', async () => (await bus.lag())[0]!.messages === 0);
    expect(started).toBe(20);
  });

  test('a bus can be closed while its member waits for others to join again', async () => {
    const contract = noteContract(2);
    const group = uniqueGroup();
    const [holds, hold] = [latch(), latch()];
    const first = await buses.open(contract);
    await first.subscribe(contract, { group, concurrency: 1 }, async () => {
      holds.open();
      await hold.opened;
    });
    await first.publish(contract, { key: 'k', text: '' });
    await holds.opened;
    const second = await buses.open(contract);
    await second.subscribe(contract, { group, concurrency: 1 }, async () => {});
    await pause(1_000); // It is waiting for the first one by now.
    expect(await second.isReady()).toBe(false);
    await second.close();
    hold.open();
    await until('the first one went on', async () => (await first.lag())[0]!.messages === 0);
  });
});

/**
 * Waits until a group's members have shared the partitions among them: as long as they rebalance, one may
 * handle what the other would.
 */
async function settled(
  bus: Awaited<ReturnType<KafkaBuses['open']>>,
  contract: ReturnType<typeof noteContract>,
) {
  for (let slot = 0; slot < contract.settings.partitions; slot++)
    await bus.publish(contract, { key: 'k', text: 'settling' }, { slot });
  await until('it settled', async () => (await bus.lag())[0]!.messages === 0);
}

/** Bundles and starts testing/killed-member.ts. */
async function killedMember(args: string[]): Promise<ChildProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'solvent-killed-'));
  const outfile = join(directory, 'member.cjs');
  await build({
    entryPoints: [join(__dirname, '../../../testing/bus/killed-member.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    tsconfig: join(__dirname, '../../../../../../tsconfig.base.json'),
    logLevel: 'error',
  });
  const brokers = (await sharedKafka()).join(',');
  const child = spawn(process.execPath, [outfile, brokers, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.once('close', () => rmSync(directory, { recursive: true, force: true }));
  return child;
}
