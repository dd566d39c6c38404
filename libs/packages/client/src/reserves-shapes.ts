import { fields, flag, integer, json, list, nullable, number, oneOf, text, type Read } from './shape';

const reservesState = oneOf('REQUESTED', 'READING', 'JUDGING', 'PUBLISHED', 'FAILED');
export type ReservesState = Read<typeof reservesState>;

/** How well something is shown: section 2 of the reserves page. */
const level = oneOf('PROVED', 'CHECKED', 'CLAIMED');
export type ReserveLevel = Read<typeof level>;

const counts = nullable(list(fields({ name: text, lines: integer })));

/**
 * What an exchange says that it holds, as the service judged it: no substitute for verifying the two files. What
 * is not known before it is PUBLISHED is null until then.
 */
export const reserves = fields({
  snapshot: text,
  state: reservesState,
  domain: nullable(text),
  operator: nullable(text),
  /** UTC, YYYY-MM-DDTHH:MM:SSZ. */
  takenAt: nullable(text),
  /** Of reserves.json. */
  digest: nullable(text),
  publishedAt: nullable(text),
  lines: nullable(integer),
  /** Of reserve-addresses.ndjson, an integer. */
  bytes: nullable(number),
  blocks: nullable(
    list(
      fields({
        network: text,
        /** Decimal: height, slot, or seqno. */
        height: text,
        block: text,
        time: text,
        /** Whether a node of the operator's services has it. */
        confirmed: flag,
      }),
    ),
  ),
  /** Seconds between the first and the last block. */
  span: nullable(integer),
  /** Decimal strings in the asset's scale: none of proved, checked and claimed is within another. */
  assets: nullable(
    list(
      fields({
        symbol: text,
        scale: integer,
        price: nullable(text),
        proved: text,
        checked: text,
        claimed: text,
        /** Of checked: over a standing text. */
        named: text,
        /** Of all three: on ledgers whose blocks one party makes. */
        layer2: text,
      }),
    ),
  ),
  /** Why lines are claimed and no more. */
  reasons: counts,
  /** What evidence of control lines have. */
  ownership: counts,
  /** Nodes that were asked. */
  nodes: nullable(list(fields({ network: text, name: text }))),
  notes: nullable(list(text)),
  /** Legacy texts: evidence over them may be copied from another exchange. */
  messages: nullable(list(text)),
  /** reserves.json and reserve-addresses.ndjson. */
  url: nullable(text),
  addressesUrl: nullable(text),
  /** The whole report, as `solvent verify-reserves --json` prints it. */
  report: nullable(json),
  /** For operators; null for others. */
  operations: nullable(
    fields({
      attempt: integer,
      source: text,
      linesJudged: integer,
      requestedBy: nullable(text),
      requestedAt: text,
      readingAt: nullable(text),
      judgingAt: nullable(text),
      failedAt: nullable(text),
      failure: nullable(
        fields({
          code: text,
          message: text,
          /** Of reserve-addresses.ndjson, from 1. */
          line: nullable(integer),
        }),
      ),
    }),
  ),
});
export type Reserves = Read<typeof reserves>;

export const requestedReserves = fields({
  /** False when the same had been asked for before, and has not failed. */
  created: flag,
  reserves,
});
export type RequestedReserves = Read<typeof requestedReserves>;

const verdict = oneOf(
  ...(['SHORT', 'NOT_COVERED_ON_CHAIN', 'NOT_COMPARABLE', 'CLAIMED', 'COVERED', 'NOT_OWED'] as const),
);
export type SolvencyVerdict = Read<typeof verdict>;

const assetSolvency = fields({
  symbol: text,
  verdict,
  /** Of COVERED: by how well it is shown. */
  by: nullable(level),
  /** What is owed, in the asset's scale. */
  equity: text,
  /** Basis points of what is owed, rounded down, each of what is at least so well shown. */
  ratio: nullable(fields({ proved: nullable(text), checked: nullable(text), claimed: nullable(text) })),
  /** The asset that this one is a claim to: they are compared together. */
  with: nullable(text),
});
export type AssetSolvency = Read<typeof assetSolvency>;

/** The service's own comparison of what is held with what is owed. */
export const solvency = fields({
  snapshot: text,
  verdict,
  by: nullable(level),
  /** Whose prices, in mode aggregate. */
  prices: nullable(text),
  /** none, not given, unproved or proved. */
  liabilities: text,
  assets: list(assetSolvency),
  unit: nullable(assetSolvency),
});
export type Solvency = Read<typeof solvency>;

/** A line of reserve-addresses.ndjson without its evidence. */
export const reserveLine = fields({
  /** From 1. */
  line: integer,
  network: text,
  asset: text,
  token: nullable(text),
  address: text,
  /** In the smallest units of the coin or token on that network. */
  amount: text,
  /** own, staked or custodian. */
  class: text,
  /** What its evidence shows of who controls the address. */
  control: text,
  level,
  /** Why it is claimed and no more. */
  reason: nullable(text),
});
export type ReserveLine = Read<typeof reserveLine>;

export const reserveLinePage = fields({
  nodes: list(reserveLine),
  pageInfo: fields({ endCursor: nullable(text), hasNextPage: flag }),
});
export type ReserveLinePage = Read<typeof reserveLinePage>;
