import { PartitionAssigners, type PartitionAssigner } from 'kafkajs';

/**
 * Partitions in turn to the members, by their numbers. Brokers name a topic's partitions in any order, and
 * kafkajs's own assigner follows it: of six messages in slots 0 to 5, one of two members might then get all.
 */
export const inTurn: PartitionAssigner = (config) => {
  const { cluster } = config;
  const sorted: typeof cluster = Object.create(cluster, {
    findTopicPartitionMetadata: {
      value: (topic: string) =>
        [...cluster.findTopicPartitionMetadata(topic)].sort((a, b) => a.partitionId - b.partitionId),
    },
  });
  return PartitionAssigners.roundRobin({ ...config, cluster: sorted });
};
