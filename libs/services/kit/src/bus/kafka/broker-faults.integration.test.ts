import { setTimeout as pause } from 'node:timers/promises';
import { describeWithKafka, testKafka, type TestKafka } from '@solvent-por/dev/servers';
import { isTransientBusError } from '../bus-errors';
import { KafkaBuses, QUICK } from '../../../testing/bus/kafka-buses';
import { noteContract, uniqueGroup } from '../../../testing/bus/test-contract';
import { latch, until } from '../../../testing/bus/wait';

describeWithKafka(
  'a broker that is restarted or killed',
  () => {
    let kafka: TestKafka;
    const buses = new KafkaBuses(async () => kafka.brokers);
    beforeAll(async () => {
      kafka = (await testKafka())!;
    });
    afterEach(() => buses.close());
    afterAll(() => kafka?.stop());

    test('a restart while a message is handled: it is handled once, and the next ones arrive', async () => {
      const contract = noteContract(2);
      const bus = await buses.open(contract);
      const [started, hold] = [latch(), latch()];
      const handled: string[] = [];
      await bus.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async ({ text }) => {
        started.open();
        await hold.opened;
        handled.push(text);
      });
      await bus.publish(contract, { key: 'k', text: 'during' });
      await started.opened;
      await kafka.restart();
      // Were it not for heart-beats over a new connection, its session would end now.
      await pause(QUICK.sessionTimeout! * 2);
      hold.open();
      await bus.publish(contract, { key: 'k', text: 'after' });
      await until(
        'all are behind us',
        async () => handled.includes('after') && (await bus.lag())[0]!.messages === 0,
      );
      expect(handled).toEqual(['during', 'after']);
    });

    test('a kill loses no message that was acknowledged, and publishing goes on when the broker is back', async () => {
      const contract = noteContract(4);
      const bus = await buses.open(contract);
      const handled = new Set<string>();
      await bus.subscribe(contract, { group: uniqueGroup(), concurrency: 2 }, async ({ text }) => {
        handled.add(text);
      });
      const acknowledged: string[] = [];
      const publishing = (async () => {
        for (let i = 0; i < 200; i++) {
          await bus.publish(contract, { key: `${i}`, text: `message ${i}` }, { slot: i });
          acknowledged.push(`message ${i}`);
        }
      })();
      await until('some are acknowledged', () => acknowledged.length > 50);
      await kafka.kill();
      expect(await bus.isReady()).toBe(false);
      await kafka.restart();
      await publishing;
      await until('all were handled', () => handled.size === 200);
      expect([...handled].sort()).toEqual([...acknowledged].sort());
      await until('the bus is ready again', () => bus.isReady());
    });

    test('while there is no broker, publishing gives up after its time, with an error that passes', async () => {
      const contract = noteContract(1);
      const bus = await buses.open(contract, { timing: { publishTimeout: 1_500 } });
      await bus.publish(contract, { key: 'k', text: 'before' });
      await kafka.kill();
      const error = await bus
        .publish(contract, { key: 'k', text: 'lost' })
        .catch((failure: unknown) => failure);
      expect(error).toMatchObject({ code: 'BUS_UNAVAILABLE' });
      expect(isTransientBusError(error)).toBe(true);
      await kafka.restart();
      await until('it can publish again', () =>
        bus.publish(contract, { key: 'k', text: 'after' }).then(
          () => true,
          () => false,
        ),
      );
    });

    test('a bus may be opened, and closed, before there is a broker', async () => {
      const contract = noteContract(1);
      await kafka.kill();
      const impatient = await buses.open(contract);
      await impatient.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async () => {});
      await impatient.close();
      const patient = await buses.open(contract);
      const handled: string[] = [];
      await patient.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async ({ text }) => {
        handled.push(text);
      });
      expect(await patient.isReady()).toBe(false);
      await kafka.restart();
      await until('it is ready', () => patient.isReady());
      await patient.publish(contract, { key: 'k', text: 'at last' });
      await until('it was handled', () => handled.length === 1);
    });
  },
  { own: true },
);
