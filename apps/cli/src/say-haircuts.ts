import { MAX_LIMBS, MAX_PUBLISHED, sizeOf, type Header } from '@solvent-por/verifier';
import { valueLimits, type SnapshotConfig, type ValueLimit } from '@solvent-por/snapshot';
import type { Context } from './context';
import { count, printable } from './format';
import { folded, inLines } from './screen';

/**
 * Says which amounts the limits that a configuration gives in value have become; all of them stand in the
 * header.
 */
export function sayHaircuts(config: SnapshotConfig, { say, style, screen }: Context): void {
  const limits = valueLimits(config);
  if (limits.length === 0) return;
  const unit = config.mode === 'spot' ? '' : config.unit;
  say(`${style.bullet} haircut limits in ${unit} are these amounts at the configured prices, rounded down:`);
  const lists = listsOf(limits);
  const { items, rest } = folded(lists, 'list', screen, ({ tiers }) => Math.ceil(tiers.length / 2));
  for (const { tiers, names } of items)
    for (const line of inLines(`  ${names.map(printable).join(', ')}`, tiers, 'tier', '    ', screen))
      say(line);
  if (rest !== undefined) say(`  ${rest}`);
}

/** Tiers in words, and the assets or pools that have them. */
interface List {
  readonly tiers: readonly string[];
  readonly names: readonly string[];
}

function listsOf(limits: readonly ValueLimit[]): List[] {
  const byPool = new Map<string, string[]>();
  for (const { symbol, pool, percent, value, amount } of limits) {
    const name = `${symbol}${pool === undefined ? '' : ` ${pool}`}`;
    byPool.set(name, [...(byPool.get(name) ?? []), `${percent} % up to ${value} = ${amount} ${symbol}`]);
  }
  const byList = new Map<string, List>();
  for (const [name, tiers] of byPool) {
    const text = tiers.join(', ');
    byList.set(text, { tiers, names: [...(byList.get(text)?.names ?? []), name] });
  }
  return [...byList.values()];
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
