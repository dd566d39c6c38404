import { availableParallelism } from 'node:os';
import { hexBytes } from '@solvent-por/kzg';
import { WitnessKeyring } from '@solvent-por/services/database';
import {
  databaseSettings,
  databaseUrl,
  httpSettings,
  integerSetting,
  kafkaConnection,
  kafkaSettings,
  logSettings,
  masterKeySettings,
  readEnvironment,
  traceSettings,
  witnessKeySettings,
  type KafkaConnection,
} from '@solvent-por/services/kit';
import { deriveKeys } from '@solvent-por/snapshot/readers';
import { z } from 'zod';
import type { ProverOptions } from './prover';

const DEFAULT_PORT = 4002;
const MOST_WORKERS = 256;

/** All that a prover is told when it runs as a process of its own. */
export interface ProverConfiguration {
  readonly databaseUrl: string;
  readonly kafka: KafkaConnection;
  readonly keyring: WitnessKeyring;
  /** Of the operator's keys those that a prover needs. */
  readonly keys: ProverOptions['keys'];
  /** Digest of the manifest that the first one of a new key follows. */
  readonly formerManifest: Uint8Array | undefined;
  readonly workers: number;
  readonly http: { readonly host: string; readonly port: number };
  readonly logLevel: string;
  readonly tracesEndpoint: string | undefined;
}

const settings = z.object({
  ...databaseSettings,
  ...kafkaSettings,
  ...witnessKeySettings,
  ...masterKeySettings,
  ...logSettings,
  ...traceSettings,
  ...httpSettings(DEFAULT_PORT),
  SOLVENT_FORMER_MANIFEST: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/, 'must be 0x and 64 hex digits in lower case')
    .optional(),
  SOLVENT_WORKERS: integerSetting(1, MOST_WORKERS).default(availableParallelism()),
});

/** @throws SolventError CONFIG_ENVIRONMENT (usage), which names variables, never their values */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
): ProverConfiguration {
  const values = readEnvironment(settings, environment);
  // Placement and claim key are not a prover's business: they are not kept here.
  const { operator, signing, salt, blinding } = deriveKeys(hexBytes(values.SOLVENT_MASTER_KEY, 32));
  return {
    databaseUrl: databaseUrl(values),
    kafka: kafkaConnection(values, 'solvent-prover'),
    keyring: WitnessKeyring.parse(values.SOLVENT_WITNESS_KEYS),
    keys: { operator, signing, salt, blinding },
    formerManifest:
      values.SOLVENT_FORMER_MANIFEST === undefined ? undefined : hexBytes(values.SOLVENT_FORMER_MANIFEST, 32),
    workers: values.SOLVENT_WORKERS,
    http: { host: values.SOLVENT_HTTP_HOST, port: values.SOLVENT_HTTP_PORT },
    logLevel: values.SOLVENT_LOG_LEVEL,
    tracesEndpoint: values.SOLVENT_TRACES_ENDPOINT,
  };
}
