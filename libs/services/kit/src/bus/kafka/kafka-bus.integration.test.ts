import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { deadLetter } from '@solvent-por/services/contracts';
import { describeWithKafka, sharedKafka } from '@solvent-por/dev/servers';
import { traced } from '../../tracing/traced';
import { messageBusContract, TEST_OPTIONS } from '../../../testing/bus/bus-contract';
import { KafkaBuses } from '../../../testing/bus/kafka-buses';
import { noteContract, uniqueGroup } from '../../../testing/bus/test-contract';
import { until } from '../../../testing/bus/wait';
import { KafkaAdmin } from './kafka-admin';
import { KafkaBus } from './kafka-bus';

describeWithKafka('the bus over Kafka', () => {
  describe('what every bus does', () => {
    messageBusContract(
      async (contract, options) =>
        new KafkaBus({
          ...options,
          connection: { brokers: await sharedKafka(), clientId: 'test' },
          topics: [contract, deadLetter],
          timing: { fetchWait: 100 },
        }),
    );
  });

  describe('what only Kafka does', () => {
    const buses = new KafkaBuses(sharedKafka);
    afterEach(async () => {
      await buses.close();
      trace.disable();
    });

    test('a trace goes on from the publisher to the handler', async () => {
      const exporter = new InMemorySpanExporter();
      new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
      const contract = noteContract(1);
      const bus = await buses.open(contract);
      await bus.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, async () => {});
      await traced('request', {}, () => bus.publish(contract, { key: 'k', text: '' }));
      await until('it was handled', () => exporter.getFinishedSpans().length === 3);
      const [publish, request, handle] = ['publish', 'request', 'handle'].map((word) =>
        exporter.getFinishedSpans().find(({ name }) => name.startsWith(word))!,
      );
      expect(publish!.parentSpanContext?.spanId).toBe(request!.spanContext().spanId);
      expect(handle!.parentSpanContext?.spanId).toBe(publish!.spanContext().spanId);
      expect(handle!.spanContext().traceId).toBe(request!.spanContext().traceId);
    });

    test('a topic that nobody provisioned is an error, not a new topic', async () => {
      const [provisioned, other] = [noteContract(1), noteContract(1)];
      const bus = await buses.open(provisioned, { timing: { publishTimeout: 1_500 } });
      await expect(bus.publish(other, { key: 'k', text: '' })).rejects.toMatchObject({
        code: 'BUS_UNAVAILABLE',
      });
    });

    test('a message that the broker refuses is an error at once, and the next one is sent', async () => {
      // A topic that an operator made for shorter messages, and that this bus does not provision.
      const [provisioned, short] = [noteContract(1), noteContract(1)];
      const bus = await buses.open(provisioned);
      await shortTopic(short.topic);
      await expect(bus.publish(short, { key: 'k', text: 'x'.repeat(5_000) })).rejects.toMatchObject({
        code: 'BUS_REFUSED',
      });
      const handled: string[] = [];
      await bus.subscribe(short, { group: uniqueGroup(), concurrency: 1 }, async ({ text }) => {
        handled.push(text);
      });
      await bus.publish(short, { key: 'k', text: 'short' });
      await until('it arrived', () => handled.length === 1);
      expect(handled).toEqual(['short']);
    });
  });
});

async function shortTopic(topic: string): Promise<void> {
  const client = new KafkaAdmin({ brokers: await sharedKafka(), clientId: 'test' }, TEST_OPTIONS.log);
  await client.ask((admin) =>
    admin.createTopics({
      topics: [{ topic, numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '1000' }] }],
      waitForLeaders: true,
    }),
  );
  await client.close();
}
