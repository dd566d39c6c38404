import { withoutTrailing } from '@solvent-por/kzg';
import { RequestKey, WitnessKeyring } from '@solvent-por/services/database';
import {
  environmentError,
  flagSetting,
  hexSetting,
  integerSetting,
  probeSettings,
  readEnvironment,
  serviceConfiguration,
  serviceSettings,
  type ServiceConfiguration,
} from '@solvent-por/services/kit';
import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';
import { z } from 'zod';
import type { Rate, Rates } from './access/rate-limits';
import { DEFAULT_CONFIGURATION, type GatewayConfiguration } from './configuration';

/** All that a gateway is told when it runs as a process of its own. */
export interface GatewayEnvironment extends Omit<ServiceConfiguration, 'http'> {
  readonly configuration: GatewayConfiguration;
  /** Of the database, at most. */
  readonly connections: number;
  readonly keyring: WitnessKeyring;
  readonly requestKey: RequestKey;
}

const DEFAULT_PORT = 4000;
const DEFAULT_PROBE_PORT = 4010;
const MEBIBYTE = 1024 * 1024;
const { rates, ...defaults } = DEFAULT_CONFIGURATION;

const list = z
  .string()
  .max(4096)
  .transform((text) => text.split(',').map((one) => one.trim()));

/** Operations a minute; 0 is without limit. */
const rate = (given: number) => integerSetting(0, 1_000_000_000).default(given);

