import { createHash } from 'node:crypto';
import { setImmediate as others } from 'node:timers/promises';
import { SolventError, hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { reservesPublished, type ReservesPublished, type SnapshotRun } from '@solvent-por/services/contracts';
import {
  reserveLineHash,
  sealReserves,
  type ReservesMarks,
  type ReservesParts,
  type ReservesRecord,
  type ReservesRepository,
  type SnapshotRepository,
  type WitnessKeyring,
} from '@solvent-por/services/database';
import { traced, type Log, type MessageBus } from '@solvent-por/services/kit';
import {
  parseReserves,
  readManifest,
  reservesDigest,
  ReservesVerifier,
  type Reserves,
  type ReservesReport,
} from '@solvent-por/reserves';
import { canonicalJson } from '@solvent-por/verifier';
import { checkOperator } from '../failing';
import { checkContent, LINES_AT_A_TIME } from './judge-part';
import { decodeJudged, linesOf, listedLine } from './judged-lines';
import { checkKnown, type OwnKnowledge } from './own-knowledge';
import { readPublication } from './publications';

/**
 * - `published`: added up and published here
 * - `waiting`: parts are not judged yet, or the snapshot is not published yet
 * - `busy`: another instance is at it
 * - `over`: the run is over
 */
export type FinishOutcome = 'published' | 'waiting' | 'busy' | 'over';

export interface ReservesFinishingOptions {
  readonly repository: Pick<ReservesRepository, 'find' | 'document' | 'publish' | 'chain'>;
  readonly parts: Pick<ReservesParts, 'part' | 'anyUnjudged'>;
  readonly snapshots: Pick<SnapshotRepository, 'manifest' | 'find'>;
  /** As SnapshotFinalisingOptions says. */
  readonly exclusively: <T>(
    name: string,
    work: (lost: AbortSignal) => Promise<T>,
    options: { readonly wait: boolean },
  ) => Promise<T | undefined>;
  readonly marks: ReservesMarks;
  /** Seals the digests of what is published. */
  readonly keyring: WitnessKeyring;
  readonly operator: string;
  readonly known: OwnKnowledge;
  readonly bus: Pick<MessageBus, 'publish'>;
  readonly meter: { reservesPublished(seconds: number): void };
  readonly log: Log;
}

/** What the lines of all parts come to. */
interface AddedUp {
  readonly report: ReservesReport;
  readonly parts: ReadonlyArray<{ readonly content: Uint8Array; readonly lines: Uint8Array }>;
}

/**
 * Adds up what the parts of a publication were judged to be, in the file's order, compares it with the published
 * manifest of its snapshot, and publishes report and files in one transaction. All of it follows from what is
 * stored and carries the marks of ingest and provers, so what broke off is done again, and of two at once one
 * publishes.
 */
export class ReservesFinishing {
  readonly #unannounced = new Map<string, ReservesPublished>();

  constructor(private readonly options: ReservesFinishingOptions) {}

  /**
   * @param signal ends it between two parts
   * @throws SolventError of what is wrong with the publication, and whatever is not its fault
   */
  async finish(run: SnapshotRun, signal: AbortSignal): Promise<FinishOutcome> {
    const { repository, parts, exclusively } = this.options;
    await this.announce();
    const row = await repository.find(run.snapshotId);
    if (row?.attempt !== run.attempt || row.state !== 'JUDGING') return 'over';
    if (!row.nodes || (await parts.anyUnjudged(run.snapshotId))) return 'waiting';
    if (!(await this.#isPublished(run.snapshotId))) return 'waiting';
    const outcome = await exclusively(
      `reserves:${run.snapshotId}`,
      (lost) =>
        traced('add up reserves', { snapshot: run.snapshotId, attempt: run.attempt }, () =>
          this.#finish(run, AbortSignal.any([lost, signal])),
        ),
      { wait: false },
    );
    await this.announce();
    return outcome ?? 'busy';
  }

  /** Says again what could not be said when it was published. */
  async announce(): Promise<void> {
    for (const [key, message] of this.#unannounced) {
      await this.options.bus.publish(reservesPublished, message);
      this.#unannounced.delete(key);
    }
  }

  async #finish(run: SnapshotRun, stop: AbortSignal): Promise<FinishOutcome> {
    const { repository, snapshots, exclusively, marks, operator, known, meter, log } = this.options;
    const began = performance.now();
    // Again: whoever held the lock before us may have published it.
    const row = await repository.find(run.snapshotId);
    const stored = await snapshots.manifest(run.snapshotId);
    if (row?.attempt !== run.attempt || row.state !== 'JUDGING' || !stored?.manifest) return 'over';
    const manifest = readManifest(new Uint8Array(stored.manifest));
    const { reserves, document } = await readPublication(row, repository, marks);
    marks.checkNodes(row);
    checkKnown(row.known, known);
    checkOperator(operator, reserves);
    checkOperator(operator, manifest.header);
    // One at a time, so that each follows the one before it.
    const digest = await exclusively(
      'reserves-chain',
      async (lost) => {
        const previous = await this.#previous(reserves);
        const verifier = new ReservesVerifier(reserves, {
          ...{ operator, manifest, nodes: row.nodes!, tokens: known.tokens },
          ...(previous && { previous }),
        });
        const added = await this.#addUp(row, reserves, verifier, AbortSignal.any([stop, lost]));
        return this.#publish(run, document, added, previous);
      },
      { wait: true },
    );
    if (!digest) return 'over';
    const seconds = (performance.now() - began) / 1000;
    meter.reservesPublished(seconds);
    log.info({ ...run, lines: row.lines, seconds, reserves: digest.slice(0, 10) }, 'reserves published');
    this.#unannounced.set(`${run.snapshotId} ${run.attempt}`, { ...run, digest });
    return 'published';
  }

  /** @throws SolventError SNAPSHOT_FAILED (invalid) */
  async #isPublished(snapshotId: string): Promise<boolean> {
    const { snapshots } = this.options;
    if (await snapshots.manifest(snapshotId)) return true;
    if ((await snapshots.find(snapshotId))?.state !== 'FAILED') return false;
    throw new SolventError(
      'SNAPSHOT_FAILED',
      'invalid',
      `the snapshot ${snapshotId} has failed, so there is nothing that its reserves are held against: request it again, then the reserves`,
      { snapshot: snapshotId },
    );
  }

  /** @throws SolventError RESERVES_ORDER (invalid) */
  async #previous(reserves: Reserves): Promise<Reserves | undefined> {
    const { operator, takenAt } = reserves;
    const { previous, later } = await this.options.repository.chain(operator, takenAt);
    if (later === undefined) return previous && parseReserves(new Uint8Array(previous));
    throw new SolventError(
      'RESERVES_ORDER',
      'invalid',
      `the reserves of ${later}, which was taken no earlier, are published: publications follow one another in time`,
      { published: later },
    );
  }

  /** @throws SolventError RESERVES_FORGED, and of what the lines come to together */
  async #addUp(
    row: ReservesRecord,
    reserves: Reserves,
    verifier: ReservesVerifier,
    stop: AbortSignal,
  ): Promise<AddedUp> {
    const { marks, parts } = this.options;
    const { snapshotId, attempt } = row;
    const digests: AddedUp['parts'][number][] = [];
    let line = 1;
    for (let part = 0; part < row.parts!; part++) {
      stop.throwIfAborted();
      const stored = await parts.part(snapshotId, part);
      if (!stored?.judged) throw forged(snapshotId, part);
      const { content, judged } = stored;
      checkContent(snapshotId, stored, row.partDigests!);
      marks.checkPart({ snapshotId, attempt, part, content, judged }, stored.judgedMac);
      const answered = decodeJudged(judged);
      const lines = linesOf(content);
      if (answered.length !== lines.length || stored.firstLine !== line) throw forged(snapshotId, part);
      const hashes = createHash('sha256');
      for (const [i, { judged, answer }] of answered.entries()) {
        if (i % LINES_AT_A_TIME === 0) await others();
        const listed = listedLine(verifier.judged(judged, lines[i]!, answer), line++, reserves);
        hashes.update(reserveLineHash(listed));
      }
      digests.push({ content: createHash('sha256').update(content).digest(), lines: hashes.digest() });
    }
    return { report: verifier.finish(), parts: digests };
  }

  /** @returns the digest of the document; undefined when the run is over */
  async #publish(
    run: SnapshotRun,
    document: Uint8Array,
    { report: judged, parts }: AddedUp,
    previous: Reserves | undefined,
  ): Promise<string | undefined> {
    const { repository, keyring, known, operator } = this.options;
    const report = { ...judged, notes: [...judged.notes, ...known.notes] };
    const bytes = utf8(canonicalJson(JSON.parse(JSON.stringify(report))));
    const digests = sealReserves(keyring, run, {
      ...{ document: sha256(document), report: sha256(bytes), parts },
    });
    const digest = hexBytes(report.digest, 32);
    const published = await repository.publish(run, {
      ...{ report: bytes, digest, digests, operator },
      previous: previous ? reservesDigest(previous) : null,
    });
    return published ? toHex(digest) : undefined;
  }
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

function forged(snapshotId: string, part: number): SolventError {
  return new SolventError(
    'RESERVES_FORGED',
    'invalid',
    `part ${part} of the reserves of ${snapshotId} is not what provers stored: somebody wrote to the database. Look who, then request the reserves again`,
    { part },
  );
}
