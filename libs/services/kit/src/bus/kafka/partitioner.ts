import { Partitioners, type ICustomPartitioner } from 'kafkajs';

/**
 * A message's `partition` is its slot here: slots go round the partitions that the topic really has, which an
 * operator may have made more than the contract asks for. Without one the key decides, as in Java's client.
 */
export const bySlotOrKey: ICustomPartitioner = () => {
  const byKey = Partitioners.DefaultPartitioner();
  return ({ topic, partitionMetadata, message }) => {
    if (message.partition === undefined) return byKey({ topic, partitionMetadata, message });
    const partitions = partitionMetadata.map(({ partitionId }) => partitionId).sort((a, b) => a - b);
    return partitions[message.partition % partitions.length]!;
  };
};
