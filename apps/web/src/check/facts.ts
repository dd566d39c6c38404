import { toHex } from '@solvent-por/kzg';
import {
  ACCOUNT_ROWS,
  accountLeaf,
  foldValues,
  headerDigest,
  layoutOf,
  manifestChallenge,
  type Manifest,
} from '@solvent-por/verifier';
import { digestOf } from './chain-link';
import type { Documents } from './check-account';
import type { Fact } from './report';
import { decimal } from './decimal';

const hex = (name: string, value: string): Fact => ({ name, value, kind: 'hex' });
const text = (name: string, value: string): Fact => ({ name, value, kind: 'text' });
const equation = (value: string): Fact => ({ name: 'equation', value, kind: 'equation' });

/** Behind "this row is yours". */
export function accountFacts({ inclusion }: Documents): Fact[] {
  const { id, salt, values, row } = inclusion;
  return [
    equation('leaf = SHA-256(3 ‖ id ‖ salt ‖ amounts)'),
    hex('id', toHex(id)),
    hex('salt', toHex(salt)),
    hex('leaf', toHex(accountLeaf(id, salt, values))),
    text('row', String(row)),
  ];
}

/** Behind "your amounts are sealed into the batch". */
export function amountFacts({ manifest, inclusion }: Documents): Fact[] {
  const { header } = manifest;
  const gamma = manifestChallenge(manifest, headerDigest(header));
  const { published } = layoutOf(header);
  const amounts = inclusion.values.map((value, v) => {
    const { symbol, side, pool, scale } = published[v] ?? { symbol: '?', side: 'equity', scale: 0 };
    return `${decimal(value, scale)} ${symbol}${side === 'equity' ? '' : ` (${pool ?? side})`}`;
  });
  return [
    equation('e(sum − [y], τ⁰) = e(π₆₄, τ⁶⁴ − x⁶⁴) · e(π₈, τ⁸ − x⁸) · e(π₁, τ − x)'),
    text('amounts', amounts.join(' · ')),
    hex('gamma', scalar(gamma)),
    hex('folded', scalar(foldValues(gamma, inclusion.values))),
    hex('batchSum', toHex(inclusion.sum)),
    ...inclusion.openings.map((opening, i) => hex(`opening${[64, 8, 1][i]}`, toHex(opening))),
  ];
}

/** Behind "the batch is in the sum". */
export function batchFacts({ manifest, inclusion }: Documents): Fact[] {
  return [
    equation('node = SHA-256(1 ‖ left ‖ right),  sum = sum left + sum right'),
    text('batch', `${inclusion.batch + 1} / ${manifest.batchCount}`),
    text('siblings', String(inclusion.path.length)),
    ...inclusion.path.map(({ sum }) => hex('sibling', toHex(sum))),
    hex('root', manifest.root),
  ];
}

/** Behind "the sum is the published total". */
export function totalFacts({ manifest }: Documents): Fact[] {
  const { header, totals } = manifest;
  const gamma = manifestChallenge(manifest, headerDigest(header));
  const { published } = layoutOf(header);
  const shown = totals.map((total, v) => {
    const { symbol, side, pool, scale } = published[v]!;
    return `${decimal(BigInt(total), scale)} ${symbol}${side === 'equity' ? '' : ` (${pool ?? side})`}`;
  });
  return [
    equation('e(sum of all − [Σ γᵛ·totalᵥ / 4096], 1) = e(π, τ)'),
    text('totals', shown.join(' · ')),
    hex('gamma', scalar(gamma)),
    hex('totalsOpening', manifest.totalsOpening),
  ];
}

/** Behind "signed". */
export function signatureFacts(manifest: Manifest): Fact[] {
  const { header, signature, previous } = manifest;
  return [
    equation('Ed25519(operator key, manifest digest, signature)'),
    hex('operator', header.operator),
    hex('digest', digestOf(manifest)),
    hex('signature', signature),
    ...(previous === null ? [] : [hex('previous', previous)]),
  ];
}

/** Behind "no batch is negative". */
export function everybodyFacts({ batchCount, columns }: Manifest): Fact[] {
  return [
    text('batches', String(batchCount)),
    text('rows', String(batchCount * ACCOUNT_ROWS)),
    hex('columns', columns),
  ];
}

function scalar(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`;
}
