import { asciiUpper } from '@solvent-por/kzg';
import type { SnapshotConfig } from './config-schema';
import { tokensOf } from './header';
import { idName, parseTarget, poolColumn, readTokens } from './input-names';

/** What contradicts itself in how the input is to be read. */
export function inputProblems(config: SnapshotConfig): string[] {
  const problems: string[] = [];
  const tokens = readTokens(config);
  if (tokensOf(config).length === 0) problems.push('unheldAssets: leaves nothing to prove');
  const unheld = config.unheldAssets ?? [];
  const repeated = unheld.find((symbol, i) => unheld.indexOf(symbol) !== i);
  if (repeated !== undefined) problems.push(`unheldAssets: ${repeated} is repeated`);
  const ignored = new Set(config.ignoreColumns.map(asciiUpper));
  const names = new Set(tokens);
  for (const [name, target] of Object.entries(config.columns ?? {})) {
    const path = `columns[${JSON.stringify(name)}]`;
    const folded = asciiUpper(name);
    if (folded === idName(config)) problems.push(`${path}: is the column of the accounts`);
    else if (tokens.includes(folded) && folded !== asciiUpper(target))
      problems.push(`${path}: is the name of an asset itself; take it out`);
    else if (names.has(folded) && !tokens.includes(folded))
      problems.push(`${path}: stands twice, in another case`);
    if (ignored.has(folded))
      problems.push(`${path}: is listed in ignoreColumns too; take it out of one of them`);
    if (!tokens.includes(parseTarget(target).symbol))
      problems.push(`${path}: ${target} is not in the configuration; add it, or name another`);
    names.add(folded);
  }
  problems.push(...poolProblems(config, names, ignored));
  for (const { symbol, scale, convertScale } of config.assets)
    if (convertScale && convertScale.from <= scale)
      problems.push(
        `convertScale of ${symbol}: from ${convertScale.from} must be above the published scale ${scale}; leave it out where the input counts in scale ${scale}`,
      );
  return problems;
}

/** The same of `tiers` and `pools`. @param taken names of the input that mean something else */
function poolProblems(config: SnapshotConfig, taken: Set<string>, ignored: ReadonlySet<string>): string[] {
  if (config.mode !== 'margin') return [];
  return config.assets.flatMap(({ symbol, tiers, pools, convertScale }) => {
    if (!pools) return [];
    const problems: string[] = [];
    const add = (problem: string) => problems.push(`pools of ${symbol}: ${problem}`);
    if (tiers) add('each has tiers of its own; take the asset\'s "tiers" out');
    if (convertScale?.rounding === 'up')
      add(
        'are published exactly, so that they are its equity together; take "rounding": "up" out of its convertScale',
      );
    const repeated = pools.find(({ name }, q) => pools.findIndex((other) => other.name === name) !== q);
    if (repeated) add(`${repeated.name} is repeated`);
    if (pools.filter(({ rest }) => rest).length > 1) add('"rest" may stand in one of them only');
    for (const pool of pools) {
      if (pool.rest && pool.column !== undefined)
        add(`${pool.name} takes the rest, so it has no column of its own; take "column" or "rest" out`);
      if (pool.rest) continue;
      const name = asciiUpper(poolColumn(symbol, pool));
      if (name === idName(config) || taken.has(name) || taken.has(name.replace(/^[ED]_/, '')))
        add(
          `the column ${name} of ${pool.name} is read as something else already; name another as its "column"`,
        );
      if (ignored.has(name))
        add(
          `the column ${name} of ${pool.name} is listed in ignoreColumns too; take it out of there, or name another as its "column"`,
        );
      taken.add(name);
    }
    return problems;
  });
}
