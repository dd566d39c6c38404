import { refuseUnfitKey, type VerifyingKey } from '@solvent-por/claims';
import { SolventError } from '@solvent-por/kzg';
import {
  MAX_SOURCE_PATH,
  snapshotRequested,
  sourcePathParts,
  type EventContract,
  type SnapshotRun,
} from '@solvent-por/services/contracts';
import type { SnapshotRecord } from '@solvent-por/services/database';
import { sizeOf, type Header } from '@solvent-por/verifier';
import {
  asRequested,
  claimKeysOf,
  headerOf,
  parseConfig,
  parseStrictJson,
  refuseFutureDate,
  type SnapshotConfig,
} from '@solvent-por/snapshot';
import { refusals } from '../errors/answered';

export interface RequestedSnapshot<R> {
  readonly snapshot: R;
  /** False when the same request was made before. */
  readonly created: boolean;
}

export interface RequestPorts<R extends { readonly id: string; readonly attempt: number }> {
  /** The key that requests must name: 0x and 64 hex digits. */
  readonly operator: string | undefined;
  /** What the clock says. */
  readonly now: () => Date;
  readonly request: (wanted: {
    /** As `asRequested` leaves it. */
    readonly config: SnapshotConfig;
    readonly header: Header;
    readonly source: string;
    readonly requestedBy: string | null;
  }) => Promise<RequestedSnapshot<R>>;
  /** The verifying key of private claims under a digest, where this server has it. */
  readonly claimKey: (digest: string) => Promise<Pick<VerifyingKey, 'document'> | undefined>;
  /** Whether one of a development set-up may be named. */
  readonly claimDevelopment: boolean;
  readonly onDevelopmentKey: (snapshotId: string, digest: string) => void;
  readonly publish: <T>(contract: EventContract<T>, message: T) => Promise<void>;
  /** Nothing is lost: ingest looks for requests that no message told it of. */
  readonly onNotPublished: (run: SnapshotRun, error: unknown) => void;
}

/** Takes operators' requests: checks the configuration as the CLI does, stores it, tells ingest. */
export class SnapshotRequests<R extends { readonly id: string; readonly attempt: number } = SnapshotRecord> {
  constructor(private readonly ports: RequestPorts<R>) {}

  /**
   * @param input.config a parsed JSON value, or the text of a configuration file
   * @throws SolventError CONFIG_INVALID, CONFIG_PRICE, SOURCE_MALFORMED, TAKEN_IN_FUTURE,
   *   OPERATOR_UNEXPECTED, SNAPSHOT_EXISTS, CHAIN_TIME, CLAIM_KEY_NOT_SERVED, CLAIM_KEY_OTHER_LAYOUT,
   *   CLAIM_KEY_DEVELOPMENT
   */
  async request(input: {
    readonly config: unknown;
    readonly source: string;
    readonly requestedBy: string | null;
  }): Promise<RequestedSnapshot<R>> {
    const { ports } = this;
    const source = parseSource(input.source);
    const parsed = parseConfig(typeof input.config === 'string' ? fromText(input.config) : input.config);
    const config = asRequested(parsed);
    // By digests: a file is on the machine of who asks.
    const claimKeys = claimKeysOf(config) ?? [];
    if (ports.operator !== undefined && config.operator !== ports.operator)
      throw new SolventError(
        'OPERATOR_UNEXPECTED',
        'usage',
        `snapshots here are signed by ${ports.operator}: the configuration must name that operator`,
      );
    refuseFutureDate(config, ports.now());
    const header = headerOf(parsed);
    for (const digest of claimKeys) await this.#refuseUnfitKey(digest, header);
    const requested = await ports.request({
      config,
      header,
      source,
      requestedBy: input.requestedBy,
    });
    const run = { snapshotId: requested.snapshot.id, attempt: requested.snapshot.attempt };
    // Asked again, it is told again: the first message may have been lost, and a second one does nothing.
    await ports.publish(snapshotRequested, run).catch((error: unknown) => ports.onNotPublished(run, error));
    return requested;
  }

  /** What stands under a digest must be known before a snapshot is proved that names it. */
  async #refuseUnfitKey(digest: string, header: Header): Promise<void> {
    const key = await this.ports.claimKey(digest);
    if (!key) throw refusals.claimKeyNotServed();
    const development = refuseUnfitKey(key, {
      ...{ values: sizeOf(header).published, name: digest, allowed: this.ports.claimDevelopment },
      allow: 'let the operator set SOLVENT_CLAIM_DEVELOPMENT of gateways and signer',
    });
    if (development) this.ports.onDevelopmentKey(header.snapshot, digest);
  }
}

function fromText(text: string): unknown {
  try {
    return parseStrictJson(text);
  } catch {
    throw new SolventError(
      'CONFIG_INVALID',
      'usage',
      'the configuration is not JSON, or repeats a member of an object',
    );
  }
}

/** @throws SolventError SOURCE_MALFORMED */
export function parseSource(source: string): string {
  if (sourcePathParts(source)) return source;
  throw new SolventError(
    'SOURCE_MALFORMED',
    'usage',
    `source must be a path below ingest's source folder, such as october/accounts, of at most ${MAX_SOURCE_PATH} characters, without . and .., backslashes, control and bidirectional characters`,
  );
}
