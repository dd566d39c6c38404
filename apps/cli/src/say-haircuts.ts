import { MAX_LIMBS, MAX_PUBLISHED, sizeOf, type Header } from '@solvent/proof/verify';
import { valueLimits, type SnapshotConfig, type ValueLimit } from '@solvent/snapshot';
import type { Context } from './context';
import { count, plural, printable } from './format';

/** So many lists are shown. */
const SHOWN = 8;

/** Says which amounts the limits that a configuration gives in value have become; all of them stand in the header. */
export function sayHaircuts(config: SnapshotConfig, { say, style }: Context): void {
  const limits = valueLimits(config);
  if (limits.length === 0) return;
  const unit = config.mode === 'spot' ? '' : config.unit;
  say(`${style.bullet} haircut limits in ${unit} are these amounts at the configured prices, rounded down:`);
  const lists = listsOf(limits);
  for (const [tiers, names] of lists.slice(0, SHOWN)) say(`  ${names.map(printable).join(', ')}: ${tiers}`);
  if (lists.length > SHOWN) say(`  … and ${plural(lists.length - SHOWN, 'list')} more`);
}

/** Each asset's lists in words, and the pools that have them. */
function listsOf(limits: readonly ValueLimit[]): (readonly [tiers: string, names: readonly string[]])[] {
  const byPool = new Map<string, string[]>();
  for (const { symbol, pool, percent, value, amount } of limits) {
    const name = `${symbol}${pool === undefined ? '' : ` ${pool}`}`;
    byPool.set(name, [...(byPool.get(name) ?? []), `${percent} % up to ${value} = ${amount} ${symbol}`]);
  }
  const byList = new Map<string, string[]>();
  for (const [name, tiers] of byPool) {
    const text = tiers.join(', ');
    byList.set(text, [...(byList.get(text) ?? []), name]);
  }
  return [...byList];
}

/** Says how large an account is in a proof, where haircuts make that a question. */
export function saySize(header: Header, { say }: Context): void {
  if (!header.assets.some(({ tiers, pools }) => tiers ?? pools)) return;
  const { limbs, published } = sizeOf(header);
  say(
    `An account takes ${count(limbs)} of ${count(MAX_LIMBS)} limbs, and ${count(published)} of ${count(MAX_PUBLISHED)} published values`,
  );
}

/** The same for `--json`. */
export function haircutDocument(config: SnapshotConfig, header: Header) {
  return { size: sizeOf(header), limits: valueLimits(config) };
}
