import { concat, hexBytes, toBytes, toHex, utf8 } from '@solvent-por/kzg';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { createPrivateKey, createPublicKey, sign as nodeSign } from 'node:crypto';
import { ED25519_ORDER as L, parseOperatorKey, verifyEd25519 } from './ed25519';

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;
const FIELD = 2n ** 255n - 19n;

/** A point of order 8: generates all of the torsion. */
const TORSION = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
const torsion = (i: number): Point => TORSION.multiplyUnsafe(BigInt(i));
const littleEndian = (x: bigint): Uint8Array => toBytes(x, 32).reverse();
const bigInt = (bytes: Uint8Array): bigint => BigInt(toHex(Uint8Array.from(bytes).reverse()));
const challenge = (r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint =>
  bigInt(sha512(concat(r, key, message))) % L;

interface Case {
  signature: Uint8Array;
  message: Uint8Array;
  key: Uint8Array;
}

/**
 * A signature whose key is a·B plus torsion and whose R is r·B plus torsion: right times the cofactor by
 * construction.
 */
function dirty(a: bigint, keyTorsion: number, r: bigint, pointTorsion: number, message: Uint8Array): Case {
  const times = (x: bigint): Point => Point.BASE.multiplyUnsafe(x);
  const key = times(a).add(torsion(keyTorsion)).toBytes();
  const R = times(r).add(torsion(pointTorsion)).toBytes();
  const S = (r + challenge(R, key, message) * a) % L;
  return { signature: concat(R, littleEndian(S)), message, key };
}

/** Tries messages until the torsion cancels, so that a verifier without the cofactor accepts too. */
function cancelling(a: bigint, keyTorsion: number, r: bigint, pointTorsion: number): Case {
  for (let i = 0; i < 1000; i++) {
    const made = dirty(a, keyTorsion, r, pointTorsion, utf8(`message ${i}`));
    const k = challenge(made.signature.subarray(0, 32), made.key, made.message);
    if (
      torsion(pointTorsion)
        .add(torsion(Number((k * BigInt(keyTorsion)) % 8n)))
        .is0()
    )
      return made;
  }
  throw new Error('no message found');
}

const message = utf8('a manifest digest');
const honest = dirty(12345n, 0, 67890n, 0, message);
const verify = ({ signature, message, key }: Case): boolean => verifyEd25519(signature, message, key);
const laxVerify = ({ signature, message, key }: Case, zip215: boolean): boolean =>
  ed25519.verify(signature, message, key, { zip215 });
const withS = (made: Case, S: bigint): Case => ({
  ...made,
  signature: concat(made.signature.subarray(0, 32), littleEndian(S)),
});

test('accepts what it should: a made signature, noble, and node:crypto (RFC 8032)', () => {
  expect(verify(honest)).toBe(true);
  const seed = new Uint8Array(32).fill(7);
  const key = ed25519.getPublicKey(seed);
  expect(verifyEd25519(ed25519.sign(message, seed), message, key)).toBe(true);
  const der = concat(hexBytes('0x302e020100300506032b657004220420', 16), seed);
  const privateKey = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  expect(toHex(spki.subarray(-32))).toBe(toHex(key));
  expect(verifyEd25519(nodeSign(null, message, privateKey), message, key)).toBe(true);
});

test('the first vector of RFC 8032', () => {
  const key = hexBytes('0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 32);
  const signature = hexBytes(
    '0xe5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    64,
  );
  expect(verifyEd25519(signature, new Uint8Array(), key)).toBe(true);
  expect(verifyEd25519(signature, utf8('x'), key)).toBe(false);
});

test('refuses every flipped byte of signature, message and key', () => {
  for (const part of ['signature', 'message', 'key'] as const) {
    for (let i = 0; i < honest[part].length; i++) {
      const changed = Uint8Array.from(honest[part]);
      changed[i]! ^= 1;
      expect(verify({ ...honest, [part]: changed })).toBe(false);
    }
  }
});

/**
 * The classes of "Taming the many EdDSAs" (eprint 2020/1244, table 5), made anew. `accepts`: what a laxer
 * check says.
 */
const edge: [string, Case, { zip215: boolean; rfc8032: boolean }][] = [
  ['small key, small R, S = 0', cancelling(0n, 1, 0n, 1), { zip215: true, rfc8032: false }],
  ['small key, R with torsion', cancelling(0n, 1, 5n, 1), { zip215: true, rfc8032: false }],
  ['small key, clean R', cancelling(0n, 4, 5n, 0), { zip215: true, rfc8032: false }],
  ['identity as key', dirty(0n, 0, 5n, 0, message), { zip215: true, rfc8032: false }],
  ['clean key, small R', dirty(9n, 0, 0n, 1, message), { zip215: true, rfc8032: true }],
  ['clean key, R with torsion', dirty(9n, 0, 5n, 1, message), { zip215: true, rfc8032: true }],
  ['key and R with torsion that cancels', cancelling(9n, 1, 5n, 1), { zip215: true, rfc8032: true }],
  ['key with torsion that cancels alone', cancelling(9n, 4, 5n, 0), { zip215: true, rfc8032: true }],
  [
    'key with torsion, right only times the cofactor',
    dirty(9n, 1, 5n, 0, message),
    { zip215: true, rfc8032: true },
  ],
  ['S + L', withS(honest, bigInt(honest.signature.subarray(32)) + L), { zip215: false, rfc8032: false }],
  ['S far above L', withS(honest, 2n ** 256n - 1n), { zip215: false, rfc8032: false }],
];

test.each(edge)('refuses %s, whatever laxer verifiers say', (_what, made, accepts) => {
  expect(laxVerify(made, true)).toBe(accepts.zip215);
  expect(laxVerify(made, false)).toBe(accepts.rfc8032);
  expect(verify(made)).toBe(false);
});

test('accepts the identity as R where the equation holds: only the key must not be it (section 10)', () => {
  const made = dirty(9n, 0, 0n, 0, message);
  expect(verify(made)).toBe(true);
  expect(verify(withS(made, bigInt(made.signature.subarray(32)) + 1n))).toBe(false);
});

test('refuses non-canonical encodings that ZIP 215 accepts, as R and as key', () => {
  const identity = littleEndian(FIELD + 1n);
  const signedIdentity = Uint8Array.from(littleEndian(1n)).fill(0x80, 31);
  for (const encoded of [identity, signedIdentity]) {
    const asKey = { signature: honest.signature, message, key: encoded };
    const R = {
      signature: concat(encoded, littleEndian((challenge(encoded, honest.key, message) * 12345n) % L)),
      message,
      key: honest.key,
    };
    expect(laxVerify(R, true)).toBe(true);
    expect(verify(R)).toBe(false);
    const S = { ...asKey, signature: honest.signature };
    expect(verify(withS(S, 67890n))).toBe(false);
    expect(laxVerify(withS(S, 67890n), true)).toBe(true);
  }
});

test('an operator key must be canonical, of prime order and not the identity', () => {
  expect(parseOperatorKey(toHex(honest.key))).toEqual(honest.key);
  const refused = [...Array(8).keys()].map((i) => torsion(i).toBytes());
  for (let i = 1; i < 8; i++) refused.push(Point.BASE.add(torsion(i)).toBytes());
  let decodable = 0;
  for (let y = FIELD; y < 2n ** 255n; y++) {
    for (const sign of [0, 0x80]) {
      const encoded = littleEndian(y);
      encoded[31]! |= sign;
      refused.push(encoded);
      try {
        Point.fromBytes(encoded, true);
        decodable++;
      } catch {
        // this y is on no point
      }
    }
  }
  expect(decodable).toBeGreaterThan(10);
  for (const key of refused) {
    expect(() => parseOperatorKey(toHex(key))).toThrow(
      expect.objectContaining({ code: 'OPERATOR_KEY_MALFORMED' }),
    );
  }
});

test.each([[''], ['0x'], [`0x${'AB'.repeat(32)}`], ['ab'.repeat(32)], [null], [7], [`0x${'00'.repeat(33)}`]])(
  '%p is no operator key',
  (text) => {
    expect(() => parseOperatorKey(text)).toThrow(
      expect.objectContaining({ code: 'OPERATOR_KEY_MALFORMED', kind: 'malformed' }),
    );
  },
);

test('refuses other lengths instead of throwing', () => {
  const { signature, key } = honest;
  expect(verifyEd25519(signature.subarray(1), message, key)).toBe(false);
  expect(verifyEd25519(concat(signature, signature), message, key)).toBe(false);
  expect(verifyEd25519(signature, message, key.subarray(1))).toBe(false);
});
