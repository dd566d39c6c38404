import { SHORT_BYTES } from '@solvent-por/claims';
import { fromHex } from '@solvent-por/kzg';
import { VALUE_BOUND } from '@solvent-por/verifier';
import { refusals } from '../errors/answered';
import { amountsOf } from '../snapshots/amounts';
import type { PublishedManifest } from '../snapshots/published-manifests';

/** How a value is named: one of the two. */
export interface AskedValue {
  /** The asset whose equity is asked for. */
  readonly symbol?: string | null;
  /** Which published value, in layout order. */
  readonly value?: number | null;
}

/** @throws SolventError ARGUMENT_INVALID */
export function challengeOf(text: string): Uint8Array {
  const bytes = fromHex(text, SHORT_BYTES);
  if (bytes) return bytes;
  throw refusals.argument(
    'challenge',
    `must be what claimChallenge gave: 0x and ${2 * SHORT_BYTES} hex digits`,
  );
}

/** @throws SolventError ARGUMENT_INVALID */
export function thresholdOf(text: string): bigint {
  const threshold = /^(?:0|[1-9]\d{0,20})$/.test(text) ? BigInt(text) : VALUE_BOUND;
  if (threshold < VALUE_BOUND) return threshold;
  throw refusals.argument(
    'threshold',
    'must be an integer of smallest units below 2^67, as a decimal string',
  );
}

/** Which published value is asked for. @throws SolventError ARGUMENT_INVALID */
export function valueOf({ symbol, value }: AskedValue, { manifest }: PublishedManifest): number {
  if ((symbol ?? null) === null ? (value ?? null) === null : (value ?? null) !== null)
    throw refusals.argument('symbol', 'or value must be given, and not both');
  const published = amountsOf(manifest.header, manifest.totals);
  if (typeof value === 'number') {
    if (Number.isInteger(value) && published[value]) return value;
    throw refusals.argument('value', `must be one of the snapshot's values, 0 to ${published.length - 1}`);
  }
  const found = published.findIndex((one) => one.symbol === symbol && one.side === 'EQUITY');
  if (found >= 0) return found;
  throw refusals.argument('symbol', 'must be an asset of the snapshot: its totals name them');
}
