import { createHash } from 'node:crypto';
import { canonicalJson } from '@solvent-por/verifier';
import type { ReservesState } from './generated/prisma/enums';

export interface ReservesFailure {
  readonly code: string;
  readonly message: string;
  /** Of reserve-addresses.ndjson, from 1. */
  readonly line?: number;
}

/** A row of `reserves` without what is long. */
export interface ReservesRecord {
  readonly snapshotId: string;
  readonly attempt: number;
  readonly state: ReservesState;
  readonly source: string;
  readonly requestedBy: string | null;
  readonly requestMac: Uint8Array | null;
  readonly planMac: Uint8Array | null;
  readonly lines: number | null;
  readonly bytes: number | null;
  readonly parts: number | null;
  /** SHA-256 of each part, in order. */
  readonly partDigests: Uint8Array | null;
  /** Nodes that confirmed a network's block. */
  readonly nodes: Readonly<Record<string, string>> | null;
  /** SHA-256 of what provers know of the operator's own, fixed with the nodes. */
  readonly known: Uint8Array | null;
  readonly nodesMac: Uint8Array | null;
  readonly failure: ReservesFailure | null;
  readonly requestedAt: Date;
  readonly readingAt: Date | null;
  readonly judgingAt: Date | null;
  readonly publishedAt: Date | null;
  readonly failedAt: Date | null;
}

/** The columns of a `ReservesRecord`. */
export const RESERVES_COLUMNS = `snapshot_id AS "snapshotId", attempt, state, source, requested_by AS "requestedBy",
  request_mac AS "requestMac", plan_mac AS "planMac", lines, bytes::float8 AS bytes, parts, part_digests AS "partDigests", nodes,
  known, nodes_mac AS "nodesMac", failure, requested_at AS "requestedAt", reading_at AS "readingAt", judging_at AS "judgingAt",
  published_at AS "publishedAt", failed_at AS "failedAt"`;

/** What ingest found: the document, and how its file of lines was cut. */
export interface ReservesPlan {
  /** Bytes of reserves.json. */
  readonly document: Uint8Array;
  readonly lines: number;
  readonly bytes: number;
  /** SHA-256 of each part, in order. */
  readonly partDigests: readonly Uint8Array[];
}

/** Whole lines of reserve-addresses.ndjson, each with its LF. */
export interface ReservePart {
  readonly part: number;
  /** From 1. */
  readonly firstLine: number;
  readonly lines: number;
  readonly content: Uint8Array;
}

/** What was made of a part. */
export interface JudgedPart {
  /** JSON of the judged lines and of what nodes said. */
  readonly judged: Uint8Array;
  readonly rows: readonly ReserveLine[];
}

/** A line as it is listed: without its evidence, with what it was judged to be. */
export interface ReserveLine {
  readonly line: number;
  readonly network: string;
  readonly asset: string;
  readonly token: string | null;
  readonly address: string;
  /** Decimal string, in the smallest units. */
  readonly amount: string;
  readonly class: string;
  readonly control: string;
  readonly level: string;
  readonly reason: string | null;
}

/** SHA-256 of the listed line's JCS form: what the digests of a publication bind. */
export function reserveLineHash(row: ReserveLine): Buffer {
  const { line, network, asset, token, address, amount, level, control, reason } = row;
  const fields = { line, network, asset, token, address, amount, class: row.class, level, control, reason };
  return createHash('sha256').update(canonicalJson(fields)).digest();
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
