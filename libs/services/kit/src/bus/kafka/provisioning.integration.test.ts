import { MAX_MESSAGE_BYTES } from '@solvent-por/services/contracts';
import { ConfigResourceTypes, type Admin } from 'kafkajs';
import { describeWithKafka, sharedKafka } from '@solvent-por/dev/servers';
import { silentLog } from '../../logging/log';
import { noteContract } from '../../../testing/bus/test-contract';
import { until } from '../../../testing/bus/wait';
import { KafkaAdmin } from './kafka-admin';
import { provisionTopics } from './provision-topics';

describeWithKafka('topics of Kafka', () => {
  let client: KafkaAdmin;
  beforeAll(async () => {
    client = new KafkaAdmin({ brokers: await sharedKafka(), clientId: 'test' }, silentLog);
  });
  afterAll(() => client.close());

  const provision = (topics: Parameters<typeof provisionTopics>[1]) =>
    client.ask((admin) => provisionTopics(admin, topics, silentLog));

  async function stateOf(admin: Admin, topic: string) {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
    });
    const value = (name: string) =>
      resources[0]!.configEntries.find(({ configName }) => configName === name)!.configValue;
    return {
      partitions: topics[0]!.partitions.length,
      retention: value('retention.ms'),
      longest: value('max.message.bytes'),
      segment: value('segment.ms'),
    };
  }

  test('missing topics are made as their contracts say, by several services at once, and again', async () => {
    const topics = [noteContract(5), noteContract(1)];
    await Promise.all([provision(topics), provision(topics)]);
    await provision(topics);
    const [first, second] = topics.map(({ topic }) => topic);
    expect(await client.ask((admin) => stateOf(admin, first!))).toMatchObject({
      partitions: 5,
      retention: String(3_600_000),
      longest: String(MAX_MESSAGE_BYTES),
    });
    expect(await client.ask((admin) => stateOf(admin, second!))).toMatchObject({ partitions: 1 });
  });

  test('what would not work is mended; what an operator set otherwise stays', async () => {
    const contract = noteContract(6);
    await client.ask((admin) =>
      admin.createTopics({
        topics: [
          {
            topic: contract.topic,
            numPartitions: 2,
            configEntries: [
              { name: 'max.message.bytes', value: '1000000' },
              { name: 'retention.ms', value: '777000' },
              { name: 'segment.ms', value: '555000' },
            ],
          },
        ],
      }),
    );
    await provision([contract]);
    const mended = {
      partitions: 6,
      retention: '777000',
      longest: String(MAX_MESSAGE_BYTES),
      segment: '555000',
    };
    const state = () => client.ask((admin) => stateOf(admin, contract.topic));
    // The controller has accepted it; the broker hears of that a moment later.
    await until('it was mended', async () => (await state()).longest === mended.longest);
    expect(await state()).toEqual(mended);
    await provision([{ ...contract, settings: { partitions: 3, retentionHours: 2 } }]);
    expect(await state()).toEqual(mended);
  });

  test('a question that fails does not spoil the next one', async () => {
    await expect(client.ask(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(client.ask(() => new Promise(() => undefined), 50)).rejects.toThrow(
      'no answer within 0.05 s',
    );
    expect((await client.ask((admin) => admin.describeCluster())).brokers).toHaveLength(1);
  });
});