const settings = z.object({
  ...serviceSettings(DEFAULT_PORT),
  ...probeSettings(DEFAULT_PROBE_PORT),
  SOLVENT_DATABASE_CONNECTIONS: integerSetting(2, 200).default(10),
  SOLVENT_OPERATOR: hexSetting.optional(),
  SOLVENT_PUBLIC_URL: z
    .string()
    .max(2048)
    .regex(/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/, 'must be a URL that begins with http:// or https://')
    .transform((url) => withoutTrailing(url, /\//))
    .optional(),
  SOLVENT_CORS_ORIGINS: list
    .refine(
      (origins) => origins.every((one) => one === '*' || /^https?:\/\/[^\s/?#@*]+$/.test(one)),
      'must be origins such as https://proofs.example, with commas between them, or *',
    )
    .default([]),
  SOLVENT_FRAME_ANCESTORS: list
    .refine(
      (origins) => origins.every((one) => /^https?:\/\/[^\s/?#@*;,']+$/.test(one)),
      'must be origins such as https://www.example, with commas between them',
    )
    .default([]),
  SOLVENT_INTROSPECTION: flagSetting.default(defaults.introspection),
  SOLVENT_CLAIM_KEYS: z.string().min(1).max(4096).optional(),
  SOLVENT_CLAIM_DEVELOPMENT: flagSetting.default(defaults.claimDevelopment),
  SOLVENT_CLAIM_PROVING: flagSetting.default(defaults.claimProving),
  SOLVENT_CLAIM_SECONDS: integerSetting(1, 50).default(defaults.claimSeconds),
  SOLVENT_TRUST_PROXY: z
    .string()
    .max(4096)
    .transform((text) => (/^[0-9]$/.test(text) ? Number(text) : text.split(',').map((one) => one.trim())))
    .refine(
      (proxies) => typeof proxies === 'number' || proxies.every(isNetwork),
      'must be the number of proxies in front, or their addresses and networks with commas between them',
    )
    .optional(),
  SOLVENT_INCLUSION_WORKERS: integerSetting(1, 64).default(defaults.inclusionWorkers),
  SOLVENT_VERIFY_WORKERS: integerSetting(1, 64).default(defaults.verifyWorkers),
  SOLVENT_CACHE_MIB: integerSetting(1, 65_536).default(defaults.cacheBytes / MEBIBYTE),
  SOLVENT_CACHE_SECONDS: integerSetting(1, 86_400).default(defaults.cacheSeconds),
  SOLVENT_BODY_BYTES: integerSetting(1024, 4 * MEBIBYTE).default(defaults.bodyBytes),
  SOLVENT_QUERY_LENGTH: integerSetting(256, 1_000_000).default(defaults.queryLength),
  SOLVENT_QUERY_DEPTH: integerSetting(5, 50).default(defaults.queryDepth),
  SOLVENT_QUERY_COST: integerSetting(1000, 1_000_000).default(defaults.queryCost),
  SOLVENT_ANSWER_BYTES: integerSetting(64 * 1024, 64 * MEBIBYTE).default(defaults.answerBytes),
  SOLVENT_DOWNLOADS_ADDRESS: integerSetting(1, 100_000).default(defaults.downloads.address),
  SOLVENT_DOWNLOADS: integerSetting(1, 100_000).default(defaults.downloads.all),
  SOLVENT_RATE_REQUEST: rate(rates.request.address),
  SOLVENT_RATE_REQUEST_KEY: rate(rates.request.key),
  SOLVENT_RATE_LOOKUP: rate(rates.lookup.address),
  SOLVENT_RATE_LOOKUP_KEY: rate(rates.lookup.key),
  SOLVENT_RATE_VERIFICATION: rate(rates.verification.address),
  SOLVENT_RATE_VERIFICATION_KEY: rate(rates.verification.key),
  SOLVENT_RATE_PROVING: rate(rates.proving.address),
  SOLVENT_RATE_PROVING_KEY: rate(rates.proving.key),
  SOLVENT_RATE_OTHER: rate(rates.other.address),
  SOLVENT_RATE_OTHER_KEY: rate(rates.other.key),
});

/** @throws SolventError CONFIG_ENVIRONMENT (usage), which names variables, never their values */
export function readGatewayEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): GatewayEnvironment {
  const values = readEnvironment(settings, environment);
  const { SOLVENT_PUBLIC_URL: publicUrl, SOLVENT_TRUST_PROXY: trustProxy } = values;
  if (publicUrl !== undefined && trustProxy === undefined && !isLoopback(publicUrl))
    throw environmentError([
      'SOLVENT_TRUST_PROXY must be set where SOLVENT_PUBLIC_URL is for others: 1 behind one proxy, or the addresses of your proxies, or 0 where none stands in front; without it all users behind a proxy would share one allowance',
    ]);
  const rate = (address: number, key: number): Rate => ({ address, key });
  const operations: Rates = {
    request: rate(values.SOLVENT_RATE_REQUEST, values.SOLVENT_RATE_REQUEST_KEY),
    lookup: rate(values.SOLVENT_RATE_LOOKUP, values.SOLVENT_RATE_LOOKUP_KEY),
    verification: rate(values.SOLVENT_RATE_VERIFICATION, values.SOLVENT_RATE_VERIFICATION_KEY),
    proving: rate(values.SOLVENT_RATE_PROVING, values.SOLVENT_RATE_PROVING_KEY),
    other: rate(values.SOLVENT_RATE_OTHER, values.SOLVENT_RATE_OTHER_KEY),
  };
  const { http, ...service } = serviceConfiguration(values, 'gateway');
  return {
    configuration: {
      http,
      probes: {
        host: values.SOLVENT_PROBE_HOST ?? values.SOLVENT_HTTP_HOST,
        port: values.SOLVENT_PROBE_PORT,
      },
      publicUrl,
      operator: values.SOLVENT_OPERATOR,
      corsOrigins: values.SOLVENT_CORS_ORIGINS,
      framedBy: values.SOLVENT_FRAME_ANCESTORS,
      introspection: values.SOLVENT_INTROSPECTION,
      claimKeys: values.SOLVENT_CLAIM_KEYS,
      claimDevelopment: values.SOLVENT_CLAIM_DEVELOPMENT,
      claimProving: values.SOLVENT_CLAIM_PROVING,
      claimSeconds: values.SOLVENT_CLAIM_SECONDS,
      trustProxy: trustProxy === undefined || trustProxy === 0 ? false : trustProxy,
      inclusionWorkers: values.SOLVENT_INCLUSION_WORKERS,
      verifyWorkers: values.SOLVENT_VERIFY_WORKERS,
      cacheBytes: values.SOLVENT_CACHE_MIB * MEBIBYTE,
      cacheSeconds: values.SOLVENT_CACHE_SECONDS,
      bodyBytes: values.SOLVENT_BODY_BYTES,
      queryLength: values.SOLVENT_QUERY_LENGTH,
      queryDepth: values.SOLVENT_QUERY_DEPTH,
      queryCost: values.SOLVENT_QUERY_COST,
      answerBytes: values.SOLVENT_ANSWER_BYTES,
      downloads: { address: values.SOLVENT_DOWNLOADS_ADDRESS, all: values.SOLVENT_DOWNLOADS },
      rates: operations,
    },
    ...service,
    connections: values.SOLVENT_DATABASE_CONNECTIONS,
    keyring: WitnessKeyring.parse(values.SOLVENT_WITNESS_KEYS),
    requestKey: RequestKey.parse(values.SOLVENT_REQUEST_KEY),
  };
}

/** Whether only this machine reaches it. */
function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(?:localhost|[a-z0-9-]{1,63}\.localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/.test(hostname);
}

/** `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`; never a network of everybody. */
function isNetwork(text: string): boolean {
  if (!text.includes('/')) return isIP(text) !== 0;
  const [address = ''] = text.split('/');
  // ipaddr.js also reads 10.1 and 0x0a000001, which the proxies' list would not.
  return isIP(address) !== 0 && ipaddr.isValidCIDR(text) && ipaddr.parseCIDR(text)[1] >= 1;
}
