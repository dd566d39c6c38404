import { SolventApiError } from './errors';
import { progressOperation } from './operations';
import type { SnapshotProgress } from './shapes';

/** A subscription for any client of the protocol graphql-transport-ws, graphql-ws say. */
export interface ProgressSubscription {
  /** What is sent. */
  readonly request: {
    readonly operationName: string;
    readonly query: string;
    readonly variables: { readonly snapshotId: string };
  };
  /** @throws SolventApiError RESPONSE_MALFORMED: what came as `data` is something else */
  read(data: unknown): SnapshotProgress;
}

/**
 * How far a snapshot is, now and whenever that changes, until it is published or has failed. It goes over a
 * WebSocket at /graphql, with `{ authorization: 'Bearer slv_…' }` in connection_init: unfinished ones are for
 * operators.
 */
export function snapshotProgress(snapshotId: string): ProgressSubscription {
  const { name, field, document, result } = progressOperation;
  return {
    request: { operationName: name, query: document, variables: { snapshotId } },
    read: (data) => {
      if (typeof data === 'object' && data !== null && Object.hasOwn(data, field))
        return result.read((data as Readonly<Record<string, unknown>>)[field], field);
      throw new SolventApiError(
        'RESPONSE_MALFORMED',
        `the service answered something else: ${field} is not there`,
      );
    },
  };
}
