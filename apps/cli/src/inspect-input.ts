import { wholeTokens } from '@solvent-por/snapshot';
import { loadWideConfig } from '@solvent-por/snapshot/readers';
import { surveyWithProgress } from './check-input';
import type { Context } from './context';
import { count, plural, size } from './format';
import { proposals } from './input-advice';
import { folded } from './screen';
import { readingDocument, sayReading } from './say-reading';

/**
 * Shows what balance files hold, whether or not they can be proved so, and which changes of the configuration
 * they ask for.
 * @throws SolventError as loadWideConfig, surveyInput
 */
export async function inspectInput(
  input: string,
  configFile: string,
  context: Context,
): Promise<Record<string, unknown>> {
  const { say, screen } = context;
  const config = await loadWideConfig(configFile);
  const survey = await surveyWithProgress(input, config, context);
  const { accounts, files, bytes, assets } = survey;
  say(`${plural(accounts, 'account')} in ${plural(files, 'file')} (${size(bytes)})`);
  sayReading(survey, config, context);
  say();
  const { items, rest } = folded(assets, 'asset', screen, () => 1);
  for (const { symbol, holders, largest, from, decimals } of items)
    say(
      `  ${symbol}: ${holders === 0 ? 'nobody holds any' : `${plural(holders, 'account')}, at most ${wholeTokens(largest, from)}, with ${count(decimals)} decimals`}`,
    );
  if (rest !== undefined) say(`  ${rest}`);
  const proposed = proposals(config, survey);
  say();
  say(
    proposed.length === 0 ? 'The configuration fits: nothing to change' : 'Proposed for the configuration:',
  );
  for (const { reason, change } of proposed) {
    say(`  ${change}`);
    say(`    ${reason}`);
  }
  return {
    type: 'input',
    accounts,
    files,
    bytes,
    assets: assets.map(({ symbol, holders, largest, from, decimals }) => ({
      symbol,
      holders,
      largest: wholeTokens(largest, from),
      decimals,
    })),
    ...readingDocument(survey),
    proposals: proposed,
  };
}
