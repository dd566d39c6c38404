import { SolventError } from '@solvent-por/kzg';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import type { ReservesMarks, ReservesRecord, ReservesRepository } from '@solvent-por/services/database';
import type { Log } from '@solvent-por/services/kit';
import {
  parseReserves,
  ReservesVerifier,
  type BatchJudge,
  type JudgeData,
  type JudgedLine,
  type NodeAnswer,
  type Reserves,
} from '@solvent-por/reserves';
import { beforeAbandoned } from '../abandoning';
import { checkOperator } from '../failing';
import type { AskedNodes } from './nodes';
import { checkKnown, type OwnKnowledge } from './own-knowledge';

/** Judges lines; has threads that are ended after. */
export type ReservesJudge = BatchJudge & { close(): Promise<void> };

/** A publication that is being judged here. */
export interface OpenPublication {
  readonly row: ReservesRecord;
  readonly reserves: Reserves;
  readonly data: JudgeData;
  readonly judge: ReservesJudge;
  /** Which nodes confirmed blocks, the same for all parts. */
  readonly nodes: Readonly<Record<string, string>>;
  readonly ask: (lines: readonly JudgedLine[]) => Promise<readonly (NodeAnswer | undefined)[]>;
  close(): Promise<void>;
}

export interface PublicationsOptions {
  readonly repository: Pick<ReservesRepository, 'find' | 'document' | 'confirm'>;
  readonly marks: ReservesMarks;
  /** The operator whose keys these are: 0x and 64 hex digits. */
  readonly operator: string;
  readonly nodes?: AskedNodes;
  readonly known: OwnKnowledge;
  readonly openJudge: () => ReservesJudge;
  readonly log: Log;
}

/**
 * The publications that this process judges, each opened once: the document looked at, blocks confirmed by
 * nodes. What the first prover heard of blocks holds for all parts.
 */
export class Publications {
  readonly #open = new Map<string, Promise<OpenPublication | undefined>>();
  readonly #stop = new AbortController();

  constructor(private readonly options: PublicationsOptions) {}

  /**
   * Undefined when the run is not to be judged.
   * @throws SolventError RESERVES_FORGED, KEY_OPERATOR_MISMATCH, NODE_SILENT | KNOWN_DIFFERS (internal: again later), and what
   *   parseReserves and ReservesVerifier throw about the document
   */
  of(run: SnapshotRun): Promise<OpenPublication | undefined> {
    const key = keyOf(run);
    const known = this.#open.get(key);
    if (known) return known;
    const opening = this.#opened(run);
    this.#open.set(key, opening);
    const forget = () => void (this.#open.get(key) === opening && this.#open.delete(key));
    opening.then((opened) => opened ?? forget(), forget);
    return opening;
  }

  /** Publications that are open, or being opened. */
  get size(): number {
    return this.#open.size;
  }

  has(run: SnapshotRun): boolean {
    return this.#open.has(keyOf(run));
  }

  /** Ends its threads and connections: nothing is left to be judged of it. */
  async forget(run: SnapshotRun): Promise<void> {
    const opened = this.#open.get(keyOf(run));
    this.#open.delete(keyOf(run));
    await opened?.then(
      (publication) => publication?.close(),
      () => undefined,
    );
  }

  /** Ends those that are not among these runs. */
  async keep(runs: readonly SnapshotRun[]): Promise<void> {
    const kept = new Set(runs.map(keyOf));
    await Promise.all(
      [...this.#open].map(async ([key, opening]) => {
        if (kept.has(key)) return;
        this.#open.delete(key);
        await opening.then(
          (publication) => publication?.close(),
          () => undefined,
        );
      }),
    );
  }

  /** Ends all of it, and waits for no node. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.keep([]);
  }

  async #opened(run: SnapshotRun): Promise<OpenPublication | undefined> {
    const { repository, marks, operator, nodes: asked, known, openJudge } = this.options;
    const row = await repository.find(run.snapshotId);
    if (row?.attempt !== run.attempt || row.state !== 'JUDGING') return undefined;
    const { reserves } = await readPublication(row, repository, marks);
    checkOperator(operator, reserves);
    // What is wrong with the document is wrong before any line is looked at.
    new ReservesVerifier(reserves, { operator, tokens: known.tokens });
    const trouble: string[] = [];
    const opened = asked?.open(reserves, ({ network, node, code, message }) => {
      trouble.push(message);
      this.options.log.warn({ ...run, network, node, code }, message);
    });
    try {
      const { signal } = this.#stop;
      const confirmed = opened ? await beforeAbandoned(opened.confirmBlocks(), signal, 0) : {};
      const listed = new Set(reserves.networks.map(({ network }) => network));
      refuseSilent(asked?.networks.filter((network) => listed.has(network)) ?? [], confirmed, trouble);
      const kept = await repository.confirm(run, { nodes: confirmed, known: known.digest }, marks);
      if (!kept) {
        await opened?.close();
        return undefined;
      }
      marks.checkNodes(kept);
      checkKnown(kept.known, known);
      const nodes = kept.nodes!;
      refuseSilent(Object.keys(nodes), confirmed, trouble);
      const judge = openJudge();
      return {
        ...{ row: kept, reserves, nodes, judge, data: { reserves, nodes, tokens: known.tokens } },
        ask: async (lines) =>
          opened ? beforeAbandoned(opened.ask(lines), signal, 0) : lines.map(() => undefined),
        close: async () => void (await Promise.all([judge.close(), opened?.close()])),
      };
    } catch (error) {
      await opened?.close();
      throw error;
    }
  }
}

/**
 * The document of reserves that ingest read, as it read it.
 * @throws SolventError RESERVES_FORGED (invalid), and as parseReserves
 */
export async function readPublication(
  row: ReservesRecord,
  repository: Pick<ReservesRepository, 'document'>,
  marks: ReservesMarks,
): Promise<{ readonly reserves: Reserves; readonly document: Uint8Array }> {
  marks.checkRequest(row);
  const stored = await repository.document(row.snapshotId);
  marks.checkPlan(row, stored);
  const document = new Uint8Array(stored!);
  return { reserves: parseReserves(document), document };
}

/**
 * A node that the operator chose and that does not answer: what is published would say less for ever than it
 * might an hour later.
 */
function refuseSilent(
  wanted: readonly string[],
  confirmed: Readonly<Record<string, string>>,
  trouble: readonly string[],
): void {
  const silent = wanted.filter((network) => !Object.hasOwn(confirmed, network));
  if (silent.length === 0) return;
  throw new SolventError(
    'NODE_SILENT',
    'internal',
    `the nodes of ${silent.join(', ')} did not confirm their blocks (${trouble.join('; ') || 'no answer'}): see to them, or take them out of SOLVENT_NODES, then request the reserves again`,
  );
}

function keyOf({ snapshotId, attempt }: SnapshotRun): string {
  return `${snapshotId} ${attempt}`;
}
