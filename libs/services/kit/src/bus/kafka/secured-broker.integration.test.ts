import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithKafka, testKafka, type TestKafka } from '@solvent-por/dev/servers';
import { KafkaBuses } from '../../../testing/bus/kafka-buses';
import { noteContract, uniqueGroup } from '../../../testing/bus/test-contract';
import { until } from '../../../testing/bus/wait';

const USER = { username: 'solvent', password: 'of this test only' };

describeWithKafka(
  'a broker that wants TLS and a password',
  () => {
    let directory: string;
    let kafka: TestKafka;
    let ca: string;
    const buses = new KafkaBuses(async () => kafka.brokers);
    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'solvent-test-tls-'));
      const keystore = join(directory, 'broker.p12');
      const store = ['-keystore', keystore, '-storepass', 'keystore', '-alias', 'broker'];
      // The JDK that runs the broker brings it.
      const keytool = (...args: string[]) =>
        execFileSync('keytool', [...args, ...store], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        });
      keytool(
        ...['-genkeypair', '-keyalg', 'EC', '-dname', 'CN=test', '-ext', 'san=ip:127.0.0.1'],
        ...['-validity', '2', '-storetype', 'PKCS12'],
      );
      ca = keytool('-exportcert', '-rfc');
      const trusted = join(directory, 'trusted.pem');
      writeFileSync(trusted, ca);
      kafka = (await testKafka({
        scram: [`${USER.username}=${USER.password}`],
        settings: {
          'listener.security.protocol.map': 'PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT',
          'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
          'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
          'listener.name.plaintext.scram-sha-512.sasl.jaas.config': `org.apache.kafka.common.security.scram.ScramLoginModule required username="${USER.username}" password="${USER.password}";`,
          'ssl.keystore.type': 'PKCS12',
          'ssl.keystore.location': keystore,
          'ssl.keystore.password': 'keystore',
          'ssl.truststore.type': 'PEM',
          'ssl.truststore.location': trusted,
        },
      }))!;
    });
    afterEach(() => buses.close());
    afterAll(async () => {
      await kafka?.stop();
      rmSync(directory, { recursive: true, force: true });
    });

    const connection = (more: object) => ({ brokers: kafka.brokers, clientId: 'test', ...more });

    test('messages go through it', async () => {
      const contract = noteContract(2);
      const bus = await buses.open(contract, { connection: connection({ ssl: { ca }, sasl: USER }) });
      const handled: string[] = [];
      await bus.subscribe(contract, { group: uniqueGroup(), concurrency: 2 }, async ({ text }) => {
        handled.push(text);
      });
      await bus.publish(contract, { key: 'k', text: 'in private' });
      await until('it arrived', () => handled.length === 1);
      expect(handled).toEqual(['in private']);
      // The second member may still be joining when the first has handled it.
      await until('both members are in the group', () => bus.isReady());
    });

    test.each([
      ['a wrong password', () => ({ ssl: { ca }, sasl: { ...USER, password: 'wrong' } })],
      ['a certificate that nobody vouches for', () => ({ ssl: true, sasl: USER })],
    ])('%s: nothing is sent, and the password is not logged', async (_, more) => {
      const lines: string[] = [];
      const note = (fields: object, message: string) =>
        void lines.push(
          `${message} ${JSON.stringify(fields, (_key, value: unknown) => (value instanceof Error ? value.message : value))}`,
        );
      const contract = noteContract(2);
      const bus = await buses.open(contract, {
        connection: connection(more()),
        log: { debug: note, info: note, warn: note, error: note },
        timing: { publishTimeout: 1_500 },
      });
      await expect(bus.publish(contract, { key: 'k', text: '' })).rejects.toMatchObject({
        code: 'BUS_UNAVAILABLE',
      });
      expect(await bus.isReady()).toBe(false);
      expect(lines.length).toBeGreaterThan(0);
      for (const password of ['wrong"', USER.password]) expect(lines.join('\n')).not.toContain(password);
    });
  },
  { own: true },
);
