import { utf8 } from '@solvent/algebra';
import { sha256 } from '@noble/hashes/sha2.js';
import { canonicalJson } from './canonical';
import { PRICE_BOUND } from './decimal';
import { DocumentReader } from './document';

export const PROTOCOL = 'solvent/v1';

/** Most assets of a header. */
export const MAX_ASSETS = 256;

export const MODES = ['aggregate', 'spot', 'margin'] as const;
export type Mode = (typeof MODES)[number];

/** One asset; amounts of it are unsigned integers in units of 10^(−scale). */
export interface Asset {
  readonly symbol: string;
  /** 0…36 */
  readonly scale: number;
  /** 1…6 limbs of 11 bits: the range of one account's amount of this asset. */
  readonly limbs: number;
  /** `margin` only: one smallest unit is worth price·10^(−priceScale) of the header's unit; decimal string in 1…2^64−1. */
  readonly price?: string;
}

/** The published header of a snapshot (section 4): its members are those of the document, so its JCS form is what is hashed. */
export interface Header {
  readonly protocol: typeof PROTOCOL;
  /** The operator's Ed25519 public key: 0x and 64 hex digits. */
  readonly operator: string;
  readonly snapshot: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`: comparing two as text compares them in time. */
  readonly takenAt: string;
  readonly mode: Mode;
  /** `aggregate` and `margin` only. */
  readonly unit?: string;
  /** `margin` only. */
  readonly priceScale?: number;
  readonly assets: readonly Asset[];
}

const read = new DocumentReader('HEADER_MALFORMED');
const SYMBOL = /^[A-Z0-9]{1,16}$/;

/**
 * A header with every rule of section 4. Doubled members cannot be seen in a parsed value: a document's bytes go
 * through `parseCanonical` first, which refuses them.
 *
 * @param value a parsed JSON value
 * @param path where it stands, for error messages
 * @returns a frozen header
 * @throws SolventError HEADER_MALFORMED (kind malformed), details.member names the member
 */
export function parseHeader(value: unknown, path = 'header'): Header {
  const mode = parseMode(value, path);
  const priced = mode === 'margin';
  const required = ['protocol', 'operator', 'snapshot', 'takenAt', 'mode', 'assets'] as const;
  const h = read.object<keyof Header>(value, path, [
    ...required,
    ...(mode === 'spot' ? [] : (['unit'] as const)),
    ...(priced ? (['priceScale'] as const) : []),
  ]);
  if (h.protocol !== PROTOCOL) read.fail(`${path}.protocol`, `must be "${PROTOCOL}"`);
  const takenAt = read.text(h.takenAt, `${path}.takenAt`, /^/, 'a time');
  if (!isUtcTime(takenAt))
    read.fail(`${path}.takenAt`, 'must be a real date and time as YYYY-MM-DDTHH:MM:SSZ');
  const header = {
    protocol: PROTOCOL,
    operator: read.hex(h.operator, `${path}.operator`, 32),
    snapshot: read.text(
      h.snapshot,
      `${path}.snapshot`,
      /^[a-z0-9-]{1,64}$/,
      '1 to 64 characters of a-z, 0-9 and -',
    ),
    takenAt,
    mode,
    ...(mode === 'spot' ? {} : { unit: parseSymbol(h.unit, `${path}.unit`) }),
    ...(priced ? { priceScale: read.integer(h.priceScale, `${path}.priceScale`, 0, 36) } : {}),
    assets: parseAssets(h.assets, `${path}.assets`, priced),
  } as const satisfies Header;
  if (mode === 'aggregate') {
    if (header.assets.length !== 1)
      read.fail(`${path}.assets`, 'must have exactly one asset in mode aggregate');
    if (header.assets[0]!.symbol !== header.unit)
      read.fail(`${path}.unit`, 'must be the symbol of the asset in mode aggregate');
  }
  return Object.freeze(header);
}

/** SHA-256 of the header's JCS form: 32 bytes. */
export function headerDigest(header: Header): Uint8Array {
  return sha256(utf8(canonicalJson(header)));
}

/** The mode decides which members there are, so it is read before the others. */
function parseMode(value: unknown, path: string): Mode {
  const given: unknown =
    typeof value === 'object' && value !== null && Object.hasOwn(value, 'mode')
      ? (value as { mode: unknown }).mode
      : undefined;
  const mode = MODES.find((known) => known === given);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    read.fail(path, 'must be an object');
  return mode ?? read.fail(`${path}.mode`, `must be one of ${MODES.join(', ')}`);
}

function parseAssets(value: unknown, path: string, priced: boolean): readonly Asset[] {
  const assets = read
    .array(value, path, 1, MAX_ASSETS)
    .map((asset, i) => parseAsset(asset, `${path}[${i}]`, priced));
  const seen = new Set<string>();
  assets.forEach(({ symbol }, i) => {
    if (seen.has(symbol)) read.fail(`${path}[${i}].symbol`, `repeats ${symbol}`);
    seen.add(symbol);
  });
  return Object.freeze(assets);
}

function parseAsset(value: unknown, path: string, priced: boolean): Asset {
  const asset = read.object<keyof Asset>(value, path, [
    'symbol',
    'scale',
    'limbs',
    ...(priced ? (['price'] as const) : []),
  ]);
  return Object.freeze({
    symbol: parseSymbol(asset.symbol, `${path}.symbol`),
    scale: read.integer(asset.scale, `${path}.scale`, 0, 36),
    limbs: read.integer(asset.limbs, `${path}.limbs`, 1, 6),
    ...(priced ? { price: read.decimal(asset.price, `${path}.price`, 1n, PRICE_BOUND).toString() } : {}),
  });
}

function parseSymbol(value: unknown, path: string): string {
  return read.text(value, path, SYMBOL, '1 to 16 characters of A-Z and 0-9');
}

/** Gregorian, proleptic; no leap seconds. Date.parse is no help: it accepts 30 February. */
function isUtcTime(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  const match = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
