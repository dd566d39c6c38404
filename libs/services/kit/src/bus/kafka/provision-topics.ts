import { MAX_MESSAGE_BYTES, type TopicSettings } from '@solvent-por/services/contracts';
import { ConfigResourceTypes, ConfigSource, type Admin } from 'kafkajs';
import type { Log } from '../../logging/log';

export interface Topic {
  readonly topic: string;
  readonly settings: TopicSettings;
}

/**
 * Makes topics that are missing, and mends in others what we could not work with: too few partitions,
 * messages too short. Their retention, and everything else, is then the operator's to change. Any number of
 * services may do this at once.
 *
 * @throws whatever kafkajs throws
 */
export async function provisionTopics(admin: Admin, topics: readonly Topic[], log: Log): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter(({ topic }) => !existing.has(topic));
  if (missing.length > 0) {
    await admin.createTopics({ topics: missing.map(topicConfig), waitForLeaders: true, timeout: 10_000 });
    log.info({ topics: missing.map(({ topic }) => topic) }, 'topics made');
  }
  const others = topics.filter(({ topic }) => existing.has(topic));
  if (others.length === 0) return;
  await addPartitions(admin, others, log);
  await lengthenMessages(admin, others, log);
}

function topicConfig({ topic, settings }: Topic) {
  return {
    topic,
    numPartitions: settings.partitions,
    // -1: as many as the cluster does by default.
    replicationFactor: -1,
    configEntries: [
      { name: 'retention.ms', value: String(settings.retentionHours * 3_600_000) },
      { name: 'max.message.bytes', value: String(MAX_MESSAGE_BYTES) },
      { name: 'cleanup.policy', value: 'delete' },
    ],
  };
}

async function addPartitions(admin: Admin, topics: readonly Topic[], log: Log): Promise<void> {
  const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) });
  for (const { topic, settings } of topics) {
    const count = found.find(({ name }) => name === topic)?.partitions.length ?? 0;
    if (count >= settings.partitions) continue;
    await admin.createPartitions({ topicPartitions: [{ topic, count: settings.partitions }] });
    log.info({ topic, from: count, to: settings.partitions }, 'partitions added');
  }
}

async function lengthenMessages(admin: Admin, topics: readonly Topic[], log: Log): Promise<void> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ topic }) => ({ type: ConfigResourceTypes.TOPIC, name: topic })),
  });
  for (const { resourceName, configEntries } of resources) {
    const allowed = Number(
      configEntries.find(({ configName }) => configName === 'max.message.bytes')?.configValue,
    );
    if (allowed >= MAX_MESSAGE_BYTES) continue;
    // This request replaces all that was set on the topic, so what else was set is sent along.
    const kept = configEntries
      .filter(
        ({ configSource, configName }) =>
          configSource === ConfigSource.TOPIC_CONFIG && configName !== 'max.message.bytes',
      )
      .map(({ configName, configValue }) => ({ name: configName, value: configValue }));
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: ConfigResourceTypes.TOPIC,
          name: resourceName,
          configEntries: [...kept, { name: 'max.message.bytes', value: String(MAX_MESSAGE_BYTES) }],
        },
      ],
    });
    log.info({ topic: resourceName, from: allowed, to: MAX_MESSAGE_BYTES }, 'longer messages allowed');
  }
}
