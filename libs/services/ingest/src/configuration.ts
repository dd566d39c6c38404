import { isAbsolute, resolve } from 'node:path';
import {
  integerSetting,
  readEnvironment,
  serviceConfiguration,
  serviceSettings,
  type ServiceConfiguration,
} from '@solvent-por/services/kit';
import { RequestKey, WitnessKeyring } from '@solvent-por/services/database';
import { parseServiceKeys, type ServiceKeys } from '@solvent-por/snapshot/readers';
import { z } from 'zod';

const DEFAULT_PORT = 4001;
const DEFAULT_EXPECTED_WORKERS = 2;
const MOST_WORKERS = 4096;

/** All that ingest is told when it runs as a process of its own. */
export interface IngestConfiguration extends ServiceConfiguration {
  readonly keyring: WitnessKeyring;
  readonly requestKey: RequestKey;
  /** Of the operator's keys those that ingest needs: it is never given the master secret. */
  readonly keys: ServiceKeys<'ingest'>;
  /** Absolute. */
  readonly sourceDirectory: string;
  readonly expectedWorkers: number;
}

const settings = z.object({
  ...serviceSettings(DEFAULT_PORT),
  SOLVENT_INGEST_KEYS: z
    .string()
    .regex(
      /^operator:0x[0-9a-f]{64},placement:0x[0-9a-f]{64}$/,
      'must be what `solvent keys derive --for ingest` writes',
    ),
  SOLVENT_SOURCE_DIR: z.string().max(4096).refine(isAbsolute, 'must be an absolute path'),
  SOLVENT_EXPECTED_WORKERS: integerSetting(1, MOST_WORKERS).default(DEFAULT_EXPECTED_WORKERS),
});

/** @throws SolventError CONFIG_ENVIRONMENT (usage), which names variables, never their values */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
): IngestConfiguration {
  const values = readEnvironment(settings, environment);
  return {
    ...serviceConfiguration(values, 'ingest'),
    keyring: WitnessKeyring.parse(values.SOLVENT_WITNESS_KEYS),
    requestKey: RequestKey.parse(values.SOLVENT_REQUEST_KEY),
    keys: parseServiceKeys('ingest', values.SOLVENT_INGEST_KEYS),
    sourceDirectory: resolve(values.SOLVENT_SOURCE_DIR),
    expectedWorkers: values.SOLVENT_EXPECTED_WORKERS,
  };
}
