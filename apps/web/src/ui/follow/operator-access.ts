import type { SolventClient } from '@solvent-por/client';

/** With what an operator's screens ask. */
export interface OperatorAccess {
  readonly client: SolventClient;
  readonly apiKey: string;
}
