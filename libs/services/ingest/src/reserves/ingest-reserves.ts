import { createHash } from 'node:crypto';
import { SolventError, toHex } from '@solvent-por/kzg';
import { MAX_RESERVE_PARTS, reservesRead, type SnapshotRun } from '@solvent-por/services/contracts';
import type { ReservesMarks, ReservesRecord, ReservesRepository } from '@solvent-por/services/database';
import { traced, type Log, type MessageBus } from '@solvent-por/services/kit';
import { parseReserves, type Reserves } from '@solvent-por/reserves';
import { parseHeader } from '@solvent-por/verifier';
import type { IngestOutcome } from '../observing';
import { judging, judgingEach, Refusal } from '../refusal';
import { resolveSource } from '../source-path';
import { readDocument, readParts } from './reserves-folder';

/** As a part ends with the line that fills it. */
const MOST_PART_BYTES = (1 << 20) + (1 << 16);

export interface ReservesIngestOptions {
  readonly reserves: Pick<ReservesRepository, 'beginReading' | 'addPart' | 'recordPlan' | 'fail'>;
  /** The header of a snapshot, as it is stored. */
  readonly headerOf: (snapshotId: string) => Promise<unknown>;
  /** As IngestOptions says. */
  readonly exclusively: <T>(name: string, work: (lost: AbortSignal) => Promise<T>) => Promise<T | undefined>;
  readonly bus: Pick<MessageBus, 'publish'>;
  readonly marks: ReservesMarks;
  /** The operator whose keys these are: 0x and 64 hex digits. */
  readonly operator: string;
  readonly sourceDirectory: string;
  readonly meter: { readReserves(bytes: number): void; refused(code: string): void };
  readonly log: Log;
  /** Bytes of a part, for tests. */
  readonly partBytes?: number;
}

/**
 * Reads one requested publication of reserves: the document's form and whose it is, then the lines, as bytes, in
 * parts that are stored and handed to provers. A run that broke off anywhere is done again: the parts are the
 * same, and those that are stored stay.
 */
export class ReservesIngest {
  constructor(private readonly options: ReservesIngestOptions) {}

  /** @throws whatever is nobody's fault: the database or the bus is away */
  async run(run: SnapshotRun, signal: AbortSignal): Promise<IngestOutcome> {
    const outcome = await this.options.exclusively(`ingest-reserves:${run.snapshotId}`, (lost) =>
      traced('read reserves', { snapshot: run.snapshotId, attempt: run.attempt }, () =>
        this.#ended(run, AbortSignal.any([signal, lost])),
      ),
    );
    return outcome ?? 'busy';
  }

  /** Whether these reserves wait for ingest. */
  awaits({ state }: Pick<ReservesRecord, 'state'>): boolean {
    return state === 'REQUESTED' || state === 'READING';
  }

  async #ended(run: SnapshotRun, stop: AbortSignal): Promise<IngestOutcome> {
    const row = await this.options.reserves.beginReading(run);
    if (!row) return 'stale';
    try {
      return await this.#read(row, run, stop);
    } catch (error) {
      if (stop.aborted) return 'abandoned';
      if (!(error instanceof Refusal)) throw error;
      return this.#refuse(run, error);
    }
  }

  async #read(row: ReservesRecord, run: SnapshotRun, stop: AbortSignal): Promise<IngestOutcome> {
    const { reserves, marks, sourceDirectory, log, meter } = this.options;
    // Before anything of it is believed: where its files lie, say.
    await judging(() => marks.checkRequest(row));
    const folder = await judging(() => resolveSource(sourceDirectory, row.source));
    try {
      const document = await judging(() => readDocument(folder));
      const { addresses } = await this.#judged(document, run.snapshotId);
      // Nothing is stored of what will be too many.
      if (addresses.bytes > MAX_RESERVE_PARTS * MOST_PART_BYTES) throw tooMany();
      const hash = createHash('sha256');
      const partDigests: Uint8Array[] = [];
      let lines = 0;
      for await (const part of judgingEach(readParts(folder, addresses.bytes, this.options.partBytes))) {
        stop.throwIfAborted();
        if (partDigests.length === MAX_RESERVE_PARTS) throw tooMany();
        hash.update(part.content);
        partDigests.push(createHash('sha256').update(part.content).digest());
        lines += part.lines;
        if (!(await judging(() => reserves.addPart(run, part)))) return 'stale';
        meter.readReserves(part.content.length);
      }
      if (toHex(hash.digest()) !== addresses.digest || lines !== addresses.lines) throw otherFile();
      const plan = { document, lines, bytes: addresses.bytes, partDigests };
      if (!(await reserves.recordPlan(run, plan, marks))) return 'stale';
      log.info({ ...run, lines, parts: partDigests.length }, 'reserves read');
      await this.#announce(run, partDigests.length);
      return 'ingested';
    } catch (error) {
      throw error instanceof Refusal ? error.within(folder, row.source) : error;
    }
  }

  /** The document: its form, and that it is this operator's, of this snapshot. */
  async #judged(document: Uint8Array, snapshotId: string): Promise<Reserves> {
    const stored = await this.options.headerOf(snapshotId);
    return judging(() => {
      const reserves = parseReserves(document);
      const header = parseHeader(stored);
      const { operator } = this.options;
      if (reserves.snapshot !== snapshotId || reserves.takenAt !== header.takenAt)
        throw refusal(
          'RESERVES_SNAPSHOT',
          `the reserves in this folder are of snapshot ${reserves.snapshot} of ${reserves.takenAt}, not of ${snapshotId} of ${header.takenAt}: request them under their own snapshot`,
        );
      if (reserves.operator !== operator || header.operator !== operator)
        throw refusal(
          'KEY_OPERATOR_MISMATCH',
          `the keys of ingest belong to operator ${operator}, the reserves are signed by ${reserves.operator}, the snapshot by ${header.operator}: all three must be one`,
        );
      if (reserves.liabilities === null)
        throw refusal(
          'RESERVES_UNBOUND',
          'the reserves are bound to no liabilities: name the manifest of this snapshot in the configuration of `solvent reserves build`, and build them again',
        );
      return reserves;
    });
  }

  /** What is lost of it provers find by themselves. */
  async #announce(run: SnapshotRun, parts: number): Promise<void> {
    for (let part = 0; part < parts; part++)
      await this.options.bus.publish(reservesRead, { ...run, part }, { slot: part });
  }

  async #refuse(run: SnapshotRun, { failure: { code, message, details } }: Refusal): Promise<IngestOutcome> {
    const { reserves, meter, log } = this.options;
    const line = typeof details?.['line'] === 'number' ? { line: details['line'] } : {};
    if (!(await reserves.fail(run, { code, message, ...line }, 'ingest'))) return 'stale';
    meter.refused(code);
    log.warn({ ...run, code }, 'reserves refused');
    return 'refused';
  }
}

function refusal(code: string, message: string): SolventError {
  return new SolventError(code, 'usage', message);
}

function otherFile(): Refusal {
  return new Refusal({
    code: 'ADDRESSES_UNTRUE',
    message:
      'reserve-addresses.ndjson is not the file that reserves.json names: its lines or its digest are others. Put both files of one `solvent reserves build` into the folder',
  });
}

function tooMany(): Refusal {
  return new Refusal({
    code: 'RESERVES_TOO_MANY',
    message: `reserve-addresses.ndjson has more than ${MAX_RESERVE_PARTS} MiB: the services take no more`,
  });
}
