import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { SolventError, asciiUpper, withoutTrailing } from '@solvent-por/kzg';
import { placeNew, readSmallFile } from '@solvent-por/snapshot/files';
import {
  DECIMAL,
  coarserList,
  headerPrice,
  limitsWithin,
  parseConfig,
  parseRatioList,
  poolColumn,
  type PoolConfig,
  type SnapshotConfig,
  type SnapshotConfigInput,
  type TierConfig,
} from '@solvent-por/snapshot';
import { splitLine } from './csv-header';
import { tooLarge, type ListedAsset } from './fitting-options';

const MAX_LIST_BYTES = 16 << 20;

/** The columns, and the pools whose haircuts they are. */
const COLUMNS = ['symbol', 'usdt_price', 'loan_tiers_ratio', 'margin_tiers_ratio', 'portfolio_tiers_ratio'];
const POOLS = ['loan', 'margin', 'portfolio'];
const UNIT = 'USDT';

/**
 * Decimals of amounts, and those of assets that are worth so little that 2^64 units at eight would not do: as
 * in zkmerkle-proof-of-solvency.
 */
const SCALE = 8;
const COARSE_SCALE = 2;
const COARSE = new Set(['BTTC', 'SHIB', 'LUNC', 'XEC', 'WIN', 'BIDR', 'SPELL', 'HOT', 'DOGE', 'PEPE']);

export interface ImportOptions {
  /** Binance's `cex_assets_info.csv`. */
  readonly list: string;
  readonly snapshot: string;
  readonly takenAt: string;
  readonly operator: string;
  /** Where the master secret will be. */
  readonly keys?: SnapshotConfigInput['keys'];
  /** At most so many tiers a list: longer ones become coarser, below the true ones. */
  readonly tiers?: number | undefined;
  /** Symbols whose lists are taken; of the other assets nothing counts. All where it is missing. */
  readonly collateral?: readonly string[] | undefined;
}

export interface ImportedConfig {
  readonly input: SnapshotConfigInput;
  /** The same, checked. */
  readonly config: SnapshotConfig;
  /** Of which nothing counts. */
  readonly uncounted: readonly string[];
  /** Lists that are coarser than given. */
  readonly coarser: number;
}

/**
 * A configuration from the list of assets that lies beside Binance's balance files: prices, and how much of
 * an asset counts as collateral in its three pools. What lies in none of them is `free`, of which nothing
 * counts.
 *
 * @throws SolventError ASSETS_UNREADABLE, ASSETS_UNKNOWN (kind usage), ASSETS_MALFORMED (kind malformed): all
 *   that is wrong, asset by asset; as parseConfig
 */
export async function importAssets(options: ImportOptions): Promise<ImportedConfig> {
  const listed = parseList(await readList(options.list), basename(options.list));
  const wanted = options.collateral?.map(asciiUpper);
  const unknown = wanted?.find((symbol) => !listed.some((asset) => asset.symbol === symbol));
  if (unknown !== undefined)
    throw new SolventError(
      'ASSETS_UNKNOWN',
      'usage',
      `${options.list} has no asset ${unknown}: correct it, or take it out`,
    );
  const { input, coarser } = inputOf(listed, options, wanted, options.tiers);
  const uncounted = (input.assets as readonly ImportedAsset[])
    .filter((asset) => !('pools' in asset))
    .map(({ symbol }) => symbol);
  try {
    return { input, config: parseConfig(input), uncounted, coarser };
  } catch (error) {
    if (!(error instanceof SolventError) || error.code !== 'CONFIG_SIZE') throw error;
    throw tooLarge(error, input, listed, (symbols, tiers) => inputOf(listed, options, symbols, tiers).input);
  }
}

interface ImportedAsset {
  readonly symbol: string;
  readonly scale: number;
  readonly price: string;
  readonly tiers?: TierConfig[];
  readonly pools?: PoolConfig[];
}

/**
 * @param wanted assets whose lists are taken, all where it is missing
 * @param count at most so many tiers a list
 */
