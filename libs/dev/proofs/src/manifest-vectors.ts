import { concat, toBytes, toHex, utf8 } from '@solvent-por/kzg';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import {
  OTHER_SEED,
  KEY,
  OTHER_KEY,
  L,
  BN254_ORDER,
  digestLike,
  asset,
  aggregateHeader,
  spotHeader,
  marginHeader,
  body,
  aggregate,
  spot,
  margin,
  haircuts,
  sign,
  digestOf,
  document,
  nextOf,
  type Json,
} from './sample-manifests';
import type { Vector } from './vectors';

/**
 * The vectors of test-vectors/manifest. Input: a document, and what the verifier knows; see
 * test-vectors/README.md.
 */
export function manifestVectors(): Vector[] {
  return [...correct(), ...incorrect(), ...malformedMembers(), ...malformedBytes()];
}

/** Three in a row, a month apart. */
function chain(): [Json, Json, Json] {
  const first = sign(aggregate({}, { snapshot: 'sep-2026', takenAt: '2026-09-30T00:00:00Z' }));
  const second = sign(
    aggregate({ previous: nextOf(first) }, { snapshot: 'oct-2026', takenAt: '2026-10-31T00:00:00Z' }),
  );
  const third = sign(aggregate({ previous: nextOf(second) }));
  return [first, second, third];
}

function correct(): Vector[] {
  const [first, second, third] = chain();
  const make = (name: string, manifest: Json, more: Json = {}): Vector => ({
    kind: 'correct',
    name,
    input: { document: document(manifest), ...more },
    expected: { digest: nextOf(manifest) },
  });
  return [
    make('aggregate', sign(aggregate())),
    make('spot', sign(spot)),
    make('margin', sign(margin), { operator: KEY }),
    make('margin-with-tiers-and-pools', sign(haircuts), { operator: KEY }),
    make('signature-with-the-identity-as-r', identityAsR()),
    make('follows-its-predecessor', third, { operator: KEY, previous: [document(second)] }),
    make('same-manifest-again', third, { previous: [document(third)] }),
    make('whole-chain-in-any-order', third, {
      previous: [document(second), document(third), document(first), document(second)],
    }),
    make('new-key-new-chain', sign(aggregate({}, { operator: OTHER_KEY }), OTHER_SEED), {
      operator: OTHER_KEY,
    }),
  ];
}

function incorrect(): Vector[] {
  const [first, second, third] = chain();
  const genuine = sign(aggregate());
  const make = (name: string, code: string, manifest: Json, more: Json = {}): Vector => ({
    kind: 'incorrect',
    name,
    input: { document: document(manifest), ...more },
    expected: { code },
  });
  const knows = (...previous: Json[]): Json => ({ previous: previous.map(document) });
  const early = sign(aggregate({ previous: nextOf(second) }, { takenAt: '2026-10-30T00:00:00Z' }));
  const rival = sign(aggregate({ previous: nextOf(second), batchCount: 4 }));
  const otherFirst = sign(
    aggregate({}, { operator: OTHER_KEY, takenAt: '2026-10-31T00:00:00Z' }),
    OTHER_SEED,
  );
  const signedMargin = sign(margin);
  return [
    make('signature-of-another-key', 'SIGNATURE_INVALID', sign(aggregate(), OTHER_SEED)),
    make('signature-of-another-manifest', 'SIGNATURE_INVALID', { ...genuine, signature: third.signature }),
    make('signature-of-zeros', 'SIGNATURE_INVALID', { ...genuine, signature: `0x${'00'.repeat(64)}` }),
    make('signature-with-s-plus-l', 'SIGNATURE_INVALID', {
      ...genuine,
      signature: plusOrder(genuine.signature as string),
    }),
    make('total-off-by-one', 'SIGNATURE_INVALID', { ...genuine, totals: ['1000001', '0'] }),
    make('price-altered', 'SIGNATURE_INVALID', {
      ...signedMargin,
      header: {
        ...marginHeader,
        assets: [asset('BTC', { price: '951' }), (marginHeader.assets as Json[])[1]],
      },
    }),
    make('key-of-small-order', 'SIGNATURE_INVALID', signByTorsion('clean')),
    make('key-with-torsion', 'SIGNATURE_INVALID', signByTorsion('dirty')),
    make('another-operator-expected', 'OPERATOR_UNEXPECTED', genuine, { operator: OTHER_KEY }),
    make('chain-restarted', 'CHAIN_RESTARTED', genuine, knows(second)),
    make('chain-with-a-gap', 'CHAIN_GAP', third, knows(first)),
    make(
      'chain-with-a-gap-behind-the-predecessor',
      'CHAIN_GAP',
      sign(aggregate({ previous: nextOf(third) }, december)),
      knows(third, first),
    ),
    make('chain-forked', 'CHAIN_FORKED', rival, knows(second, third)),
    make('chain-older-than-known', 'CHAIN_OLDER', second, knows(third)),
    make(
      'predecessor-not-earlier',
      'CHAIN_TIME',
      sign(aggregate({ previous: nextOf(genuine) }, { snapshot: 'again' })),
      knows(genuine),
    ),
    make('predecessor-later', 'CHAIN_OLDER', early, knows(second)),
    make(
      'predecessor-of-another-key',
      'PREVIOUS_OTHER_OPERATOR',
      sign(aggregate({ previous: nextOf(otherFirst) })),
      knows(otherFirst),
    ),
    make(
      'predecessor-with-wrong-signature',
      'PREVIOUS_SIGNATURE_INVALID',
      third,
      knows({ ...second, signature: first.signature }),
    ),
  ];
}

