import { availableParallelism } from 'node:os';
import { hexBytes } from '@solvent-por/kzg';
import { RequestKey, WitnessKeyring } from '@solvent-por/services/database';
import {
  flagSetting,
  integerSetting,
  hexSetting,
  masterKeySettings,
  readEnvironment,
  serviceConfiguration,
  serviceSettings,
  type ServiceConfiguration,
} from '@solvent-por/services/kit';
import { deriveKeys } from '@solvent-por/snapshot/readers';
import { z } from 'zod';
import type { SignerOptions } from './signer';

const DEFAULT_PORT = 4003;
const MOST_WORKERS = 256;

/** All that the signer is told when it runs as a process of its own. */
export interface SignerConfiguration extends ServiceConfiguration {
  readonly keyring: WitnessKeyring;
  readonly requestKey: RequestKey;
  /** Of the operator's keys those that signing needs. */
  readonly keys: SignerOptions['keys'];
  /** Digest of the manifest that the first one of a new key follows. */
  readonly formerManifest: Uint8Array | undefined;
  /** Folder of the verifying keys of private claims. */
  readonly claimKeys: string | undefined;
  /** Whether manifests may name keys of development set-ups. */
  readonly claimDevelopment: boolean;
  readonly workers: number;
}

const settings = z.object({
  ...serviceSettings(DEFAULT_PORT),
  ...masterKeySettings,
  SOLVENT_FORMER_MANIFEST: hexSetting.optional(),
  SOLVENT_CLAIM_KEYS: z.string().min(1).max(4096).optional(),
  SOLVENT_CLAIM_DEVELOPMENT: flagSetting.default(false),
  SOLVENT_WORKERS: integerSetting(1, MOST_WORKERS).default(availableParallelism()),
});

/** @throws SolventError CONFIG_ENVIRONMENT (usage), which names variables, never their values */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
): SignerConfiguration {
  const values = readEnvironment(settings, environment);
  // Placement, salt and claim key are not the signer's business: they are not kept here.
  const { operator, signing, blinding } = deriveKeys(hexBytes(values.SOLVENT_MASTER_KEY, 32));
  return {
    ...serviceConfiguration(values, 'signer'),
    keyring: WitnessKeyring.parse(values.SOLVENT_WITNESS_KEYS),
    requestKey: RequestKey.parse(values.SOLVENT_REQUEST_KEY),
    keys: { operator, signing, blinding },
    formerManifest:
      values.SOLVENT_FORMER_MANIFEST === undefined ? undefined : hexBytes(values.SOLVENT_FORMER_MANIFEST, 32),
    claimKeys: values.SOLVENT_CLAIM_KEYS,
    claimDevelopment: values.SOLVENT_CLAIM_DEVELOPMENT,
    workers: values.SOLVENT_WORKERS,
  };
}
