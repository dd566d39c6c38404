import { isUtcTime } from '@solvent-por/verifier';
import { utf8 } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { hexOf } from '../hex';
import { ownershipMalformed, ownershipUntrue } from '../schemes/evidence';
import type { UnsignedReserves } from './reserves';

/** What the statement names. */
export type Stated = Pick<
  UnsignedReserves,
  'domain' | 'operator' | 'snapshot' | 'takenAt' | 'liabilities' | 'anchor' | 'networks'
>;

const MOST_DAYS = 400;
const DAY_MS = 86_400_000;

/**
 * The one line that says who signs for what (section 4): the operator, the snapshot, the liabilities by the
 * digest of their header, and a block that nobody knew before.
 */
export function statement(reserves: Stated): string {
  const { domain, operator, snapshot, takenAt, liabilities, anchor, networks } = reserves;
  const at = networks.find(({ network }) => network === anchor);
  if (!at) throw new RangeError('the anchor is none of the networks: parse the document first');
  return (
    `Solvent proof of reserves by ${domain}: operator ${operator} controls this address. ` +
    `Snapshot ${snapshot} of ${takenAt}, liabilities ${liabilities?.header ?? 'none'}, ` +
    `after block ${at.height} ${at.block} of ${anchor}.`
  );
}

/** What wallets sign for one snapshot: the same for every address. */
export function signedText(reserves: Stated): string {
  return `${reserves.domain} controls this address. Solvent proof of reserves ${hexOf(sha256(utf8(statement(reserves))))}`;
}

/** What wallets sign that cannot sign each time. @param date `YYYY-MM-DD` */
export function standingText({ domain, operator }: Stated, date: string): string {
  return `${domain} controls this address. Solvent proof of ${date} by ${operator}`;
}

/** Which text evidence is over: this snapshot's, a standing one, or a legacy one. */
export type TextKind = 'snapshot' | 'named' | 'legacy';

/**
 * The text of a line's evidence, by its members `named` and `message`.
 * @throws SolventError OWNERSHIP_MALFORMED: both, no real date, no such message; OWNERSHIP_UNTRUE: a standing
 *   text from after the snapshot, or older than 400 days
 */
export function textOf(
  reserves: UnsignedReserves,
  ownership: Readonly<Record<string, unknown>>,
): { readonly kind: TextKind; readonly text: string } {
  const [named, message] = [Object.hasOwn(ownership, 'named'), Object.hasOwn(ownership, 'message')];
  if (named && message) ownershipMalformed('it has both message and named');
  if (named)
    return { kind: 'named', text: standingText(reserves, readDate(ownership.named, reserves.takenAt)) };
  if (!message) return { kind: 'snapshot', text: signedText(reserves) };
  const text = Number.isInteger(ownership.message)
    ? reserves.messages[ownership.message as number]
    : undefined;
  return text === undefined
    ? ownershipMalformed('message must be the index of one of the messages')
    : { kind: 'legacy', text };
}

function readDate(value: unknown, takenAt: string): string {
  const midnight = `${String(value)}T00:00:00Z`;
  if (typeof value !== 'string' || !isUtcTime(midnight))
    return ownershipMalformed('named must be a real date, YYYY-MM-DD');
  const age = Date.parse(takenAt) - Date.parse(midnight);
  if (age < 0) ownershipUntrue('the standing text is of a day after the snapshot');
  if (age > MOST_DAYS * DAY_MS)
    ownershipUntrue(`the standing text is older than ${MOST_DAYS} days: ask for a new signature`);
  return value;
}
