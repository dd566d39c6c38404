import { utf8 } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { parseAssets, parseSymbol, type Asset } from './asset';
import { canonicalJson } from './canonical';
import { DocumentReader } from './document';
import { MAX_LIMBS, MAX_PUBLISHED, MODES, sizeOf, type Mode } from './layout';
import { SNAPSHOT_ID, SNAPSHOT_ID_FORM } from './snapshot-id';

export const PROTOCOL = 'solvent/v1';

/**
 * The published header of a snapshot (section 4): its members are those of the document, so its JCS form is
 * what is hashed.
 */
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

/**
 * A header with every rule of section 4, and of section 3 on its size. Doubled members cannot be seen in a
 * parsed value: a document's bytes go through `parseCanonical` first, which refuses them.
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
    read.fail(
      `${path}.takenAt`,
      'must be a real date and time of the years 2000 to 9999 as YYYY-MM-DDTHH:MM:SSZ',
    );
  const header = {
    protocol: PROTOCOL,
    operator: read.hex(h.operator, `${path}.operator`, 32),
    snapshot: read.text(h.snapshot, `${path}.snapshot`, SNAPSHOT_ID, SNAPSHOT_ID_FORM),
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
  refuseTooLarge(header, path);
  return Object.freeze(header);
}

/** SHA-256 of the header's JCS form: 32 bytes. */
export function headerDigest(header: Header): Uint8Array {
  return sha256(utf8(canonicalJson(header)));
}

/** The bounds of section 3 on a layout. */
function refuseTooLarge(header: Header, path: string): void {
  const { limbs, published } = sizeOf(header);
  if (limbs > MAX_LIMBS)
    read.fail(
      `${path}.assets`,
      `need ${limbs} limbs an account, more than ${MAX_LIMBS}: fewer assets, tiers, pools or limbs are needed`,
    );
  if (published > MAX_PUBLISHED)
    read.fail(
      `${path}.assets`,
      `publish ${published} values an account, more than ${MAX_PUBLISHED}: fewer assets or pools are needed`,
    );
}

/** The mode decides which members there are, so it is read before the others. */
function parseMode(value: unknown, path: string): Mode {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return read.fail(path, 'must be an object');
  const given: unknown = Object.hasOwn(value, 'mode') ? (value as { mode: unknown }).mode : undefined;
  const mode = MODES.find((known) => known === given);
  return mode ?? read.fail(`${path}.mode`, `must be one of ${MODES.join(', ')}`);
}

/**
 * Whether a text is a real time `YYYY-MM-DDTHH:MM:SSZ` of the years 2000 to 9999: Gregorian, no leap seconds.
 * Date.parse is no help: it accepts 30 February.
 */
export function isUtcTime(text: string): boolean {
  const match = /^([2-9]\d{3})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
