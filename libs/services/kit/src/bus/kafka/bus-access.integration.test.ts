import { inspect } from 'node:util';
import {
  bundleRequested,
  BUS_SERVICES,
  busUser,
  proofRequested,
  proofStored,
  reservesPublished,
  reservesRead,
  reservesRequested,
  snapshotIngested,
  snapshotPublished,
  snapshotRequested,
  type BusService,
  type EventContract,
} from '@solvent-por/services/contracts';
import { describeWithKafka, testKafka, type TestKafka } from '@solvent-por/dev/servers';
import { TEST_OPTIONS } from '../../../testing/bus/bus-contract';
import { QUICK } from '../../../testing/bus/kafka-buses';
import { uniqueGroup } from '../../../testing/bus/test-contract';
import { until } from '../../../testing/bus/wait';
import { silentLog, type Log } from '../../logging/log';
import { KafkaBus } from './kafka-bus';
import { provisionBus } from './provision-bus';

const word = (user: string) => `word-of-${user}`;
const ADMIN = 'solvent-admin';
const run = { snapshotId: 'november-2026', attempt: 1 };
const MESSAGES: ReadonlyArray<readonly [EventContract<never>, object, BusService]> = [
  [snapshotRequested as EventContract<never>, run, 'gateway'],
  [bundleRequested as EventContract<never>, run, 'gateway'],
  [reservesRequested as EventContract<never>, run, 'gateway'],
  [reservesRead as EventContract<never>, { ...run, part: 0 }, 'ingest'],
  [reservesPublished as EventContract<never>, { ...run, digest: `0x${'5'.repeat(64)}` }, 'prover'],
  [snapshotIngested as EventContract<never>, { ...run, batches: 1, jobs: 1 }, 'ingest'],
  [proofStored as EventContract<never>, { ...run, first: 0, batches: 1 }, 'prover'],
  [snapshotPublished as EventContract<never>, { ...run, manifestDigest: `0x${'5'.repeat(64)}` }, 'signer'],
];

describeWithKafka(
  'a broker that knows each service, and what it may do',
  () => {
    let kafka: TestKafka;
    const buses: KafkaBus[] = [];
    const connection = (user: string, password = word(user)) => ({
      ...{ brokers: kafka.brokers, clientId: 'test', provision: false },
      sasl: { username: user, password },
    });
    function open(user: string, log: Log = silentLog): KafkaBus {
      const bus = new KafkaBus({
        ...{ ...TEST_OPTIONS, log },
        connection: connection(user),
        timing: { ...QUICK, publishTimeout: 20_000 },
      });
      buses.push(bus);
      return bus;
    }
    beforeAll(async () => {
      const module = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
      kafka = (await testKafka({
        scram: [ADMIN, ...BUS_SERVICES.map(busUser)].map((user) => `${user}=${word(user)}`),
        settings: {
          'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
          'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
          'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
          'listener.name.plaintext.scram-sha-512.sasl.jaas.config': `${module} username="${ADMIN}" password="${word(ADMIN)}";`,
          'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
          'super.users': `User:${ADMIN};User:ANONYMOUS`,
        },
      }))!;
      for (let time = 0; time < 2; time++) await provisionBus(connection(ADMIN), silentLog);
    });
    afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.close())));
    afterAll(() => kafka?.stop());

    test.each(BUS_SERVICES)('%s says what is its own to say, and nothing else', async (service) => {
      const bus = open(busUser(service));
      for (const [contract, message, whose] of MESSAGES) {
        const said = bus.publish(contract, message as never);
        if (whose === service) await said;
        else await expect(said).rejects.toMatchObject({ code: 'BUS_REFUSED' });
      }
    });

    test('a service hears what is its own to hear', async () => {
      const bus = open(busUser('signer'));
      const heard: unknown[] = [];
      await bus.subscribe(
        snapshotIngested,
        { group: 'solvent-finaliser-ingested', concurrency: 1 },
        async (message) => {
          heard.push(message);
        },
      );
      await open(busUser('ingest')).publish(snapshotIngested, { ...run, batches: 2, jobs: 1 });
      await until('it is heard', () => heard.length > 0);
      expect(await bus.isReady()).toBe(true);
      expect(await bus.lag()).toMatchObject([{ group: 'solvent-finaliser-ingested' }]);
    });

    test.each([
      { service: 'gateway', contract: proofRequested, group: 'solvent-prover' },
      { service: 'ingest', contract: proofRequested, group: 'solvent-prover' },
      { service: 'prover', contract: snapshotRequested, group: 'solvent-ingest' },
      { service: 'prover', contract: proofRequested, group: uniqueGroup() },
    ] as const)('$service does not hear $contract.topic as $group', async ({ service, group, ...heard }) => {
      const contract = heard.contract as EventContract<never>;
      const said: string[] = [];
      const note = (fields: object, message: string) => void said.push(`${message} ${inspect(fields)}`);
      const bus = open(busUser(service), { debug: note, info: note, warn: note, error: note });
      await bus.subscribe(contract, { group, concurrency: 1 }, async () => undefined);
      await until('it is refused', () =>
        said.some((line) => /not authorized|AUTHORIZATION_FAILED/i.test(line)),
      );
      expect(await bus.isReady()).toBe(false);
    });

    test('another service’s password does not open', async () => {
      const bus = new KafkaBus({
        ...TEST_OPTIONS,
        connection: connection(busUser('gateway'), word(busUser('signer'))),
        timing: { ...QUICK, publishTimeout: 1_500 },
      });
      buses.push(bus);
      await expect(bus.publish(snapshotRequested, run)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
    });
  },
  { own: true },
);
