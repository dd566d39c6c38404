import { hexBytes, SolventError, utf8 } from '@solvent-por/kzg';
import {
  canonicalJson,
  DocumentReader,
  MAX_PUBLISHED,
  parseCanonical,
  PROTOCOL,
} from '@solvent-por/verifier';
import { sha256 } from '@noble/hashes/sha2.js';
import { PUBLIC_SIGNALS } from './bounds';
import type { Groth16Key } from './groth16';
import { decodeG1, decodeG2, G1_BYTES, G2_BYTES } from './points';
import { knownPower, PERPETUAL_ALPHA, PERPETUAL_BETA } from './powers-of-tau';

/** Longest verifying key: 64 contributions and their names are far below. */
export const MAX_VERIFYING_KEY_BYTES = 65_536;
/** What is said of a development set-up wherever it is met. */
export const DEVELOPMENT_WARNING = 'development set-up: do not rely on it';

/** A key lists so many contributions at most. */
export const MAX_CONTRIBUTIONS = 64;
/** A beacon's value is hashed 2^10 to 2^20 times: who verifies it does so again, which then takes some seconds. */
export const BEACON_ITERATIONS = { least: 10, most: 20 } as const;

/** One party's part in phase 2 of the set-up. */
export interface Contribution {
  /** As its party named itself: 1 to 64 printable ASCII characters. */
  readonly name: string;
  /** BLAKE2b-512 of it, as snarkjs shows it to its party: 64 bytes. */
  readonly hash: string;
  /** Of a beacon: the public value it was made from, and 2^iterations hashes. */
  readonly beacon?: { readonly value: string; readonly iterations: number };
}

/** Where a key comes from. */
export interface SetUp {
  /** `development`: somebody knows its secret, and can prove whatever they like. */
  readonly kind: 'ceremony' | 'development';
  /** BLAKE2b-512 of the file of phase 1: 64 bytes. */
  readonly powersOfTau: string;
  readonly contributions: readonly Contribution[];
}

/** A verifying key as a document; its digest, SHA-256 of its bytes, stands in the manifest's `claimKeys`. */
export interface VerifyingKeyDocument {
  readonly protocol: typeof PROTOCOL;
  readonly circuit: 'balance-claim';
  /** Published values of the layout it is for. */
  readonly values: number;
  readonly setUp: SetUp;
  /** SHA-256 of the files that provers need, by which these are named: constraints, proving key, witness generator. */
  readonly files: { readonly r1cs: string; readonly zkey: string; readonly wasm: string };
  /** Points as EIP-197 encodes them. */
  readonly alpha: string;
  readonly beta: string;
  readonly gamma: string;
  readonly delta: string;
  readonly ic: readonly string[];
}

/** A verifying key, read, with all its points checked. */
export interface VerifyingKey extends Groth16Key {
  readonly document: VerifyingKeyDocument;
  /** 32 bytes. */
  readonly digest: Uint8Array;
}

const read = new DocumentReader('CLAIM_KEY_MALFORMED');

/**
 * Reads a verifying key. One of a development set-up is read like any other: `verifyClaim` refuses it unless
 * that is allowed.
 *
 * @param bytes the document's bytes: its JCS form
 * @throws SolventError CLAIM_KEY_MALFORMED | CLAIM_POINT | DOCUMENT_* (kind malformed): also where δ = ±γ or no
 *   contribution is listed (anybody could then prove anything), where a public signal has no weight or that of
 *   another, or where phase 1 of what calls itself a ceremony is no known one
 */
