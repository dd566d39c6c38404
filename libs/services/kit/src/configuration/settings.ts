import { unverifiedDatabase, WITNESS_KEY } from '@solvent-por/services/contracts';
import { z } from 'zod';
import type { KafkaConnection } from '../bus/kafka/kafka-connection';
import { environmentError } from './read-environment';

/** Settings that several services have, to be spread into a service's own `z.object`. */

const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((text) => text === 'true');
const port = z
  .string()
  .regex(/^[0-9]{1,5}$/, 'must be a port number')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a port number');

/** An integer within bounds, inclusive. */
export function integerSetting(least: number, most: number) {
  const error = `must be an integer from ${least} to ${most}`;
  return z
    .string()
    .regex(/^[0-9]{1,15}$/, error)
    .transform(Number)
    .refine((number) => number >= least && number <= most, error);
}

export const flagSetting = flag;

export const databaseSettings = {
  SOLVENT_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/\S+$/, 'must be a URL that begins with postgresql://'),
  SOLVENT_DATABASE_TLS: flag.default(false),
};

type DatabaseValues = z.output<z.ZodObject<typeof databaseSettings>>;

/**
 * Where the database is; where SOLVENT_DATABASE_TLS is true, only with its certificate verified.
 * @throws SolventError CONFIG_ENVIRONMENT when the URL has another sslmode
 */
export function databaseUrl(values: DatabaseValues): string {
  const { SOLVENT_DATABASE_URL: url, SOLVENT_DATABASE_TLS: tls } = values;
  const problem = tls ? unverifiedDatabase(url) : undefined;
  if (problem !== undefined) throw environmentError([problem]);
  return url;
}

export const kafkaSettings = {
  SOLVENT_KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .refine(
      (brokers) =>
        brokers.every((one) => /^[A-Za-z0-9.-]+:[0-9]{1,5}$|^\[[0-9a-fA-F:]+\]:[0-9]{1,5}$/.test(one)),
      'must be host:port, or several with commas between them',
    ),
  SOLVENT_KAFKA_SSL: flag.default(false),
  /** Certificates of a private authority, PEM: TLS then, with these alone. */
  SOLVENT_KAFKA_CA: z
    .string()
    .regex(/^-----BEGIN CERTIFICATE-----[\s\S]*-----END CERTIFICATE-----\s*$/, 'must be certificates in PEM')
    .optional(),
  /** False where topics were made by an administrator, and this user may make none. */
  SOLVENT_KAFKA_PROVISION: flag.default(true),
  SOLVENT_KAFKA_USERNAME: z.string().max(255).optional(),
  SOLVENT_KAFKA_PASSWORD: z.string().max(1024).optional(),
};

/** `id:0x<64 hex>`, and more of them after commas; the first one is current. */
export const witnessKeySettings = {
  SOLVENT_WITNESS_KEYS: z
    .string()
    .refine(
      (text) => text.split(',').every((one) => WITNESS_KEY.test(one.trim())),
      'must be id:0x and 64 hex digits in lower case, and more of these after commas',
    ),
};

/** Keys and digests of 32 bytes. */
export const hexSetting = z.string().regex(/^0x[0-9a-f]{64}$/, 'must be 0x and 64 hex digits in lower case');

/** The same in gateway, ingest, provers and signer. */
export const requestKeySettings = {
  SOLVENT_REQUEST_KEY: hexSetting,
};

/** The signer's alone. */
export const masterKeySettings = {
  SOLVENT_MASTER_KEY: hexSetting,
};

export const logSettings = {
  SOLVENT_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
      error: 'must be trace, debug, info, warn, error or silent',
    })
    .default('info'),
};

export const traceSettings = {
  SOLVENT_TRACES_ENDPOINT: z
    .string()
    .regex(/^https?:\/\/\S+$/, 'must be a URL that begins with http:// or https://')
    .optional(),
};

export function httpSettings(defaultPort: number) {
  return {
    SOLVENT_HTTP_HOST: z.string().max(255).default('127.0.0.1'),
    SOLVENT_HTTP_PORT: port.default(defaultPort),
  };
}

/** Where a service with an API for the world answers those who watch over it. */
export function probeSettings(defaultPort: number) {
  return {
    SOLVENT_PROBE_HOST: z.string().max(255).optional(),
    SOLVENT_PROBE_PORT: port.default(defaultPort),
  };
}

type KafkaValues = z.output<z.ZodObject<typeof kafkaSettings>>;

/** @throws SolventError CONFIG_ENVIRONMENT when only one of user name and password is given */
export function kafkaConnection(values: KafkaValues, clientId: string): KafkaConnection {
  const { SOLVENT_KAFKA_USERNAME: username, SOLVENT_KAFKA_PASSWORD: password } = values;
  if ((username === undefined) !== (password === undefined))
    throw environmentError(['SOLVENT_KAFKA_USERNAME and SOLVENT_KAFKA_PASSWORD must be given together']);
  return {
    brokers: values.SOLVENT_KAFKA_BROKERS,
    ssl: values.SOLVENT_KAFKA_CA === undefined ? values.SOLVENT_KAFKA_SSL : { ca: values.SOLVENT_KAFKA_CA },
    ...(values.SOLVENT_KAFKA_PROVISION ? {} : { provision: false }),
    clientId,
    ...(username !== undefined && password !== undefined ? { sasl: { username, password } } : {}),
  };
}

/**
 * What every service is told.
 * @param defaultPort each service has its own, so that all run on one machine
 */
export function serviceSettings(defaultPort: number) {
  return {
    ...databaseSettings,
    ...kafkaSettings,
    ...witnessKeySettings,
    ...requestKeySettings,
    ...logSettings,
    ...traceSettings,
    ...httpSettings(defaultPort),
  };
}

type ServiceValues = z.output<z.ZodObject<ReturnType<typeof serviceSettings>>>;

/** What `serviceSettings` say, but for keys, which are the service's to read. */
export interface ServiceConfiguration {
  readonly databaseUrl: string;
  readonly kafka: KafkaConnection;
  readonly http: { readonly host: string; readonly port: number };
  readonly logLevel: string;
  readonly tracesEndpoint: string | undefined;
}

/**
 * @param name of the service: `prover`
 * @throws SolventError CONFIG_ENVIRONMENT as databaseUrl and kafkaConnection
 */
export function serviceConfiguration(values: ServiceValues, name: string): ServiceConfiguration {
  return {
    databaseUrl: databaseUrl(values),
    kafka: kafkaConnection(values, `solvent-${name}`),
    http: { host: values.SOLVENT_HTTP_HOST, port: values.SOLVENT_HTTP_PORT },
    logLevel: values.SOLVENT_LOG_LEVEL,
    tracesEndpoint: values.SOLVENT_TRACES_ENDPOINT,
  };
}
