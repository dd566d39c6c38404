import { toHex } from '@solvent-por/kzg';
import { canonicalJson, shardEntries, type UnsignedSealedIndex } from '@solvent-por/verifier';
import { signIndex } from './sealed-bundle';
import { unsigned, type SealedCase, type SealedVectorInput } from './sealed-vector-parts';
import { testKey } from './snapshots';
import type { Vector } from './vectors';

/** Indexes that are refused before a shard is asked for. */
export function refusedIndexVectors(base: SealedCase, other: SealedCase): Vector[] {
  const { batchCount } = base.manifest;
  const wrong = (name: string, code: string, input: SealedVectorInput): Vector => ({
    kind: 'incorrect',
    name: `invalid-index-${name}`,
    input,
    expected: { outcome: 'invalid', code, asked: ['index.json'] },
  });
  const honest = base.build();
  const host = (change: object) =>
    base.input(honest, { index: canonicalJson({ ...honest.index, ...change }) });
  const operator = (change: object, signing?: Uint8Array) =>
    base.input(honest, {
      index: canonicalJson(signIndex({ ...unsigned(honest), ...change }, signing)),
    });
  const { bits, entries } = honest.shape;
  const shape = (more: number) => ({ bits: bits + more, entries: shardEntries(batchCount, bits + more) });
  return [
    wrong('bits-chosen-by-the-host', 'SEALED_INDEX_BITS', host(shape(4))),
    wrong(
      'sixteen-bits-and-signed',
      'SEALED_INDEX_BITS',
      operator({ bits: 16, entries: shardEntries(batchCount, 16) }),
    ),
    wrong('one-bit-more-and-signed', 'SEALED_INDEX_BITS', operator(shape(1))),
    wrong('two-bits-less-and-signed', 'SEALED_INDEX_BITS', operator(shape(-2))),
    wrong('no-bits-and-signed', 'SEALED_INDEX_BITS', operator(shape(-bits))),
    wrong('more-bits-than-there-can-be', 'SEALED_INDEX_BITS', operator({ bits: 17, entries })),
    wrong('one-bit-less-unsigned', 'SEALED_INDEX_SIGNATURE', host(shape(-1))),
    wrong('entries-of-other-bits', 'SEALED_INDEX_ENTRIES', operator({ bits: bits - 1, entries })),
    wrong('an-entry-more-and-signed', 'SEALED_INDEX_ENTRIES', operator({ entries: entries + 1 })),
    wrong('an-entry-less-and-signed', 'SEALED_INDEX_ENTRIES', operator({ entries: entries - 1 })),
    wrong('no-entries-and-signed', 'SEALED_INDEX_ENTRIES', operator({ entries: 0 })),
    wrong('of-another-manifest', 'SEALED_INDEX_MANIFEST', operator({ manifest: toHex(testKey('manifest')) })),
    wrong(
      'of-another-snapshot',
      'SEALED_INDEX_MANIFEST',
      base.input(honest, { index: canonicalJson(other.build().index) }),
    ),
    wrong('another-root-of-shards', 'SEALED_INDEX_SIGNATURE', host({ shards: toHex(testKey('root')) })),
    wrong('another-tree', 'SEALED_INDEX_SIGNATURE', host({ tree: toHex(testKey('tree')) })),
    wrong('signed-by-another-key', 'SEALED_INDEX_SIGNATURE', operator({}, testKey('another operator'))),
    wrong(
      'signature-of-the-manifest',
      'SEALED_INDEX_SIGNATURE',
      host({ signature: base.manifest.signature }),
    ),
    wrong('signature-of-zeros', 'SEALED_INDEX_SIGNATURE', host({ signature: toHex(new Uint8Array(64)) })),
  ];
}

/** index.json not of its form. */
export function malformedIndexVectors(base: SealedCase): Vector[] {
  const honest = base.build();
  const text = canonicalJson(honest.index);
  const wrong = (name: string, code: string, index: string): Vector => ({
    kind: 'malformed',
    name,
    input: base.input(honest, { index }),
    expected: { code },
  });
  const member = (name: string, change: object) =>
    wrong(name, 'SEALED_INDEX_MALFORMED', canonicalJson(signIndex({ ...unsigned(honest), ...change })));
  const without = (name: keyof UnsignedSealedIndex) =>
    wrong(
      `${name}-missing`,
      'SEALED_INDEX_MALFORMED',
      canonicalJson(Object.fromEntries(Object.entries(honest.index).filter(([key]) => key !== name))),
    );
  return [
    wrong('empty', 'DOCUMENT_MALFORMED', ''),
    wrong('web-page', 'DOCUMENT_MALFORMED', '<!doctype html><title>404</title>'),
    wrong('final-line-break', 'DOCUMENT_NOT_CANONICAL', `${text}\n`),
    wrong('blanks', 'DOCUMENT_NOT_CANONICAL', text.replace(':', ': ')),
    wrong(
      'bits-as-a-decimal-fraction',
      'DOCUMENT_NOT_CANONICAL',
      text.replace(/"bits":(\d+)/, '"bits":$1.0'),
    ),
    wrong('longer-than-1024-bytes', 'DOCUMENT_TOO_LARGE', `${text.slice(0, -1)},"z":"${'0'.repeat(1024)}"}`),
    wrong('list', 'SEALED_INDEX_MALFORMED', '[]'),
    without('bits'),
    without('entries'),
    without('manifest'),
    without('protocol'),
    without('shards'),
    without('tree'),
    wrong('signature-missing', 'SEALED_INDEX_MALFORMED', canonicalJson(unsigned(honest))),
    wrong(
      'unknown-member',
      'SEALED_INDEX_MALFORMED',
      canonicalJson({ ...honest.index, host: 'example.org' }),
    ),
    wrong(
      'signature-of-63-bytes',
      'SEALED_INDEX_MALFORMED',
      canonicalJson({ ...honest.index, signature: toHex(new Uint8Array(63)) }),
    ),
    member('another-protocol', { protocol: 'solvent/v2' }),
    member('bits-as-text', { bits: String(honest.shape.bits) }),
    member('bits-negative', { bits: -1 }),
    member('bits-broken', { bits: 4.5 }),
    member('entries-as-text', { entries: String(honest.shape.entries) }),
    member('entries-beyond-2-to-the-53', { entries: 2 ** 53 }),
    member('tree-in-capital-letters', { tree: toHex(testKey('tree')).toUpperCase().replace('X', 'x') }),
    member('manifest-of-31-bytes', { manifest: toHex(testKey('manifest')).slice(0, -2) }),
    member('shards-without-0x', { shards: toHex(testKey('shards')).slice(2) }),
  ];
}
