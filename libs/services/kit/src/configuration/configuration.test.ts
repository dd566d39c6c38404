import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readEnvironment } from './read-environment';
import {
  databaseSettings,
  databaseUrl,
  flagSetting,
  httpSettings,
  integerSetting,
  kafkaConnection,
  kafkaSettings,
  logSettings,
  masterKeySettings,
  traceSettings,
  witnessKeySettings,
} from './settings';

const schema = z.object({
  ...databaseSettings,
  ...kafkaSettings,
  ...witnessKeySettings,
  ...masterKeySettings,
  ...httpSettings(4001),
  ...logSettings,
  ...traceSettings,
  SOLVENT_WORKERS: integerSetting(1, 64).default(2),
  SOLVENT_INTROSPECTION: flagSetting.default(false),
});
const key = `0x${'5e'.repeat(32)}`;
const good = {
  SOLVENT_DATABASE_URL: 'postgresql://solvent:hunter2@db/solvent',
  SOLVENT_KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092',
  SOLVENT_WITNESS_KEYS: `k2:${key},k1:${key}`,
  SOLVENT_MASTER_KEY: key,
};

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'solvent-environment-'))));
afterEach(() => rmSync(directory, { recursive: true }));

test('settings are read, and those not given have their defaults', () => {
  expect(readEnvironment(schema, { ...good, SOLVENT_WORKERS: '8', SOLVENT_HTTP_PORT: '' })).toEqual({
    SOLVENT_DATABASE_URL: good.SOLVENT_DATABASE_URL,
    SOLVENT_DATABASE_TLS: false,
    SOLVENT_KAFKA_BROKERS: ['kafka-1:9092', 'kafka-2:9092'],
    SOLVENT_KAFKA_SSL: false,
    SOLVENT_KAFKA_PROVISION: true,
    SOLVENT_WITNESS_KEYS: good.SOLVENT_WITNESS_KEYS,
    SOLVENT_MASTER_KEY: key,
    SOLVENT_HTTP_HOST: '127.0.0.1',
    SOLVENT_HTTP_PORT: 4001,
    SOLVENT_LOG_LEVEL: 'info',
    SOLVENT_WORKERS: 8,
    SOLVENT_INTROSPECTION: false,
  });
});

test('a secret may stand in a file, whose last line break is none of it', () => {
  const file = join(directory, 'master-key');
  writeFileSync(file, `${key}\n`);
  const { SOLVENT_MASTER_KEY: _, ...rest } = good;
  expect(readEnvironment(schema, { ...rest, SOLVENT_MASTER_KEY_FILE: file }).SOLVENT_MASTER_KEY).toBe(key);
});

test.each([
  [
    'both',
    { SOLVENT_MASTER_KEY_FILE: '/dev/null' },
    'SOLVENT_MASTER_KEY and SOLVENT_MASTER_KEY_FILE are both set',
  ],
  [
    'a missing file',
    { SOLVENT_MASTER_KEY: '', SOLVENT_MASTER_KEY_FILE: '/no/such/file' },
    'SOLVENT_MASTER_KEY_FILE names a file',
  ],
  [
    'a file without an end',
    { SOLVENT_MASTER_KEY: '', SOLVENT_MASTER_KEY_FILE: '/dev/zero' },
    'SOLVENT_MASTER_KEY_FILE names a file',
  ],
  ['nothing', { SOLVENT_MASTER_KEY: undefined }, 'SOLVENT_MASTER_KEY is missing'],
  [
    'an empty file',
    { SOLVENT_MASTER_KEY: '', SOLVENT_MASTER_KEY_FILE: '/dev/null' },
    'SOLVENT_MASTER_KEY is missing',
  ],
  ['a wrong key', { SOLVENT_MASTER_KEY: '0xabcdef' }, 'SOLVENT_MASTER_KEY: must be 0x'],
  ['a wrong port', { SOLVENT_HTTP_PORT: '70000' }, 'SOLVENT_HTTP_PORT: must be a port number'],
  ['a wrong number', { SOLVENT_WORKERS: '65' }, 'SOLVENT_WORKERS: must be an integer from 1 to 64'],
  ['a wrong flag', { SOLVENT_INTROSPECTION: 'yes' }, 'SOLVENT_INTROSPECTION: must be true or false'],
  ['a wrong level', { SOLVENT_LOG_LEVEL: 'loud' }, 'SOLVENT_LOG_LEVEL: must be trace'],
  ['a wrong URL', { SOLVENT_DATABASE_URL: 'mysql://secretpassword' }, 'SOLVENT_DATABASE_URL: must be a URL'],
  ['a wrong broker', { SOLVENT_KAFKA_BROKERS: 'kafka' }, 'SOLVENT_KAFKA_BROKERS: must be host:port'],
  ['a wrong witness key', { SOLVENT_WITNESS_KEYS: 'k1:0x12' }, 'SOLVENT_WITNESS_KEYS: must be id'],
])('%s is refused by the name of the variable, and no value is repeated', (_, change, message) => {
  const environment: Record<string, string | undefined> = { ...good, ...change };
  const read = () => readEnvironment(schema, environment);
  expect(read).toThrow(expect.objectContaining({ code: 'CONFIG_ENVIRONMENT', kind: 'usage' }));
  expect(read).toThrow(message);
  for (const [name, value] of Object.entries(change))
    if (value && value.length >= 4 && !name.endsWith('_FILE')) expect(read).not.toThrow(value);
});

