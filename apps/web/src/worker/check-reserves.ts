import {
  ADDRESSES_FILE,
  auditReport,
  judgeBatch,
  levelOf,
  lineJudge,
  MAX_RESERVES_BYTES,
  parseReserves,
  readManifest,
  refusedAuditReport,
  RESERVES_FILE,
  verifyReserves,
  type BatchJudge,
  type LineJudge,
  type Reserves,
  type ReservesVerdict,
} from '@solvent-por/reserves';
import { SolventError, utf8 } from '@solvent-por/kzg';
import { AddressBook } from '../check/address-book';
import { SourceError } from '../check/source';
import { Calls } from './calls';
import { pieces } from './pieces';
import type { ReservesProgress, ReservesSource, Tasks } from './protocol';

/** What was judged last, to be looked up. */
let book: AddressBook | undefined;

/**
 * Verifies both files against the manifest that the page has verified, in workers beside this one.
 * @throws SourceError where the files could not be fetched: that says nothing about them
 */
export async function checkReserves(
  give: Tasks['reserves']['give'],
  progress: (progress: ReservesProgress) => void,
): Promise<Tasks['reserves']['get']> {
  const { source, manifest: text, expected, blocks, workers, proved, made } = give;
  const opened = await openReserves(source);
  if (!opened) return { kind: 'none' };
  book = undefined;
  const pool = judgePool(workers);
  try {
    const verdict = await refusals(async () => {
      const manifest = readManifest(utf8(text));
      const reserves = parseReserves(opened.reserves);
      // What is bound to no liabilities is compared with none: that makes it no other exchange's.
      const bound = reserves.liabilities !== null;
      if (!bound) refuseOther(reserves, manifest.header);
      const own = (book = new AddressBook(reserves, ({ facts }) => levelOf(facts)));
      const judged = await verifyReserves(opened.reserves, opened.addresses(), {
        operator: expected ?? manifest.header.operator,
        ...(bound && { manifest, liabilitiesProved: proved }),
        ...{ blocks, judge: pool.judge },
        onLines: (lines) => own.add(lines),
        onProgress: progress,
      });
      if (judged.verdict !== 'right') return judged;
      return auditReport(judged, {
        ...made,
        reserves,
        ...(bound && { manifest }),
        operatorKnown: expected !== undefined,
      });
    });
    if ('outcome' in verdict) return { kind: 'report', found: verdict, listed: kept() };
    book = undefined;
    if (verdict.verdict === 'right') throw new Error('what is right has a report');
    return { kind: 'report', found: refusedAuditReport(verdict, made), listed: 0 };
  } finally {
    pool.end();
  }
}

/** @throws SourceError FILE_OTHER_SNAPSHOT */
function refuseOther(
  { snapshot, takenAt }: Reserves,
  header: { readonly snapshot: string; readonly takenAt: string },
): void {
  if (snapshot !== header.snapshot || takenAt !== header.takenAt)
    throw new SourceError('FILE_OTHER_SNAPSHOT', `${snapshot} (${takenAt})`);
}

function kept(): number {
  return book?.kept ?? 0;
}

export function findAddresses(query: Tasks['addresses']['give']): Tasks['addresses']['get'] {
  return book?.find(query) ?? { rows: [], matches: 0, kept: 0, of: 0 };
}

/** A judge for each publication: made by the first call, which brings what it needs. */
let judge: LineJudge | undefined;

export function judgeLines({ lines, data }: Tasks['judge']['give']): Tasks['judge']['get'] {
  if (data) judge = lineJudge(data);
  if (!judge) throw new Error('a judge needs its publication first');
  return judgeBatch(judge, lines);
}

/** Documents that cannot be read are verdicts, too: those of the publication, and the manifest. */
async function refusals<T>(work: () => Promise<T | ReservesVerdict>): Promise<T | ReservesVerdict> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SolventError) || !(error.kind === 'malformed' || error.kind === 'invalid'))
      throw error;
    const verdict = error.kind === 'invalid' ? 'wrong' : 'malformed';
    return { verdict, code: error.code, reason: error.message };
  }
}

interface Opened {
  readonly reserves: Uint8Array;
  readonly addresses: () => AsyncIterable<Uint8Array>;
}

/** Undefined where none are published. */
async function openReserves(source: ReservesSource): Promise<Opened | undefined> {
  if ('reserves' in source)
    return {
      reserves: await whole(pieces(source.reserves.stream(), lost), MAX_RESERVES_BYTES),
      addresses: () => pieces(source.addresses.stream(), lost),
    };
  const first = await get(`${source.address}${RESERVES_FILE}`);
  if (!first) return undefined;
  const reserves = await whole(pieces(first, lost), MAX_RESERVES_BYTES);
  return {
    reserves,
    addresses: async function* () {
      const lines = await get(`${source.address}${ADDRESSES_FILE}`);
      if (!lines) throw new SourceError('HTTP_404', `${ADDRESSES_FILE} is not beside ${RESERVES_FILE}`);
      yield* pieces(lines, lost);
    },
  };
}

async function get(address: string): Promise<ReadableStream<Uint8Array> | undefined> {
  const response = await fetch(address).catch(() => {
    throw new SourceError('NETWORK_FAILED', `${address} could not be reached`);
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new SourceError(`HTTP_${response.status}`, `${address}: status ${response.status}`);
  return response.body ?? new Blob([]).stream();
}

/** One byte more than the most is enough to see that it is too long. */
async function whole(from: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of from) {
    read.push(piece);
    bytes += piece.length;
    if (bytes > most) break;
  }
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const piece of read) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** A connection that breaks says nothing about the file. */
function lost(error: unknown): SourceError {
  return new SourceError('NETWORK_FAILED', error instanceof Error ? error.message : String(error));
}

/** Workers beside this one, each at the lines that are its turn. */
function judgePool(workers: number): { readonly judge: BatchJudge; readonly end: () => void } {
  const pool = Array.from({ length: workers }, () => new Calls(self.location.href));
  const told = new Set<number>();
  let turn = 0;
  return {
    judge: {
      // Each has lines at hand while others are on their way.
      concurrency: 2 * workers,
      judge: (lines, data) => {
        const at = turn++ % workers;
        const first = !told.has(at);
        told.add(at);
        return pool[at]!.ask('judge', { lines, ...(first && { data }) });
      },
    },
    end: () => pool.forEach((one) => one.end()),
  };
}
