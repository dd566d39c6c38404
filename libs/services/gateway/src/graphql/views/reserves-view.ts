import type { AssetSolvency, SolvencyVerdict } from '@solvent-por/reserves';
import type { ReserveLine, ReservesSeen } from '@solvent-por/services/database';
import type { OpenedReserves } from '../../reserves/published-reserves';
import type {
  AssetSolvencyType,
  ReserveLineType,
  ReservesOperationsType,
  ReservesType,
  SolvencyType,
} from '../types/reserves.types';

/** Getters: what nobody asked for is not computed. */
export class ReservesView implements ReservesType {
  /** @param opened once they are published */
  constructor(
    readonly seen: ReservesSeen,
    private readonly opened: OpenedReserves | undefined,
    private readonly base: string,
  ) {}

  get snapshot() {
    return this.seen.record.snapshotId;
  }

  get state() {
    return this.seen.record.state;
  }

  get domain() {
    return this.opened?.reserves.domain ?? null;
  }

  get operator() {
    return this.opened?.reserves.operator ?? null;
  }

  get takenAt() {
    return this.opened?.reserves.takenAt ?? null;
  }

  get digest() {
    return this.opened?.report.digest ?? null;
  }

  get publishedAt() {
    return this.seen.record.publishedAt;
  }

  get lines() {
    return this.seen.record.lines;
  }

  get bytes() {
    return this.seen.record.bytes;
  }

  get blocks() {
    return this.#published(({ reserves, report }) =>
      reserves.networks.map(({ network, height, block, time }) => ({
        ...{ network, height, block, time },
        confirmed: report.blocks[network] === 'confirmed',
      })),
    );
  }

  get span() {
    return this.#published(({ report }) => report.span);
  }

  get assets() {
    return this.#published(({ report }) =>
      Object.entries(report.assets).map(([symbol, { price, ...sums }]) => ({
        ...{ symbol, price: price ?? null },
        ...sums,
      })),
    );
  }

  get reasons() {
    return this.#published(({ report }) => counts(report.reasons));
  }

  get ownership() {
    return this.#published(({ report }) => counts(report.ownership));
  }

  get nodes() {
    return this.#published(({ report }) =>
      Object.entries(report.nodes ?? {}).map(([network, name]) => ({ network, name })),
    );
  }

  get notes() {
    return this.#published(({ report }) => report.notes);
  }

  get messages() {
    return this.#published(({ report }) => report.messages);
  }

  get report() {
    return this.#published(({ report }) => report);
  }

  get url() {
    return this.#published(() => `${this.base}/reserves.json`);
  }

  get addressesUrl() {
    return this.#published(() => `${this.base}/reserve-addresses.ndjson`);
  }

  #published<T>(of: (opened: OpenedReserves) => T): T | null {
    return this.opened ? of(this.opened) : null;
  }
}

export function reservesOperations({ record, linesJudged }: ReservesSeen): ReservesOperationsType {
  const { attempt, source, requestedBy, requestedAt, readingAt, judgingAt, failedAt, failure } = record;
  return {
    ...{ attempt, source, linesJudged, requestedBy, requestedAt, readingAt, judgingAt, failedAt },
    failure: failure && { code: failure.code, message: failure.message, line: failure.line ?? null },
  };
}

/** Undefined where the report has no comparison. */
export function solvencyView({ published, report }: OpenedReserves): SolvencyType | undefined {
  const { solvency, liabilities } = report;
  if (!solvency) return undefined;
  const { verdict, by, prices, assets = {}, unit } = solvency;
  const { unit: symbol = '' } = report;
  return {
    snapshot: published.record.snapshotId,
    ...{ verdict: nameOf(verdict), by: by ? by.toUpperCase() : null, prices: prices ?? null, liabilities },
    assets: Object.entries(assets).map(([name, asset]) => assetView(name, asset)),
    unit: unit ? assetView(symbol, unit) : null,
  };
}

export function lineView({ level, ...line }: ReserveLine): ReserveLineType {
  return { ...line, level: level.toUpperCase() };
}

function assetView(
  symbol: string,
  { verdict, by, equity, ratio, with: other }: AssetSolvency,
): AssetSolvencyType {
  return {
    ...{ symbol, verdict: nameOf(verdict), by: by ? by.toUpperCase() : null, equity },
    ...{ ratio: ratio ?? null, with: other ?? null },
  };
}

/** `not covered on chain` → NOT_COVERED_ON_CHAIN */
function nameOf(verdict: SolvencyVerdict | 'not owed'): string {
  return verdict.toUpperCase().replaceAll(' ', '_');
}

function counts(of: Readonly<Record<string, number>>): { readonly name: string; readonly lines: number }[] {
  return Object.entries(of).map(([name, lines]) => ({ name, lines }));
}
