import type { Database, RequestKey, WitnessKeyring } from '@solvent-por/services/database';
import type { InclusionPool } from '@solvent-por/prover';
import type { MessageBus, Shutdown } from '@solvent-por/services/kit';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

/** As much of the message bus as is used here. */
export type Publisher = Pick<MessageBus, 'publish' | 'isReady'>;

/** As much of the worker threads as is used here. */
export type InclusionWorkers = Pick<
  InclusionPool,
  'prove' | 'proveKept' | 'cells' | 'claims' | 'claimsKept' | 'isReady'
>;
/** Of those that look-ups never wait for. */
export type VerificationWorkers = Pick<InclusionPool, 'verify' | 'verifyClaim' | 'plain' | 'isReady'>;

/** Threads of `verifiers`. */
export const VERIFICATION_THREADS = 1;

/** What a gateway stands on; whoever made these ends them. */
export interface GatewayResources {
  readonly database: Database;
  readonly keyring: WitnessKeyring;
  /** Marks what operators ask for. */
  readonly requestKey: RequestKey;
  readonly bus: Publisher;
  readonly workers: InclusionWorkers;
  readonly verifiers: VerificationWorkers;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly shutdown: Shutdown;
  readonly version: string;
  /** Of allowances and what is counted by the hour; milliseconds since the epoch. */
  readonly now?: () => number;
}