export function parseVerifyingKey(bytes: Uint8Array): VerifyingKey {
  const document = readKey(parseCanonical(bytes, MAX_VERIFYING_KEY_BYTES, 'verifying key', readKey));
  const g1 = (hex: string, what: string) => decodeG1(hexBytes(hex, G1_BYTES), what);
  const g2 = (hex: string, what: string) => decodeG2(hexBytes(hex, G2_BYTES), what);
  refuseForgeable(document);
  return Object.freeze({
    document,
    digest: sha256(bytes),
    alpha: g1(document.alpha, 'alpha'),
    beta: g2(document.beta, 'beta'),
    gamma: g2(document.gamma, 'gamma'),
    delta: g2(document.delta, 'delta'),
    // decodeG1 refuses infinity: a public signal without weight could be exchanged for any other.
    ic: document.ic.map((point, i) => g1(point, `ic[${i}]`)),
  });
}

/** The bytes of a verifying key. @throws SolventError as parseVerifyingKey */
export function encodeVerifyingKey(document: VerifyingKeyDocument): Uint8Array {
  const bytes = utf8(canonicalJson(document));
  parseVerifyingKey(bytes);
  return bytes;
}

/**
 * Refuses a key that a manifest must not name: whoever signs has its document, for a digest says neither of which
 * set-up it is nor for how many values.
 *
 * @param named.values published values of the snapshot
 * @param named.name what the key is called, for messages
 * @param named.allow what allows a development set-up, for messages; `allowed` whether it does
 * @returns whether it is of a development set-up, which is then to be said
 * @throws SolventError CLAIM_KEY_OTHER_LAYOUT | CLAIM_KEY_DEVELOPMENT (usage)
 */
export function refuseUnfitKey(
  { document }: Pick<VerifyingKey, 'document'>,
  named: {
    readonly values: number;
    readonly name: string;
    readonly allow: string;
    readonly allowed: boolean;
  },
): boolean {
  const { values, name, allow, allowed } = named;
  if (document.values !== values)
    throw new SolventError(
      'CLAIM_KEY_OTHER_LAYOUT',
      'usage',
      `the verifying key ${name} is for snapshots of ${document.values} published values, this one has ${values}: name the key of that size`,
    );
  const development = document.setUp.kind === 'development';
  if (development && !allowed)
    throw new SolventError(
      'CLAIM_KEY_DEVELOPMENT',
      'usage',
      `the verifying key ${name} is of a ${DEVELOPMENT_WARNING}. Name one of a ceremony, or, for a test, ${allow}`,
    );
  return development;
}

/**
 * Refuses points with which anybody can prove anything. With δ = kγ and a known k, a proof of whatever is
 * claimed is A = α, B = β, C = −Σ signals·IC / k: of all such k those are found that need no secret.
 */
function refuseForgeable({ gamma, delta, ic, alpha, beta, setUp }: VerifyingKeyDocument): void {
  // Of a point and its negative the first coordinate is the same.
  if (firstOf(gamma, G2_BYTES) === firstOf(delta, G2_BYTES))
    read.fail(
      'delta',
      'is gamma or its negative: no party has contributed to this key, so anybody can prove anything with it',
    );
  if (new Set(ic.map((point) => firstOf(point, G1_BYTES))).size !== ic.length)
    read.fail('ic', 'has a point twice: a claim could exchange one public signal for another');
  if (setUp.kind === 'ceremony' && (alpha !== PERPETUAL_ALPHA || beta !== PERPETUAL_BETA))
    read.fail(
      'alpha',
      'or beta is not that of the perpetual powers of tau, so phase 1 was another one than the key says',
    );
}

/** The first coordinate of an encoded point, which two different points share only if their sum is 0. */
function firstOf(point: string, length: number): string {
  return point.slice(0, 2 + length);
}

