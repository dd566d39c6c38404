import { availableParallelism } from 'node:os';
import { SolventError } from '@solvent-por/kzg';
import { RequestKey, WitnessKeyring } from '@solvent-por/services/database';
import {
  environmentError,
  integerSetting,
  readEnvironment,
  serviceConfiguration,
  serviceSettings,
  type ServiceConfiguration,
} from '@solvent-por/services/kit';
import { readNodeConfigurations, type NodeConfiguration } from '@solvent-por/nodes';
import { parseServiceKeys, type ServiceKeys } from '@solvent-por/snapshot/readers';
import { z } from 'zod';

const DEFAULT_PORT = 4002;
const MOST_WORKERS = 256;

/** All that a prover is told when it runs as a process of its own. */
export interface ProverConfiguration extends ServiceConfiguration {
  readonly keyring: WitnessKeyring;
  readonly requestKey: RequestKey;
  /** Of the operator's keys those that a prover needs: it is never given the master secret. */
  readonly keys: ServiceKeys<'prover'>;
  readonly workers: number;
  /** Asked about reserves; none by default. */
  readonly nodes: readonly NodeConfiguration[];
}

const settings = z.object({
  ...serviceSettings(DEFAULT_PORT),
  SOLVENT_PROVER_KEYS: z
    .string()
    .regex(
      /^operator:0x[0-9a-f]{64},salt:0x[0-9a-f]{64},blinding:0x[0-9a-f]{64}(?:,claim:0x[0-9a-f]{64})?$/,
      'must be what `solvent keys derive --for prover` writes',
    ),
  SOLVENT_WORKERS: integerSetting(1, MOST_WORKERS).default(availableParallelism()),
  /** Credentials may stand in it: give SOLVENT_NODES_FILE. */
  SOLVENT_NODES: z.string().default('[]'),
});

/** @throws SolventError CONFIG_ENVIRONMENT (usage), which names variables, never their values */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
): ProverConfiguration {
  const values = readEnvironment(settings, environment);
  return {
    ...serviceConfiguration(values, 'prover'),
    keyring: WitnessKeyring.parse(values.SOLVENT_WITNESS_KEYS),
    requestKey: RequestKey.parse(values.SOLVENT_REQUEST_KEY),
    keys: parseServiceKeys('prover', values.SOLVENT_PROVER_KEYS),
    workers: values.SOLVENT_WORKERS,
    nodes: nodesOf(values.SOLVENT_NODES),
  };
}

/** @throws SolventError CONFIG_ENVIRONMENT (usage); nothing of a URL is repeated */
function nodesOf(text: string): readonly NodeConfiguration[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw environmentError([
      'SOLVENT_NODES: must be a JSON list of nodes, [{ "network": …, "url": … }] as docs/guides/reserves.md has it',
    ]);
  }
  try {
    return readNodeConfigurations(list);
  } catch (error) {
    throw error instanceof SolventError ? environmentError([`SOLVENT_NODES: ${error.message}`]) : error;
  }
}
