import { SolventError, toHex } from '@solvent-por/kzg';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import { sameMac, type RequestKey } from './request-key';
import { sha256, type ReservesPlan, type ReservesRecord } from './reserves-records';

type Asked = Pick<ReservesRecord, 'snapshotId' | 'attempt' | 'source' | 'requestedBy'>;
type Planned = Pick<ReservesRecord, 'snapshotId' | 'attempt' | 'lines' | 'bytes' | 'partDigests' | 'planMac'>;
type Confirmed = Pick<ReservesRecord, 'snapshotId' | 'attempt' | 'nodes' | 'known' | 'nodesMac'>;

/** What a publication is judged by. */
export interface ConfirmedBy {
  /** Nodes that confirmed blocks, by network: their names. */
  readonly nodes: Readonly<Record<string, string>>;
  /** SHA-256 of the coins, tokens and contracts of the operator's own. */
  readonly known: Uint8Array;
}

/** What a prover marks of a part that it judged. */
interface MarkedPart extends SnapshotRun {
  readonly part: number;
  readonly content: Uint8Array;
  readonly judged: Uint8Array;
}

/**
 * MACs under the request key over each step of a publication of reserves: what was asked for (gateway), what
 * was read (ingest), which nodes confirmed blocks and what each part was judged to be (provers). Whoever can
 * write to the database can have nothing judged that nobody asked for, and change no judgement.
 */
export class ReservesMarks {
  constructor(private readonly key: Pick<RequestKey, 'reserves'>) {}

  request({ snapshotId, attempt, source, requestedBy }: Asked): Buffer {
    return this.key.reserves('reserves', { snapshotId, attempt, source, requestedBy });
  }

  plan({ snapshotId, attempt }: SnapshotRun, { document, lines, bytes, partDigests }: ReservesPlan): Buffer {
    const parts = toHex(sha256(Buffer.concat(partDigests)));
    const fields = { snapshotId, attempt, document: toHex(sha256(document)), lines, bytes, parts };
    return this.key.reserves('reserves-plan', fields);
  }

  nodes({ snapshotId, attempt }: SnapshotRun, { nodes, known }: ConfirmedBy): Buffer {
    return this.key.reserves('reserves-nodes', { snapshotId, attempt, nodes, known: toHex(known) });
  }

  part({ snapshotId, attempt, part, content, judged }: MarkedPart): Buffer {
    const [of, to] = [toHex(sha256(content)), toHex(sha256(judged))];
    return this.key.reserves('reserves-part', { snapshotId, attempt, part, content: of, judged: to });
  }

  /** @throws SolventError RESERVES_FORGED (invalid) */
  checkRequest({ requestMac, ...row }: Asked & Pick<ReservesRecord, 'requestMac'>): void {
    if (!sameMac(requestMac, this.request(row)))
      throw forged(`the request of the reserves of ${row.snapshotId}`, 'gateway');
  }

  /** @throws SolventError RESERVES_FORGED (invalid): also where there is none yet */
  checkPlan(row: Planned, document: Uint8Array | null): void {
    const { lines, bytes, partDigests } = row;
    const whole = document && lines !== null && bytes !== null && partDigests;
    if (
      !whole ||
      !sameMac(row.planMac, this.plan(row, { document, lines, bytes, partDigests: [partDigests] }))
    )
      throw forged(`what was read of the reserves of ${row.snapshotId}`, 'ingest');
  }

  /** @throws SolventError RESERVES_FORGED (invalid) */
  checkNodes(row: Confirmed): void {
    const { nodes, known } = row;
    if (!nodes || !known || !sameMac(row.nodesMac, this.nodes(row, { nodes, known })))
      throw forged(`what nodes said of the blocks of ${row.snapshotId}`, 'a prover');
  }

  /** @throws SolventError RESERVES_FORGED (invalid) */
  checkPart(made: MarkedPart, mac: Uint8Array | null): void {
    if (!sameMac(mac, this.part(made)))
      throw forged(`part ${made.part} of the reserves of ${made.snapshotId}, judged,`, 'a prover');
  }
}

function forged(what: string, whose: string): SolventError {
  return new SolventError(
    'RESERVES_FORGED',
    'invalid',
    `${what} does not carry the MAC of ${whose}: nothing is published of it. Somebody wrote to the database, or SOLVENT_REQUEST_KEY is not the same in every service: compare it and the audit, then request the reserves again`,
  );
}
