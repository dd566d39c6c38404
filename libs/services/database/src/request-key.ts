import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { SolventError, toHex } from '@solvent-por/kzg';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import { canonicalJson } from '@solvent-por/verifier';
import type { Snapshot } from './generated/prisma/client';

/** Everything that an operator asked for, and which attempt at it this is. */
export interface AskedSnapshot extends SnapshotRun {
  /** JSON, as it is stored. */
  readonly config: unknown;
  readonly header: unknown;
  readonly source: string;
  readonly requestedBy: string | null;
}

/** A request key as services are given it: `$1` is its digits. */
const REQUEST_KEY = /^0x([0-9a-f]{64})$/;

/** What ingest finds out about a source before it cuts it. */
export interface IngestPlan {
  /** 0x and 64 hex digits. */
  readonly sourceDigest: string;
  readonly accounts: number;
  readonly batchesPerProof: number;
  readonly batchCount: number;
}

/** What RequestKey.checkBundle looks at. */
export interface BundleRequest {
  readonly snapshotId: string;
  readonly requestedBy: string | null;
  readonly requestMac: Uint8Array | null;
}

type Purpose = 'request' | 'plan' | 'bundle' | ReservesPurpose;
/** What `ReservesMarks` marks. */
export type ReservesPurpose = 'reserves' | 'reserves-plan' | 'reserves-nodes' | 'reserves-part';
type Requested = Pick<
  Snapshot,
  'id' | 'attempt' | 'config' | 'header' | 'source' | 'requestedBy' | 'requestMac'
>;
type Planned = Pick<
  Snapshot,
  'id' | 'attempt' | 'sourceDigest' | 'accounts' | 'batchesPerProof' | 'batchCount' | 'planMac'
>;

/**
 * The key that gateway, ingest, provers and signer have and the database has not: HMAC-SHA-256 under it says
 * that a row is what one of them wrote. Whoever can write to the database, or bring back a backup, can ask for
 * nothing and change nothing of what was asked for.
 *
 * MAC = HMAC-SHA-256(key, "solvent/v1/" ‖ purpose ‖ 0x00 ‖ JCS of all fields)
 */
export class RequestKey {
  readonly #key: KeyObject;

  private constructor(key: KeyObject) {
    this.#key = key;
  }

  /** @throws SolventError REQUEST_KEY_MALFORMED (usage); it never repeats what it read */
  static parse(text: string): RequestKey {
    const [, hex] = REQUEST_KEY.exec(text.trim()) ?? [];
    if (hex === undefined)
      throw new SolventError(
        'REQUEST_KEY_MALFORMED',
        'usage',
        'the request key is malformed: give 0x and 64 hex digits in lower case, the same to every service',
      );
    return new RequestKey(createSecretKey(Buffer.from(hex, 'hex')));
  }

  requestMac(asked: AskedSnapshot): Buffer {
    const { snapshotId, attempt, config, header, source, requestedBy } = asked;
    // As it comes back from a column of JSON.
    const stored = JSON.parse(JSON.stringify({ config, header })) as object;
    return this.#mac('request', { snapshotId, attempt, ...stored, source, requestedBy });
  }

  planMac(plan: SnapshotRun & IngestPlan): Buffer {
    const { snapshotId, attempt, sourceDigest, accounts, batchesPerProof, batchCount } = plan;
    return this.#mac('plan', { snapshotId, attempt, sourceDigest, accounts, batchesPerProof, batchCount });
  }

  bundleMac({ snapshotId, requestedBy }: Omit<BundleRequest, 'requestMac'>): Buffer {
    return this.#mac('bundle', { snapshotId, requestedBy });
  }

  /** @throws SolventError REQUEST_FORGED (invalid) */
  checkRequest({ id, requestMac, ...row }: Requested): void {
    if (!sameMac(requestMac, this.requestMac({ ...row, snapshotId: id })))
      throw forged('REQUEST_FORGED', `the request of ${id}`, 'gateway');
  }

  /** @throws SolventError PLAN_FORGED (invalid): also where there is none yet */
  checkPlan({ id, attempt, planMac, sourceDigest, ...row }: Planned): void {
    const { accounts, batchesPerProof, batchCount } = row;
    const whole = sourceDigest && accounts !== null && batchesPerProof !== null && batchCount !== null;
    const plan = whole && { sourceDigest: toHex(sourceDigest), accounts, batchesPerProof, batchCount };
    if (!plan || !sameMac(planMac, this.planMac({ snapshotId: id, attempt, ...plan })))
      throw forged('PLAN_FORGED', `the plan of ${id}, accounts and batches,`, 'ingest');
  }

  /** @throws SolventError REQUEST_FORGED (invalid) */
  checkBundle({ requestMac, ...row }: BundleRequest): void {
    if (!sameMac(requestMac, this.bundleMac(row)))
      throw forged('REQUEST_FORGED', `the request of the sealed bundle of ${row.snapshotId}`, 'gateway');
  }

  /** A MAC of fields that `ReservesMarks` names. */
  reserves(purpose: ReservesPurpose, fields: object): Buffer {
    return this.#mac(purpose, fields);
  }

  #mac(purpose: Purpose, fields: object): Buffer {
    return createHmac('sha256', this.#key)
      .update(`solvent/v1/${purpose}\0`)
      .update(canonicalJson(fields))
      .digest();
  }
}

export function sameMac(stored: Uint8Array | null, mac: Buffer): boolean {
  return stored?.length === mac.length && timingSafeEqual(stored, mac);
}

function forged(code: 'REQUEST_FORGED' | 'PLAN_FORGED', what: string, whose: string): SolventError {
  return new SolventError(
    code,
    'invalid',
    `${what} does not carry the MAC of ${whose}: nothing was proved or signed for it. Somebody wrote to the database, or SOLVENT_REQUEST_KEY is not the same in every service: compare it and the audit, then request the snapshot again`,
  );
}