function inputOf(
  listed: readonly ListedAsset[],
  options: ImportOptions,
  wanted: readonly string[] | undefined,
  count: number | undefined,
): { readonly input: SnapshotConfigInput; readonly coarser: number } {
  const priceScale = Math.max(...listed.map(({ symbol, price }) => scaleOf(symbol) + decimalsOf(price)));
  let coarser = 0;
  const converted = listed.map(({ symbol, price, lists }): ImportedAsset => {
    const asset = { symbol, scale: scaleOf(symbol), price };
    const header = headerPrice(price, asset.scale, priceScale);
    // Told by parseConfig.
    const priced = { ...asset, limbs: 6, price: typeof header === 'bigint' ? header : 1n, priceScale };
    const counts = wanted === undefined || wanted.includes(symbol);
    const pools = POOLS.flatMap((name, q): PoolConfig[] => {
      const list = limitsWithin(lists[q]!, priced);
      if (!counts || list[0]!.percent === 0) return [];
      const tiers = count === undefined ? list : coarserList(list, priced, count);
      if (tiers.length < list.length) coarser++;
      return tiers[0]!.percent === 0 ? [] : [{ name, tiers }];
    });
    const free: PoolConfig = { name: 'free', rest: true, tiers: [{ percent: 0 }] };
    return pools.length === 0 ? { ...asset, tiers: free.tiers } : { ...asset, pools: [free, ...pools] };
  });
  const input: SnapshotConfigInput = {
    snapshot: options.snapshot,
    takenAt: options.takenAt,
    operator: options.operator,
    ...(options.keys && { keys: options.keys }),
    mode: 'margin',
    unit: UNIT,
    priceScale,
    assets: converted,
    ignoreColumns: ['rn', 'total_net_balance_usdt', ...converted.flatMap(unreadColumns)],
    ignoreFiles: [basename(options.list)],
  };
  return { input, coarser };
}

/** Writes a configuration to a new file. @throws SolventError CONFIG_EXISTS (kind usage) */
export async function writeConfig(file: string, config: SnapshotConfigInput): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(config, null, 2)}\n`, { flag: 'wx', flush: true });
    if (!placeNew(temporary, file))
      throw new SolventError(
        'CONFIG_EXISTS',
        'usage',
        `${file} exists, and nothing is replaced in silence: name a new file`,
      );
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Columns of pools that an asset does not have. */
function unreadColumns(asset: { readonly symbol: string; readonly pools?: readonly PoolConfig[] }): string[] {
  return POOLS.filter((name) => !asset.pools?.some((pool) => pool.name === name)).map((name) =>
    poolColumn(asset.symbol, { name }).toLowerCase(),
  );
}

async function readList(file: string): Promise<string> {
  try {
    const bytes = await readSmallFile(file, MAX_LIST_BYTES);
    if (bytes.length > MAX_LIST_BYTES) throw Object.assign(new Error(), { code: 'EFBIG' });
    return bytes.toString('utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SolventError('ASSETS_UNREADABLE', 'usage', `cannot read the list of assets ${file} (${code})`);
  }
}

function parseList(text: string, file: string): ListedAsset[] {
  const problems: string[] = [];
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (splitLine(lines[0]!.toLowerCase(), ',')?.join() !== COLUMNS.join())
    throw malformed(file, [`line 1: must be ${COLUMNS.join(',')}`]);
  const assets = lines.slice(1).flatMap((line, i): ListedAsset[] => {
    if (line.trim() === '') return [];
    const cells = splitLine(line, ',');
    const fail = (problem: string): [] => {
      problems.push(`line ${i + 2}: ${problem}`);
      return [];
    };
    if (cells?.length !== COLUMNS.length) return fail(`must have ${COLUMNS.length} cells`);
    const [symbol, price] = [asciiUpper(cells[0]!.trim()), cells[1]!.trim()];
    if (!/^[A-Z0-9]{1,16}$/.test(symbol)) return fail('the symbol must be 1 to 16 letters and digits');
    if (!DECIMAL.test(price) || !/[1-9]/.test(price))
      return fail(
        `${symbol} has no price above 0; where nobody holds it, take the line out and list it in "unheldAssets"`,
      );
    const lists = POOLS.map((_, q) => parseRatioList(cells[q + 2]!));
    lists.forEach((list, q) => {
      if ('problem' in list) fail(`${symbol}, ${COLUMNS[q + 2]!}: ${list.problem}`);
    });
    return [{ symbol, price, lists: lists.map((list) => ('tiers' in list ? list.tiers : [])) }];
  });
  if (problems.length > 0) throw malformed(file, problems);
  if (assets.length === 0) throw malformed(file, ['holds no asset']);
  return assets;
}

function malformed(file: string, problems: readonly string[]): SolventError {
  const list = problems.slice(0, 20).map((problem) => `\n  ${problem}`);
  if (problems.length > 20) list.push(`\n  … and ${problems.length - 20} more`);
  return new SolventError(
    'ASSETS_MALFORMED',
    'malformed',
    `the list of assets ${file} cannot be used:${list.join('')}`,
    {
      problems: problems.length,
    },
  );
}

function scaleOf(symbol: string): number {
  return COARSE.has(symbol) ? COARSE_SCALE : SCALE;
}

/** Decimals of a price, needless zeros left out. */
function decimalsOf(price: string): number {
  return withoutTrailing(price.split('.')[1] ?? '', /0/).length;
}
