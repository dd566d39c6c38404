import { deadLetter } from '@solvent-por/services/contracts';
import { KafkaBus } from '../../src/bus/kafka/kafka-bus';
import { TEST_OPTIONS } from './bus-contract';
import { QUICK } from './kafka-buses';
import { noteContract } from './test-contract';

/**
 * A process of its own: takes a message, says so, and handles it for ever, until it is killed. Arguments:
 * brokers, topic, partitions, group.
 */
const [, , brokers, topic, partitions, group] = process.argv;
const contract = { ...noteContract(Number(partitions)), topic: topic! };
const bus = new KafkaBus({
  ...TEST_OPTIONS,
  connection: { brokers: brokers!.split(','), clientId: 'killed' },
  topics: [contract, deadLetter],
  timing: QUICK,
});
void bus.subscribe(contract, { group: group!, concurrency: 1 }, async ({ text }) => {
  process.stdout.write(`${text}\n`);
  await new Promise((resolve) => setTimeout(resolve, 3_600_000));
});
