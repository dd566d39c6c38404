import { createHash } from 'node:crypto';
import { toHex, utf8 } from '@solvent-por/kzg';
import { signManifest } from '@solvent-por/prover';
import { readManifest, type JudgedLine, type NodeAnswer } from '@solvent-por/reserves';
import { reservesRead, type SnapshotRun } from '@solvent-por/services/contracts';
import {
  openDatabase,
  ProofStore,
  ReservesMarks,
  ReservesParts,
  ReservesRepository,
  SnapshotRepository,
  type Database,
  type ReservesRecord,
} from '@solvent-por/services/database';
import { silentLog, type MessageBus } from '@solvent-por/services/kit';
import { headerOf, parseConfig } from '@solvent-por/snapshot';
import { canonicalJson, manifestDigest, PROTOCOL, type Header, type Manifest } from '@solvent-por/verifier';
import { judgeBatch, lineJudge, type JudgeData } from '@solvent-por/reserves';
import { keyring, proofOf, proving, publicationOf, REQUEST_KEY } from '../../database/testing/snapshots';
import {
  boundPublication,
  type BoundPublication,
  type Wanted,
} from '../../../packages/reserves/testing/bound-publication';
import { silentReservesMeter, type ReservesMeter } from '../src/reserves/metrics';
import type { AskedNodes } from '../src/reserves/nodes';
import type { OwnKnowledge } from '../src/reserves/own-knowledge';
import type { ReservesJudge } from '../src/reserves/publications';
import { ReservesProver } from '../src/reserves/reserves-prover';
import { inProcessBus, KEYS, soon } from './prover-harness';

/** A snapshot that may yet be published, and what its reserves are bound to. */
export interface BoundSnapshot {
  readonly run: SnapshotRun;
  readonly header: Header;
  readonly manifest: Manifest;
  publish(): Promise<void>;
}

/** Judges in this thread, and counts. */
export function judgeHere(onLines: (lines: number) => void | Promise<void> = () => undefined): ReservesJudge {
  return {
    concurrency: 1,
    judge: async (lines: readonly Uint8Array[], data: JudgeData) => {
      await onLines(lines.length);
      return judgeBatch(lineJudge(data), lines);
    },
    close: async () => undefined,
  };
}

/** A node of Ethereum that confirms its block and every amount, unless a test says otherwise. */
export function ethereumNode(
  more: {
    confirm?: (snapshot: string) => Promise<Readonly<Record<string, string>>>;
    answer?: (line: JudgedLine) => NodeAnswer | undefined;
  } = {},
): AskedNodes {
  const {
    confirm = async () => ({ 'eip155:1': 'our node' }),
    answer = ({ amount }: JudgedLine) => ({ amount }),
  } = more;
  return {
    networks: ['eip155:1'],
    open: ({ snapshot }) => ({
      confirmBlocks: () => confirm(snapshot),
      ask: async (lines) => lines.map(answer),
      close: async () => undefined,
    }),
  };
}

/** A database, a bus, provers of reserves, and an ingest that the test plays. */
export class ReservesHarness {
  readonly repository: ReservesRepository;
  readonly parts: ReservesParts;
  readonly marks = new ReservesMarks(REQUEST_KEY);
  readonly #running: ReservesProver[] = [];

  private constructor(
    readonly database: Database,
    private readonly asProver: Database,
    readonly bus: MessageBus,
  ) {
    this.repository = new ReservesRepository(database);
    this.parts = new ReservesParts(database);
  }

  static async open(test: { readonly url: string; as(role: 'prover'): string }): Promise<ReservesHarness> {
    return new ReservesHarness(openDatabase(test.url), openDatabase(test.as('prover')), inProcessBus());
  }

  async prover(
    more: {
      nodes?: AskedNodes;
      known?: OwnKnowledge;
      openJudge?: () => ReservesJudge;
      meter?: ReservesMeter;
    } = {},
  ): Promise<ReservesProver> {
    const prover = new ReservesProver({
      ...{ database: this.asProver, bus: this.bus, keyring, requestKey: REQUEST_KEY, keys: KEYS },
      ...{ workers: 1, log: silentLog, meter: silentReservesMeter, sweepEvery: 20 },
      ...{ openJudge: judgeHere, nodes: ethereumNode() },
      ...more,
    });
    this.#running.push(prover);
    await prover.start();
    return prover;
  }