test('all that is wrong is said at once', () => {
  expect(() => readEnvironment(schema, { SOLVENT_WORKERS: '0' })).toThrow(
    /DATABASE_URL is missing.*KAFKA_BROKERS is missing.*WORKERS: must be/,
  );
});

test('a message of a schema that repeats a value does not get out', () => {
  const careless = z.object({
    SECRET: z
      .string()
      .superRefine((value, context) => void context.addIssue({ code: 'custom', message: `not ${value}` })),
  });
  expect(() => readEnvironment(careless, { SECRET: 'hunter22' })).toThrow('SECRET: not …');
});

test('a user name without a password is refused; with it, SASL is used', () => {
  const values = (more: object) => readEnvironment(schema, { ...good, ...more });
  expect(() => kafkaConnection(values({ SOLVENT_KAFKA_USERNAME: 'solvent' }), 'prover')).toThrow(
    /given together/,
  );
  expect(
    kafkaConnection(
      values({
        SOLVENT_KAFKA_SSL: 'true',
        SOLVENT_KAFKA_USERNAME: 'solvent',
        SOLVENT_KAFKA_PASSWORD: 'hunter2',
      }),
      'prover',
    ),
  ).toEqual({
    brokers: ['kafka-1:9092', 'kafka-2:9092'],
    clientId: 'prover',
    ssl: true,
    sasl: { username: 'solvent', password: 'hunter2' },
  });
});

test.each([
  ['', false],
  ['?sslmode=require', false],
  ['?sslmode=verify-ca', false],
  ['?sslmode=verify-fully', false],
  ['?application_name=sslmode=verify-full', false],
  ['?sslmode=verify-full&sslrootcert=/secrets/database/ca.crt', true],
  ['?connect_timeout=5&sslmode=verify-full', true],
])('a database that must be spoken to over TLS: %j', (parameters, accepted) => {
  const url = `postgresql://solvent:hidden@db:5432/solvent${parameters}`;
  const values = { SOLVENT_DATABASE_URL: url, SOLVENT_DATABASE_TLS: true };
  expect(databaseUrl({ ...values, SOLVENT_DATABASE_TLS: false })).toBe(url);
  if (accepted) expect(databaseUrl(values)).toBe(url);
  else {
    expect(() => databaseUrl(values)).toThrow(expect.objectContaining({ code: 'CONFIG_ENVIRONMENT' }));
    expect(() => databaseUrl(values)).not.toThrow(/hidden/);
  }
});

test('a private authority means TLS, and topics may be somebody else’s to make', () => {
  const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  const more = { SOLVENT_KAFKA_CA: ca, SOLVENT_KAFKA_PROVISION: 'false' };
  expect(kafkaConnection(readEnvironment(schema, { ...good, ...more }), 'prover')).toMatchObject({
    ...{ ssl: { ca }, provision: false },
  });
  expect(() => readEnvironment(schema, { ...good, SOLVENT_KAFKA_CA: 'ca.pem' })).toThrow(
    /SOLVENT_KAFKA_CA: must be/,
  );
});