const december = { snapshot: 'dec-2026', takenAt: '2026-12-31T00:00:00Z' };

/**
 * R is the identity: only the key must not be it. Made as no honest signer does, and accepted by every strict
 * verifier.
 */
function identityAsR(): Json {
  const unsigned = aggregate();
  const { Point } = ed25519;
  const [secret, R] = [7n, Point.ZERO.toBytes()];
  const operator = Point.BASE.multiply(secret).toBytes();
  const mine = { ...unsigned, header: aggregateHeader({ operator: toHex(operator) }) };
  const hash = Uint8Array.from(sha512(concat(R, operator, digestOf(mine)))).reverse();
  const S = ((BigInt(toHex(hash)) % L) * secret) % L;
  return { ...mine, signature: toHex(concat(R, toBytes(S, 32).reverse())) };
}

/** The same signature with S + L for S: the equation holds, strict verification refuses. */
function plusOrder(signature: string): string {
  const S = BigInt(`0x${signature.slice(66).match(/../g)!.reverse().join('')}`);
  return `${signature.slice(0, 66)}${toHex(toBytes(S + L, 32).reverse()).slice(2)}`;
}

/**
 * Signatures that verifiers without section 10's checks of the key accept: by a key of order 8 (anybody can
 * make one), and by a key with a torsion part. The snapshot's name is varied until the torsion cancels, so
 * that the plain equation holds.
 */
function signByTorsion(kind: 'clean' | 'dirty'): Json {
  const { Point } = ed25519;
  const torsion = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
  const a = kind === 'clean' ? 0n : 99n;
  const key = Point.BASE.multiplyUnsafe(a).add(torsion).toBytes();
  const r = 1234n;
  const R = Point.BASE.multiply(r).toBytes();
  for (let i = 0; ; i++) {
    const unsigned = aggregate({}, { operator: toHex(key), snapshot: `try-${i}` });
    const hash = Uint8Array.from(sha512(concat(R, key, digestOf(unsigned)))).reverse();
    const k = BigInt(toHex(hash)) % L;
    if (k % 8n === 0n) {
      return { ...unsigned, signature: toHex(concat(R, toBytes((r + k * a) % L, 32).reverse())) };
    }
  }
}