function readKey(value: unknown): VerifyingKeyDocument {
  const key = read.object<keyof VerifyingKeyDocument>(value, 'key', [
    ...([
      'protocol',
      'circuit',
      'values',
      'setUp',
      'files',
      'alpha',
      'beta',
      'gamma',
      'delta',
      'ic',
    ] as const),
  ]);
  if (key.protocol !== PROTOCOL) read.fail('protocol', `must be "${PROTOCOL}"`);
  if (key.circuit !== 'balance-claim') read.fail('circuit', 'must be "balance-claim"');
  const files = read.object(key.files, 'files', ['r1cs', 'zkey', 'wasm']);
  const count = PUBLIC_SIGNALS + 1;
  return Object.freeze({
    protocol: PROTOCOL,
    circuit: 'balance-claim',
    values: read.integer(key.values, 'values', 1, MAX_PUBLISHED),
    setUp: readSetUp(key.setUp),
    files: Object.freeze({
      r1cs: read.hex(files.r1cs, 'files.r1cs', 32),
      zkey: read.hex(files.zkey, 'files.zkey', 32),
      wasm: read.hex(files.wasm, 'files.wasm', 32),
    }),
    alpha: read.hex(key.alpha, 'alpha', G1_BYTES),
    beta: read.hex(key.beta, 'beta', G2_BYTES),
    gamma: read.hex(key.gamma, 'gamma', G2_BYTES),
    delta: read.hex(key.delta, 'delta', G2_BYTES),
    ic: Object.freeze(
      read.array(key.ic, 'ic', count, count).map((point, i) => read.hex(point, `ic[${i}]`, G1_BYTES)),
    ),
  });
}

function readSetUp(value: unknown): SetUp {
  const setUp = read.object(value, 'setUp', ['kind', 'powersOfTau', 'contributions']);
  const { kind } = setUp;
  if (kind !== 'ceremony' && kind !== 'development')
    return read.fail('setUp.kind', 'must be "ceremony" or "development"');
  const powersOfTau = read.hex(setUp.powersOfTau, 'setUp.powersOfTau', 64);
  if (kind === 'ceremony' && knownPower(powersOfTau) === undefined)
    read.fail(
      'setUp.powersOfTau',
      'must be a file of the perpetual powers of tau, else this is a development set-up',
    );
  const contributions = read
    .array(setUp.contributions, 'setUp.contributions', 0, MAX_CONTRIBUTIONS)
    .map((contribution, i) => readContribution(contribution, `setUp.contributions[${i}]`));
  if (contributions.length === 0)
    read.fail('setUp.contributions', 'is empty: without one anybody can prove anything');
  const last = contributions.length - 1;
  if (contributions.some(({ beacon }, i) => beacon !== undefined && i < last))
    read.fail('setUp.contributions', 'has a beacon that does not end it');
  if (new Set(contributions.map(({ hash }) => hash)).size !== contributions.length)
    read.fail('setUp.contributions', 'lists one contribution twice');
  if (kind === 'ceremony' && contributions.every(({ beacon }) => beacon !== undefined))
    read.fail('setUp.contributions', 'has nothing but a beacon, whose secret everybody can compute');
  return Object.freeze({ kind, powersOfTau, contributions: Object.freeze(contributions) });
}

function readContribution(value: unknown, path: string): Contribution {
  const { name, hash, beacon } = read.object(value, path, ['name', 'hash'], ['beacon']);
  return Object.freeze({
    name: read.text(name, `${path}.name`, /^[ -~]{1,64}$/, '1 to 64 printable ASCII characters'),
    hash: read.hex(hash, `${path}.hash`, 64),
    ...(beacon !== undefined && { beacon: readBeacon(beacon, `${path}.beacon`) }),
  });
}

function readBeacon(value: unknown, path: string): NonNullable<Contribution['beacon']> {
  const beacon = read.object(value, path, ['value', 'iterations']);
  return Object.freeze({
    value: read.text(
      beacon.value,
      `${path}.value`,
      /^0x(?:[0-9a-f]{2}){1,255}$/,
      '1 to 255 bytes as 0x and lower-case hex digits',
    ),
    iterations: read.integer(
      beacon.iterations,
      `${path}.iterations`,
      BEACON_ITERATIONS.least,
      BEACON_ITERATIONS.most,
    ),
  });
}
