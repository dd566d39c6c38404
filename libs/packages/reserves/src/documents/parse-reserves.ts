import {
  canonicalJson,
  parseCanonical,
  parseOperatorKey,
  SNAPSHOT_ID,
  SNAPSHOT_ID_FORM,
} from '@solvent-por/verifier';
import { concat, utf8 } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { parseAssets, parseAttested, parsePrices } from './parse-assets';
import { parseHoldings } from './parse-holdings';
import { parseNetworks } from './parse-networks';
import { MAX_DEPTH, read, time } from './reader';
import { MAX_RESERVES_BYTES, RESERVES_PROTOCOL, type Reserves, type UnsignedReserves } from './reserves';

/** 4,096 holdings of 2^32 lines each. */
const MAX_LINES = 2 ** 44;
const MAX_MESSAGES = 8;
/** What every text of this protocol says, so that no legacy one can be taken for one. */
const OURS = 'Solvent proof of ';

const UNSIGNED = [
  'protocol',
  'operator',
  'domain',
  'snapshot',
  'takenAt',
  'liabilities',
  'anchor',
  'statement',
  'messages',
  'networks',
  'holdings',
  'assets',
  'attested',
  'addresses',
  'previous',
] as const;
const PRICED = ['unit', 'priceScale'] as const;

/**
 * Reads `reserves.json`: its form alone (section 3). Whether it is true is for `ReservesVerifier`.
 *
 * @param input the file's text or bytes, which must be its JCS form and at most 8 MiB
 * @returns a frozen document
 * @throws SolventError RESERVES_MALFORMED (details.member), NETWORK_UNKNOWN, ADDRESS_MALFORMED,
 *   OPERATOR_KEY_MALFORMED, STATE_PROOF_MALFORMED, DOCUMENT_TOO_LARGE, DOCUMENT_MALFORMED,
 *   DOCUMENT_NOT_CANONICAL; all kind malformed
 */
export function parseReserves(input: string | Uint8Array): Reserves {
  const bytes = typeof input === 'string' ? utf8(input) : input;
  const value = parseCanonical(bytes, MAX_RESERVES_BYTES, 'reserves.json', undefined, MAX_DEPTH);
  const r = read.object(value, 'reserves.json', [...UNSIGNED, 'signature'], PRICED);
  return Object.freeze({ ...parseMembers(r), signature: read.hex(r.signature, 'signature', 64) });
}

/** The same for a document that is yet to be signed. @throws as parseReserves */
export function parseUnsignedReserves(value: unknown): UnsignedReserves {
  return Object.freeze(parseMembers(read.object(value, 'reserves.json', UNSIGNED, PRICED)));
}

/** SHA-256("solvent-reserves/v1" ‖ JCS(the document without its signature)): what is signed and chained. */
export function reservesDigest(reserves: UnsignedReserves | Reserves): Uint8Array {
  const unsigned = Object.fromEntries(Object.entries(reserves).filter(([name]) => name !== 'signature'));
  return sha256(concat(utf8(RESERVES_PROTOCOL), utf8(canonicalJson(unsigned))));
}

type Members = Readonly<Record<(typeof UNSIGNED)[number] | (typeof PRICED)[number], unknown>>;

function parseMembers(r: Members): UnsignedReserves {
  if (r.protocol !== RESERVES_PROTOCOL) read.fail('protocol', `must be "${RESERVES_PROTOCOL}"`);
  parseOperatorKey(r.operator);
  const takenAt = time(r.takenAt, 'takenAt');
  const networks = parseNetworks(r.networks);
  const assets = parseAssets(r.assets);
  const holdings = parseHoldings(r.holdings, networks, assets);
  const attested = parseAttested(r.attested, assets);
  const anchor = read.text(r.anchor, 'anchor', /^(?:bitcoin|eip155:1)$/, 'bitcoin or eip155:1');
  if (!networks.some(({ network }) => network === anchor)) read.fail('anchor', 'must be one of the networks');
  const held = new Set(holdings.map(({ network }) => network));
  networks.forEach(({ network }, i) => {
    if (network !== anchor && !held.has(network))
      read.fail(`networks[${i}]`, 'has no holding and is not the anchor: leave it out');
  });
  const domain = read.text(
    r.domain,
    'domain',
    /^[a-z0-9.-]{1,64}$/,
    '1 to 64 characters of a-z, 0-9, . and -',
  );
  return {
    protocol: RESERVES_PROTOCOL,
    operator: read.hex(r.operator, 'operator', 32),
    domain,
    snapshot: read.text(r.snapshot, 'snapshot', SNAPSHOT_ID, SNAPSHOT_ID_FORM),
    takenAt,
    liabilities: parseLiabilities(r.liabilities),
    anchor,
    statement: read.text(r.statement, 'statement', /^/, 'a text'),
    messages: parseMessages(r.messages),
    networks,
    holdings,
    assets,
    ...parsePrices(r, assets, attested),
    attested,
    addresses: parseAddresses(r.addresses),
    previous: r.previous === null ? null : read.hex(r.previous, 'previous', 32),
  };
}

function parseLiabilities(value: unknown): Reserves['liabilities'] {
  if (value === null) return null;
  const l = read.object(value, 'liabilities', ['header', 'manifest']);
  return Object.freeze({
    header: read.hex(l.header, 'liabilities.header', 32),
    manifest: read.hex(l.manifest, 'liabilities.manifest', 32),
  });
}

function parseMessages(value: unknown): readonly string[] {
  const messages = read.array(value, 'messages', 0, MAX_MESSAGES).map((message, i) => {
    const path = `messages[${i}]`;
    const text = read.text(message, path, /^[ -~]{1,300}$/, '1 to 300 printable ASCII characters');
    if (text.includes(OURS))
      read.fail(path, `must not contain "${OURS}": that is what texts of this protocol say`);
    return text;
  });
  if (new Set(messages).size !== messages.length) read.fail('messages', 'must be different from each other');
  return Object.freeze(messages);
}

function parseAddresses(value: unknown): Reserves['addresses'] {
  const a = read.object(value, 'addresses', ['lines', 'bytes', 'digest']);
  return Object.freeze({
    lines: read.integer(a.lines, 'addresses.lines', 1, MAX_LINES),
    bytes: read.integer(a.bytes, 'addresses.bytes', 1, 2 ** 48),
    digest: read.hex(a.digest, 'addresses.digest', 32),
  });
}
