import { createHash } from 'node:crypto';
import { concat, hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { testKey } from '../snapshots';
import type { Vector } from '../vectors';

/** Input of a `claim-access` vector (private claims, section 2). */
export interface AccessVectorInput {
  readonly headerDigest: string;
  /** The account key. */
  readonly key: string;
  /** Of an incorrect vector: what a careless implementation gets. */
  readonly claimed?: AccessVectorOutput;
}

interface AccessVectorOutput {
  readonly access: string;
  readonly mark: string;
}

type Access = (header: Uint8Array, key: Uint8Array) => readonly Uint8Array[];

const LABEL = utf8('solvent/v1/claim-access');
const RIGHT: Access = (header, key) => [LABEL, header, key];
const BASE: AccessVectorInput = { headerDigest: toHex(testKey('header')), key: toHex(testKey('account')) };

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

/** In node:crypto, written apart from the verifier's. */
function outputOf(
  { headerDigest, key }: AccessVectorInput,
  parts: Access = RIGHT,
  markOf = sha256,
): AccessVectorOutput {
  const access = sha256(concat(...parts(hexBytes(headerDigest, 32), hexBytes(key, 32))));
  return { access: toHex(access), mark: toHex(markOf(access)) };
}

export function accessVectors(): Vector[] {
  const correct: [string, Partial<AccessVectorInput>][] = [
    ['an-account', {}],
    ['another-account', { key: toHex(testKey('another account')) }],
    ['another-snapshot', { headerDigest: toHex(testKey('next month')) }],
  ];
  const flaws: [string, Access, typeof sha256?][] = [
    ['access-is-the-id', (header, key) => [utf8('solvent/v1/id'), header, key]],
    [
      'access-made-of-the-id',
      (header, key) => [LABEL, header, sha256(concat(utf8('solvent/v1/id'), header, key))],
    ],
    ['access-without-the-header', (_, key) => [LABEL, key]],
    ['access-of-key-before-header', (header, key) => [LABEL, key, header]],
    ['access-under-the-label-of-claims', (header, key) => [utf8('solvent/v1/claim'), header, key]],
    ['mark-is-the-access', RIGHT, (access) => Uint8Array.from(access)],
  ];
  return [
    ...correct.map(([name, change]): Vector => {
      const input = { ...BASE, ...change };
      return { kind: 'correct', name, input, expected: outputOf(input) };
    }),
    ...flaws.map(([name, parts, markOf]): Vector => ({
      kind: 'incorrect',
      name,
      input: { ...BASE, claimed: outputOf(BASE, parts, markOf) },
      expected: { valid: false },
    })),
  ];
}