function malformedMembers(): Vector[] {
  const make = (name: string, code: string, member: string, manifest: Json): Vector => ({
    kind: 'malformed',
    name,
    input: { document: document(manifest) },
    expected: { code, details: { member } },
  });
  const own = (name: string, member: string, more: Json): Vector =>
    make(name, 'MANIFEST_MALFORMED', member, sign(aggregate(more)));
  const inHeader = (name: string, member: string, more: Json): Vector =>
    make(name, 'HEADER_MALFORMED', `header.${member}`, sign(aggregate({}, more)));
  const priced = (name: string, price: string): Vector =>
    make(
      name,
      'HEADER_MALFORMED',
      'header.assets[0].price',
      sign(body({ ...marginHeader, assets: [asset('BTC', { price })] }, ['0', '0'])),
    );
  const { previous: _previous, ...withoutPrevious } = sign(aggregate());
  const total = (name: string, text: unknown): Vector =>
    own(`total-${name}`, 'totals[1]', { totals: ['0', text] });
  const claims = { claimRoot: digestLike('05'), claimKeys: [digestLike('21')] };
  return [
    make('unknown-member', 'MANIFEST_MALFORMED', 'manifest', { ...sign(aggregate()), note: 'x' }),
    make('missing-member', 'MANIFEST_MALFORMED', 'manifest.previous', withoutPrevious),
    own('other-protocol', 'protocol', { protocol: 'solvent/v2' }),
    own('batch-count-zero', 'batchCount', { batchCount: 0 }),
    own('batch-count-65537', 'batchCount', { batchCount: 65_537 }),
    own('batch-count-as-text', 'batchCount', { batchCount: '3' }),
    own('batch-count-with-fraction', 'batchCount', { batchCount: 1.5 }),
    own('columns-short', 'columns', { columns: digestLike('11').slice(0, -2) }),
    own('columns-null', 'columns', { columns: null }),
    make('account-root-of-the-old-form', 'MANIFEST_MALFORMED', 'manifest', {
      ...sign(aggregate()),
      accountRoot: null,
    }),
    own('root-upper-case', 'root', { root: digestLike('AA') }),
    own('root-short', 'root', { root: digestLike('11').slice(0, -2) }),
    own('root-without-0x', 'root', { root: '11'.repeat(33) }),
    own('totals-too-few', 'totals', { totals: ['1'] }),
    own('totals-too-many', 'totals', { totals: ['1', '0', '0'] }),
    own('totals-as-object', 'totals', { totals: { 0: '1', 1: '0' } }),
    total('negative', '-5'),
    total('empty', ''),
    total('hexadecimal', '0x10'),
    total('with-space', ' 12'),
    total('leading-zero', '012'),
    total('as-number', 12),
    total('2-to-the-96', (1n << 96n).toString()),
    total('wrapped', '52435875175126190479447740508185965837690552500527637822603658699938581184508'),
    own('totals-opening-short', 'totalsOpening', { totalsOpening: digestLike('00') }),
    own('claim-root-at-the-order', 'claimRoot', {
      ...claims,
      claimRoot: toHex(toBytes(BN254_ORDER, 32)),
    }),
    own('claim-root-without-claim-keys', 'claimKeys', { claimRoot: digestLike('05') }),
    own('claim-keys-without-claim-root', 'claimKeys', { claimKeys: [digestLike('21')] }),
    own('claim-keys-empty', 'claimKeys', { ...claims, claimKeys: [] }),
    own('claim-keys-nine', 'claimKeys', {
      ...claims,
      claimKeys: [...'123456789'].map((digit) => digestLike(`0${digit}`)),
    }),
    own('claim-keys-repeated', 'claimKeys', { ...claims, claimKeys: [digestLike('21'), digestLike('21')] }),
    own('previous-short', 'previous', { previous: '0x00' }),
    make('signature-short', 'MANIFEST_MALFORMED', 'signature', {
      ...aggregate(),
      signature: digestLike('00'),
    }),
    priced('price-zero', '0'),
    priced('price-negative', '-1'),
    priced('price-2-to-the-64', (1n << 64n).toString()),
    inHeader('unknown-mode', 'mode', { mode: 'futures' }),
    inHeader('not-a-date', 'takenAt', { takenAt: '2026-02-29T00:00:00Z' }),
    inHeader('unit-is-not-the-asset', 'unit', { unit: 'EUR' }),
    make(
      'symbol-twice',
      'HEADER_MALFORMED',
      'header.assets[2].symbol',
      sign(body({ ...spotHeader, assets: [asset('BTC'), asset('ETH'), asset('BTC')] }, ['1', '2', '3'])),
    ),
    make(
      'price-in-spot',
      'HEADER_MALFORMED',
      'header.assets[0]',
      sign(body({ ...spotHeader, assets: [asset('BTC', { price: '1' })] }, ['1'])),
    ),
  ];
}

function malformedBytes(): Vector[] {
  const text = document(sign(aggregate()));
  const make = (name: string, code: string, input: Json): Vector => ({
    kind: 'malformed',
    name,
    input,
    expected: { code },
  });
  const changed = (name: string, document: string, code = 'DOCUMENT_NOT_CANONICAL'): Vector =>
    make(name, code, { document });
  return [
    changed('final-line-break', `${text}\n`),
    changed('space-after-colon', text.replace(':', ': ')),
    changed('doubled-member', text.replace('"batchCount":3', '"batchCount":3,"batchCount":3')),
    changed('number-with-fraction-zero', text.replace('"batchCount":3', '"batchCount":3.0')),
    changed('members-out-of-order', text.replace(/^\{("batchCount":3),("claimKeys":null)/, '{$2,$1')),
    changed('escaped-letter', text.replace('"solvent', '"\\u0073olvent')),
    changed('cut-off', text.slice(0, -10), 'DOCUMENT_MALFORMED'),
    changed('empty', '', 'DOCUMENT_MALFORMED'),
    changed('longer-than-262144-bytes', JSON.stringify('a'.repeat(262_144)), 'DOCUMENT_TOO_LARGE'),
    make('byte-order-mark', 'DOCUMENT_MALFORMED', {
      documentHex: toHex(concat(Uint8Array.of(0xef, 0xbb, 0xbf), utf8(text))),
    }),
    make('not-utf-8', 'DOCUMENT_MALFORMED', { documentHex: '0x22ff22' }),
    changed('array', '[]', 'MANIFEST_MALFORMED'),
    changed('null', 'null', 'MANIFEST_MALFORMED'),
  ];
}
