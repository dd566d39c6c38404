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
import { ownKnowledge, type OwnKnowledge } from './reserves/own-knowledge';

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
  /** Coins, tokens and contracts of the operator's own. */
  readonly known: OwnKnowledge;
  /** Folder of keys with which claims are made for clients that cannot; by default none is made. */
  readonly claimKeys: string | undefined;
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
  /** As `solvent verify-reserves` takes them: --tokens and --contracts. */
  SOLVENT_TOKENS: z.string().default('{}'),
  SOLVENT_CONTRACTS: z.string().default('{}'),
  SOLVENT_CLAIM_KEYS: z.string().min(1).max(4096).optional(),
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
    known: knownOf(values.SOLVENT_TOKENS, values.SOLVENT_CONTRACTS),
    claimKeys: values.SOLVENT_CLAIM_KEYS,
  };
}

/** @throws SolventError CONFIG_ENVIRONMENT (usage); nothing of a URL is repeated */
function nodesOf(text: string): readonly NodeConfiguration[] {
  return jsonOf('SOLVENT_NODES', text, 'a JSON list of nodes, [{ "network": …, "url": … }]', (list) =>
    readNodeConfigurations(list),
  );
}

/** @throws SolventError CONFIG_ENVIRONMENT (usage) */
function knownOf(tokens: string, contracts: string): OwnKnowledge {
  const coins = jsonOf('SOLVENT_TOKENS', tokens, 'a JSON object, { "eip155:1/0x…": … }', (value) => {
    ownKnowledge(value);
    return value;
  });
  return jsonOf('SOLVENT_CONTRACTS', contracts, 'a JSON object, { "0x…": "safe" }', (value) =>
    ownKnowledge(coins, value),
  );
}

/** @throws SolventError CONFIG_ENVIRONMENT (usage) */
function jsonOf<T>(name: string, text: string, what: string, read: (value: unknown) => T): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw environmentError([`${name}: must be ${what} as docs/guides/reserves.md has it`]);
  }
  try {
    return read(value);
  } catch (error) {
    throw error instanceof SolventError ? environmentError([`${name}: ${error.message}`]) : error;
  }
}