  /** One that owes 1 ETH less a gwei for each line that would cover it. @param owed in gwei */
  async snapshot(id: string, owed: number, takenAt = '2026-11-30T00:00:00Z'): Promise<BoundSnapshot> {
    const config = parseConfig({
      ...{ mode: 'spot', snapshot: id, takenAt, operator: KEYS.operator },
      assets: [{ symbol: 'ETH', scale: 9 }],
    });
    const header = headerOf(config);
    const run = await proving(this.database, { config, header, source: 'balances', requestedBy: null });
    const manifest = signManifest(
      {
        ...{
          protocol: PROTOCOL,
          header,
          batchCount: 2,
          columns: digestOf('columns'),
          root: digestOf('root'),
        },
        ...{ totals: [String(owed)], totalsOpening: `0xc0${'00'.repeat(47)}` },
        ...{ claimRoot: null, claimKeys: null, previous: null },
      },
      KEYS.signing,
    );
    const publish = async () => {
      await new ProofStore(this.database, keyring).store(run, proofOf(0));
      const last = await new SnapshotRepository(this.database).latestPublished(KEYS.operator);
      const published = await new SnapshotRepository(this.database).publish(run, {
        ...publicationOf(id, last?.manifestDigest ?? null),
        manifest: utf8(canonicalJson(manifest)),
        manifestDigest: manifestDigest(manifest),
      });
      if (!published) throw new Error(`${id} was not published`);
    };
    return { run, header, manifest, publish };
  }

  /** A publication that is bound to it. */
  made({ header, manifest }: BoundSnapshot, wanted: Partial<Wanted> = {}): BoundPublication {
    const digest = readManifest(utf8(canonicalJson(manifest))).digest;
    return boundPublication({ header, manifest: digest, signing: KEYS.signing, lines: 8, ...wanted });
  }

  /** Requests and reads reserves as gateway and ingest do, so many lines a part. */
  async read(
    { run: { snapshotId } }: BoundSnapshot,
    made: BoundPublication,
    linesAPart = 3,
  ): Promise<SnapshotRun> {
    const { repository, marks } = this;
    const { attempt } = await repository.request(
      { snapshotId, source: 'reserves', requestedBy: null },
      marks,
    );
    const run = { snapshotId, attempt };
    await repository.beginReading(run);
    const lines = made.addresses.split(/(?<=\n)/);
    const partDigests: Uint8Array[] = [];
    for (let at = 0; at < lines.length; at += linesAPart) {
      const content = utf8(lines.slice(at, at + linesAPart).join(''));
      const count = Math.min(linesAPart, lines.length - at);
      await repository.addPart(run, { part: partDigests.length, firstLine: at + 1, lines: count, content });
      partDigests.push(createHash('sha256').update(content).digest());
    }
    const document = utf8(made.reserves);
    const plan = { document, lines: lines.length, bytes: utf8(made.addresses).length, partDigests };
    await repository.recordPlan(run, plan, marks);
    return run;
  }

  async tell(run: SnapshotRun, parts: readonly number[]): Promise<void> {
    for (const part of parts) await this.bus.publish(reservesRead, { ...run, part });
  }

  /** Waits until something holds of reserves. */
  async until({ snapshotId }: SnapshotRun, holds: (row: ReservesRecord) => boolean): Promise<ReservesRecord> {
    for (;;) {
      const row = await this.repository.find(snapshotId);
      if (row && holds(row)) return row;
      await soon();
    }
  }

  ended(run: SnapshotRun): Promise<ReservesRecord> {
    return this.until(run, ({ state }) => state === 'PUBLISHED' || state === 'FAILED');
  }

  /** Waits until every part is judged. */
  async judged({ snapshotId }: SnapshotRun): Promise<void> {
    while ((await this.parts.unjudged(snapshotId)).length > 0) await soon();
  }

  async close(): Promise<void> {
    await Promise.all([this.bus.close(), ...this.#running.map((prover) => prover.stop())]);
    await Promise.all([this.database.close(), this.asProver.close()]);
  }
}

function digestOf(text: string): string {
  return toHex(createHash('sha256').update(text).digest());
}
