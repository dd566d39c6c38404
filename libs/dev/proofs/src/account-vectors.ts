import { concat, toBytes, toHex, utf8 } from '@solvent-por/kzg';
import { createHash } from 'node:crypto';
import { testKey } from './snapshots';
import type { Vector } from './vectors';

/** Input of an `account` vector (section 5): who it is, what is published of it, and where it stands. */
export interface AccountVectorInput {
  /** The operator's key: 32 bytes. */
  readonly operator: string;
  readonly identifier: string;
  readonly headerDigest: string;
  readonly salt: string;
  readonly values: readonly string[];
  readonly row: number;
  /** 12 siblings, from the leaf's upwards. */
  readonly accountPath: readonly string[];
  /** Of an incorrect vector: what a careless implementation gets. */
  readonly claimed?: AccountVectorOutput;
}

export interface AccountVectorOutput {
  readonly key: string;
  readonly id: string;
  readonly leaf: string;
  readonly accounts: string;
}

/** Where a careless implementation leaves section 5. */
interface Rules {
  readonly keyDomain: string;
  readonly idDomain: string;
  readonly normalise: (identifier: string) => string;
  readonly idOf: (domain: Uint8Array, headerDigest: Uint8Array, key: Uint8Array) => Uint8Array;
  readonly leafOf: (id: Uint8Array, salt: Uint8Array, values: readonly Uint8Array[]) => Uint8Array;
  readonly encode: (value: bigint) => Uint8Array;
  readonly nodePrefix: Uint8Array;
  /** Whether we are the right child at a level. */
  readonly right: (row: number, level: number) => boolean;
}

const sha256 = (...parts: readonly Uint8Array[]) =>
  new Uint8Array(
    createHash('sha256')
      .update(concat(...parts))
      .digest(),
  );

const RULES: Rules = {
  keyDomain: 'solvent/v1/key',
  idDomain: 'solvent/v1/id',
  normalise: (identifier) => identifier.normalize('NFC'),
  idOf: sha256,
  leafOf: (id, salt, values) => sha256(Uint8Array.of(3), id, salt, ...values),
  encode: toBytes,
  nodePrefix: Uint8Array.of(4),
  right: (row, level) => ((row >> level) & 1) === 1,
};

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));

/** Section 5 in node:crypto, written apart from the verifier's. */
function outputOf(input: AccountVectorInput, rules: Rules = RULES): AccountVectorOutput {
  const key = sha256(utf8(rules.keyDomain), bytes(input.operator), utf8(rules.normalise(input.identifier)));
  const id = rules.idOf(utf8(rules.idDomain), bytes(input.headerDigest), key);
  const leaf = rules.leafOf(
    id,
    bytes(input.salt),
    input.values.map((value) => rules.encode(BigInt(value))),
  );
  const accounts = input.accountPath.map(bytes).reduce((node, sibling, level) => {
    const pair = rules.right(input.row, level) ? [sibling, node] : [node, sibling];
    return sha256(rules.nodePrefix, ...pair);
  }, leaf);
  return { key: toHex(key), id: toHex(id), leaf: toHex(leaf), accounts: toHex(accounts) };
}

const BASE: AccountVectorInput = {
  operator: toHex(testKey('operator')),
  identifier: 'Zoe\u0308 — 7QX4\ufb01 ',
  headerDigest: toHex(testKey('header')),
  salt: toHex(testKey('salt')),
  values: ['0', '12345678901234567890', String((1n << 67n) - 1n)],
  row: 0b101101110010,
  accountPath: Array.from({ length: 12 }, (_, level) => toHex(testKey(`sibling ${level}`))),
};

export function accountVectors(): Vector[] {
  const correct: [string, Partial<AccountVectorInput>][] = [
    ['identifier-in-decomposed-form', {}],
    ['the-same-in-composed-form', { identifier: BASE.identifier.normalize('NFC') }],
    ['one-value', { values: ['7'] }],
    ['a-thousand-values', { values: Array.from({ length: 1024 }, (_, v) => String(v)) }],
    ['row-0', { row: 0 }],
    ['row-4079', { row: 4079 }],
    ['another-snapshot', { headerDigest: toHex(testKey('next month')) }],
    ['another-operator', { operator: toHex(testKey('another operator')) }],
    ['longest-identifier', { identifier: 'ü'.repeat(512) }],
  ];
  const flaws: [string, Partial<Rules>][] = [
    ['key-under-the-label-of-the-id', { keyDomain: 'solvent/v1/id' }],
    ['id-under-the-label-of-the-key', { idDomain: 'solvent/v1/key' }],
    ['identifier-not-normalised', { normalise: (identifier) => identifier }],
    ['identifier-trimmed', { normalise: (identifier) => identifier.normalize('NFC').trim() }],
    ['identifier-in-lower-case', { normalise: (identifier) => identifier.normalize('NFC').toLowerCase() }],
    ['identifier-in-nfkc', { normalise: (identifier) => identifier.normalize('NFKC') }],
    ['id-is-the-key', { idOf: (_, __, key) => key }],
    ['id-without-the-header', { idOf: (domain, _, key) => sha256(domain, key) }],
    ['id-of-key-before-header', { idOf: (domain, header, key) => sha256(domain, key, header) }],
    ['leaf-without-its-first-byte', { leafOf: (id, salt, values) => sha256(id, salt, ...values) }],
    [
      'leaf-hashed-as-a-node',
      { leafOf: (id, salt, values) => sha256(Uint8Array.of(4), id, salt, ...values) },
    ],
    ['leaf-without-the-salt', { leafOf: (id, _, values) => sha256(Uint8Array.of(3), id, ...values) }],
    [
      'leaf-of-salt-before-id',
      { leafOf: (id, salt, values) => sha256(Uint8Array.of(3), salt, id, ...values) },
    ],
    [
      'leaf-with-a-salt-of-31-bytes',
      { leafOf: (id, salt, values) => sha256(Uint8Array.of(3), id, salt.slice(0, 31), ...values) },
    ],
    [
      'leaf-without-the-last-value',
      { leafOf: (id, salt, values) => sha256(Uint8Array.of(3), id, salt, ...values.slice(0, -1)) },
    ],
    ['values-little-endian', { encode: (value) => toBytes(value).reverse() }],
    ['values-of-nine-bytes', { encode: (value) => toBytes(value, 9) }],
    ['node-without-its-first-byte', { nodePrefix: new Uint8Array(0) }],
    ['node-of-the-sum-tree', { nodePrefix: Uint8Array.of(1) }],
    ['sides-swapped', { right: (row, level) => ((row >> level) & 1) === 0 }],
    ['sides-from-the-most-significant-bit', { right: (row, level) => ((row >> (11 - level)) & 1) === 1 }],
  ];
  const malformed: [string, string][] = [
    ['identifier-empty', ''],
    ['identifier-of-1025-bytes', 'a'.repeat(1025)],
    ['identifier-with-half-a-surrogate-pair', 'a\ud800'],
  ];
  return [
    ...correct.map(([name, change]): Vector => {
      const input = { ...BASE, ...change };
      return { kind: 'correct', name, input, expected: outputOf(input) };
    }),
    ...flaws.map(([name, flaw]): Vector => ({
      kind: 'incorrect',
      name,
      input: { ...BASE, claimed: outputOf(BASE, { ...RULES, ...flaw }) },
      expected: { valid: false },
    })),
    ...malformed.map(([name, identifier]): Vector => ({
      kind: 'malformed',
      name,
      input: { ...BASE, identifier },
      expected: { code: 'IDENTIFIER_MALFORMED' },
    })),
  ];
}
