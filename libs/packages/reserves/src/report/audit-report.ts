import type { Attested, ClassTotals, Reserves } from '../documents/reserves';
import type { ReadManifest } from '../verify/manifest';
import type { RefusedReserves, ReservesReport } from '../verify/report';
import type { AssetSolvency, Ratio, SolvencyVerdict } from '../verify/solvency';

export const AUDIT_REPORT_FORM = 'solvent-report/v1';

/** What no verification of reserves shows at any level (section 1), in the order in which it is said. */
export const NOT_SHOWN = [
  'borrowed',
  'pledged',
  'others',
  'listed',
  'contracts',
  'custodians',
  'ledgers',
  'bridges',
  'debts',
] as const;
export type NotShown = (typeof NOT_SHOWN)[number];

/** What a verifier can do beyond reading the two files; what was not done is said as loudly. */
export const AUDIT_CHECKS = [
  'signature',
  'lines',
  'operator',
  'blocks',
  'nodes',
  'manifest',
  'liabilities',
  'previous',
] as const;
export type AuditCheck = (typeof AUDIT_CHECKS)[number];

export interface ReportBlock {
  readonly network: string;
  readonly height: string;
  readonly block: string;
  readonly time: string;
  readonly state: 'confirmed' | 'unconfirmed';
  /** Whether a header ties its time to its hash: without one no hash from elsewhere confirms it. */
  readonly header: boolean;
  /** The node that was asked, if one was. */
  readonly node?: string;
}

/** One asset: what is owed of it against what is held. Amounts are decimal strings in units of 10^(−scale). */
export interface ReportAsset {
  readonly symbol: string;
  readonly scale: number;
  /** `not compared` without a manifest, or where everything is compared in one unit. */
  readonly verdict: SolvencyVerdict | 'not owed' | 'not compared';
  /** Of `covered`. */
  readonly by?: 'proved' | 'checked';
  /** Null where it is not known; `scale` is the liabilities' own. */
  readonly owed: { readonly amount: string; readonly scale: number } | null;
  /** None of the three is within another. */
  readonly proved: string;
  readonly checked: string;
  readonly claimed: string;
  /** Of the checked, under a standing text. */
  readonly named: string;
  /** Of all three, on ledgers whose blocks one party makes. */
  readonly layer2: string;
  /** The operator's own classes; null of what is attested alone. */
  readonly classes: ClassTotals | null;
  readonly ratio?: Ratio;
  /** Compared together with that one. */
  readonly with?: string;
  /** Who vouches for money that no ledger shows: all of it is claimed. */
  readonly attestedBy?: string;
}

/** A node that gave no answer that could be used, and why. */
export interface Unanswered {
  readonly network: string;
  readonly node: string;
  readonly code: string;
  readonly message: string;
}

/** Whose, and of when. */
export interface ReportMaking {
  /** When it was made: `2026-12-01T10:00:00Z`. */
  readonly at: string;
  /** By which program: `solvent 0.1.0`. */
  readonly by: string;
}

/** Liabilities against reserves, as far as one run verified them. */
export interface AuditReport {
  readonly form: typeof AUDIT_REPORT_FORM;
  readonly made: ReportMaking;
  readonly outcome: 'right';
  readonly domain: string;
  readonly operator: string;
  readonly snapshot: string;
  readonly takenAt: string;
  readonly verdict: SolvencyVerdict | 'not compared';
  readonly by?: 'proved' | 'checked';
  /** Of a comparison in one unit: whose prices. */
  readonly prices?: 'operator' | 'verifier';
  readonly checks: readonly { readonly check: AuditCheck; readonly done: boolean }[];
  readonly liabilities: ReservesReport['liabilities'];
  readonly digests: {
    /** Of reserves.json, as it is signed. */
    readonly reserves: string;
    /** SHA-256 of reserve-addresses.ndjson. */
    readonly addresses: string;
    /** Of the manifest that was compared with; null without one. */
    readonly manifest: string | null;
  };
  readonly lines: number;
  readonly bytes: number;
  readonly blocks: readonly ReportBlock[];
  /** Seconds between the first and the last block. */
  readonly span: number;
  /** Nodes that were asked and gave no answer, or not to all; absent where there are none. */
  readonly unanswered?: readonly Unanswered[];
  readonly assets: readonly ReportAsset[];
  /** Of mode aggregate: everything at prices, in units of 10^(−scale). */
  readonly unit?: Pick<AssetSolvency, 'verdict' | 'by' | 'ratio'> & {
    readonly symbol: string;
    readonly owed: string;
    readonly scale: number;
  };
  /** Numbers of lines. */
  readonly reasons: ReservesReport['reasons'];
  readonly ownership: ReservesReport['ownership'];
  readonly delegated: number;
  readonly modules: number;
  readonly messages: readonly string[];
  readonly attested: readonly Attested[];
  readonly notes: readonly string[];
  readonly notShown: readonly NotShown[];
}

