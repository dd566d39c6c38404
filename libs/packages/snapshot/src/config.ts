import { SolventError } from '@solvent-por/kzg';
import { MAX_ASSETS, parseOperatorKey } from '@solvent-por/verifier';
import { z } from 'zod';
import { invalidConfig } from './config-problems';
import { configSchema, type SnapshotConfig } from './config-schema';
import { headerOf } from './header';
import { inputProblems } from './input-problems';

/**
 * A configuration with every rule checked, those of the header it leads to included.
 *
 * @param value a parsed JSON value (`parseStrictJson` refuses repeated members, which cannot be seen here)
 * @throws SolventError CONFIG_INVALID (form, ranges, symbols, haircuts), CONFIG_ASSETS (more assets than a
 *   header holds), CONFIG_SIZE (more limbs or published
 *   values) or CONFIG_PRICE (a price that is zero or has no integer in the header), kind usage; the message
 * lists each problem with its path
 */
export function parseConfig(value: unknown): SnapshotConfig {
  const config = parseWideConfig(value);
  const assets = config.assets.length;
  if (assets > MAX_ASSETS)
    throw new SolventError(
      'CONFIG_ASSETS',
      'usage',
      `the configuration lists ${assets} assets; a snapshot holds ${MAX_ASSETS} at most. \`solvent check --input DIR --config FILE\` says how many of them ` +
        'nobody holds, and what to write to leave those out (`unheldAssets`); else make two snapshots',
      { assets, limit: MAX_ASSETS },
    );
  headerOf(config);
  return config;
}

/**
 * The same, but for however many assets: what a survey of the input reads by. Symbols of `unheldAssets` are
 * taken out of `assets` and `tokens`.
 * @throws SolventError CONFIG_INVALID (kind usage)
 */
export function parseWideConfig(value: unknown): SnapshotConfig {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) throw invalidConfig(problemsOf(parsed.error.issues));
  const config = withoutUnheld(parsed.data);
  try {
    parseOperatorKey(config.operator);
  } catch {
    throw invalidConfig(['operator: is not an Ed25519 public key; `solvent keys new` makes one']);
  }
  if (config.mode === 'aggregate') {
    const repeated = config.tokens.find((token, i) => config.tokens.indexOf(token) !== i);
    if (repeated !== undefined) throw invalidConfig([`tokens: ${repeated} is repeated`]);
  }
  const twice = config.claims?.keys.find((key, i, all) => all.indexOf(key) !== i);
  if (twice !== undefined) throw invalidConfig([`claims.keys: ${twice} is repeated`]);
  const problems = inputProblems(config);
  if (problems.length > 0) throw invalidConfig(problems);
  return config;
}

/** The configuration without what nobody holds. */
function withoutUnheld(config: SnapshotConfig): SnapshotConfig {
  const unheld = new Set(config.unheldAssets);
  if (unheld.size === 0) return config;
  if (config.mode === 'aggregate')
    return { ...config, tokens: config.tokens.filter((token) => !unheld.has(token)) };
  return config.mode === 'spot'
    ? { ...config, assets: config.assets.filter(({ symbol }) => !unheld.has(symbol)) }
    : { ...config, assets: config.assets.filter(({ symbol }) => !unheld.has(symbol)) };
}

/** JSON Schema (draft 2020-12) of the configuration file: what stands in snapshot-config.schema.json. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input' });
  return {
    $schema,
    title: 'Solvent snapshot configuration',
    description: 'Secret keys never stand here. Prices and other cross-checks are made by `solvent check`.',
    ...schema,
  };
}

/** Where what is missing comes from. */
const MISSING: Readonly<Record<string, string>> = {
  operator: ', the public key that `solvent keys new` prints',
  takenAt: ', the time at which the balances were taken: "2026-11-30T00:00:00Z"',
};

function problemsOf(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.map((issue) => {
    const path = issue.path
      .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`))
      .join('');
    if (issue.code === 'invalid_union' && path === 'mode') return 'mode: must be aggregate, spot or margin';
    if (issue.code === 'invalid_union' && path === 'keys')
      return 'keys: must be { "file": "keys.json" } or { "environment": "SOLVENT_MASTER_KEY" }';
    // The schema's own words, "expected string, received undefined", tell nobody what to write.
    if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
      return `${path}: is missing: add it${MISSING[path] ?? ''}`;
    return `${path === '' ? 'configuration' : path}: ${issue.message}`;
  });
}
