import type { Admin } from 'kafkajs';
import type { GroupLag } from '../message-bus';

/**
 * What a group has yet to handle of a topic, by the offsets that it committed; of partitions where it
 * committed none, all that is kept.
 */
export async function groupLag(admin: Admin, group: string, topic: string): Promise<GroupLag> {
  const [ends, [committed]] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
  ]);
  const places = new Map(committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
  const messages = ends.reduce((sum, { partition, high, low }) => {
    const place = places.get(partition) ?? -1n;
    const next = place < BigInt(low) ? BigInt(low) : place;
    return sum + (BigInt(high) - next);
  }, 0n);
  return { group, topic, messages: Number(messages) };
}