/** Of a publication that is refused: nothing in it is shown. */
export interface RefusedAuditReport {
  readonly form: typeof AUDIT_REPORT_FORM;
  readonly made: ReportMaking;
  readonly outcome: RefusedReserves['verdict'];
  readonly code: string;
  readonly reason: string;
  readonly line?: number;
  readonly notShown: readonly NotShown[];
}

/** What a report is made of beside the verdict. */
export interface AuditGiven extends ReportMaking {
  /** The document that the verdict is about. */
  readonly reserves: Reserves;
  readonly manifest?: ReadManifest | undefined;
  /** Whether the operator's key was compared with one known from elsewhere. */
  readonly operatorKnown: boolean;
  readonly previousKnown?: boolean;
  readonly unanswered?: readonly Unanswered[];
}

/**
 * The one model of a report of liabilities against reserves: what the page shows, what is printed and what
 * `solvent report` writes are made of it, so that none can say more than another.
 *
 * @param verdict of `verifyReserves`: right, over the same document and manifest
 */
export function auditReport(
  verdict: ReservesReport,
  { at, by, reserves, manifest, operatorKnown, previousKnown = false, unanswered = [] }: AuditGiven,
): AuditReport {
  const { solvency, nodes = {} } = verdict;
  const done: Readonly<Record<AuditCheck, boolean>> = {
    signature: true,
    lines: true,
    operator: operatorKnown,
    blocks: Object.values(verdict.blocks).every((state) => state === 'confirmed'),
    nodes: Object.keys(nodes).length > 0,
    manifest: manifest !== undefined,
    liabilities: verdict.liabilities === 'proved',
    previous: previousKnown,
  };
  return {
    form: AUDIT_REPORT_FORM,
    made: { at, by },
    outcome: 'right',
    domain: verdict.domain,
    operator: verdict.operator,
    snapshot: verdict.snapshot,
    takenAt: verdict.takenAt,
    verdict: solvency?.verdict ?? 'not compared',
    ...(solvency?.by && { by: solvency.by }),
    ...(solvency?.prices && { prices: solvency.prices }),
    checks: AUDIT_CHECKS.map((check) => ({ check, done: done[check] })),
    liabilities: verdict.liabilities,
    digests: {
      reserves: verdict.digest,
      addresses: reserves.addresses.digest,
      manifest: manifest?.digest ?? null,
    },
    lines: verdict.lines,
    bytes: reserves.addresses.bytes,
    blocks: reserves.networks.map(({ network, height, block, time, header }) => ({
      ...{ network, height, block, time, state: verdict.blocks[network]!, header: header !== undefined },
      ...(nodes[network] !== undefined && { node: nodes[network] }),
    })),
    span: verdict.span,
    ...(unanswered.length > 0 && { unanswered }),
    assets: assetsOf(verdict, reserves, manifest),
    ...(solvency?.unit && manifest && { unit: unitOf(solvency.unit, manifest) }),
    reasons: verdict.reasons,
    ownership: verdict.ownership,
    delegated: verdict.delegated,
    modules: verdict.modules ?? 0,
    messages: verdict.messages,
    attested: verdict.attested,
    notes: verdict.notes,
    notShown: NOT_SHOWN,
  };
}

/** The report of a publication that was refused. */
export function refusedAuditReport(
  { verdict: outcome, ...why }: RefusedReserves,
  { at, by }: ReportMaking,
): RefusedAuditReport {
  return { form: AUDIT_REPORT_FORM, made: { at, by }, outcome, ...why, notShown: NOT_SHOWN };
}

/** The same report once the global proof under its manifest has been verified in the same run, too. */
export function withLiabilitiesProved(report: AuditReport): AuditReport {
  if (report.liabilities !== 'unproved') return report;
  const checks = report.checks.map((one) => (one.check === 'liabilities' ? { ...one, done: true } : one));
  return { ...report, liabilities: 'proved', checks };
}

function unitOf(unit: AssetSolvency, { header }: ReadManifest): NonNullable<AuditReport['unit']> {
  const { verdict, by, ratio, equity } = unit;
  // Of this mode the header has one asset, the unit.
  const { symbol, scale } = header.assets[0]!;
  return { verdict, ...(by && { by }), ...(ratio && { ratio }), symbol, owed: equity, scale };
}

/** First what is owed, in the manifest's order; then what is held beside. */
function assetsOf(
  { assets, attested, solvency }: ReservesReport,
  reserves: Reserves,
  manifest: ReadManifest | undefined,
): ReportAsset[] {
  const compared = solvency?.assets ?? {};
  // What is attested alone is compared with nothing where nothing of it is owed.
  const otherwise: { verdict: ReportAsset['verdict']; equity?: string } = solvency?.assets
    ? { verdict: 'not owed', equity: '0' }
    : { verdict: 'not compared' };
  const scales = new Map(manifest?.header.assets.map(({ symbol, scale }) => [symbol, scale]));
  const classes = new Map(reserves.assets.map(({ symbol, totals }) => [symbol, totals]));
  const vouched = new Map(attested.map((one) => [one.symbol, one]));
  const symbols = new Set([...Object.keys(compared), ...Object.keys(assets), ...vouched.keys()]);
  return [...symbols].map((symbol): ReportAsset => {
    const sums = Object.hasOwn(assets, symbol) ? assets[symbol] : undefined;
    const by = vouched.get(symbol);
    const { verdict, equity, ...rest } =
      Object.hasOwn(compared, symbol) && compared[symbol] ? compared[symbol] : otherwise;
    const scale = sums?.scale ?? by?.scale ?? scales.get(symbol) ?? 0;
    return {
      ...{ symbol, scale, verdict, ...rest },
      owed: equity === undefined ? null : { amount: equity, scale: scales.get(symbol) ?? scale },
      proved: sums?.proved ?? '0',
      checked: sums?.checked ?? '0',
      claimed: sums?.claimed ?? by?.amount ?? '0',
      named: sums?.named ?? '0',
      layer2: sums?.layer2 ?? '0',
      classes: classes.get(symbol) ?? null,
      ...(by && { attestedBy: by.by }),
    };
  });
}

/** Parts of a bar in thousandths of its length, which is the larger of what is held and what is owed. */
export interface BarParts {
  readonly proved: number;
  readonly checked: number;
  readonly claimed: number;
  /** Where what is owed ends; null where nothing is known to be owed, or in another scale. */
  readonly owed: number | null;
}

/** @param asset of a report; amounts of any size */
export function barParts({ proved, checked, claimed, owed, scale }: ReportAsset): BarParts {
  const [p, c, a] = [BigInt(proved), BigInt(checked), BigInt(claimed)];
  const due = owed && owed.scale === scale ? BigInt(owed.amount) : 0n;
  const held = p + c + a;
  const whole = held > due ? held : due;
  const part = (x: bigint) => (whole === 0n ? 0 : Number((1000n * x) / whole));
  return { proved: part(p), checked: part(c), claimed: part(a), owed: due === 0n ? null : part(due) };
}
