import { toBytes, toHex } from '@solvent-por/kzg';
import { canonicalJson, manifestDigest, parseManifest } from '@solvent-por/verifier';
import { ed25519 } from '@noble/curves/ed25519.js';

export type Json = Record<string, unknown>;

/** Keys of vectors, known to everybody. */
const SEED = new Uint8Array(32).fill(1);
export const OTHER_SEED = new Uint8Array(32).fill(2);
export const KEY = toHex(ed25519.getPublicKey(SEED));
export const OTHER_KEY = toHex(ed25519.getPublicKey(OTHER_SEED));
export const L = ed25519.Point.Fn.ORDER;
export const BN254_ORDER = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

export const digestLike = (byte: string): string => `0x${byte.repeat(32)}`;
export const asset = (symbol: string, more: Json = {}): Json => ({ symbol, scale: 8, limbs: 6, ...more });
const common = {
  protocol: 'solvent/v1',
  operator: KEY,
  snapshot: 'nov-2026',
  takenAt: '2026-11-30T00:00:00Z',
};

export const aggregateHeader = (more: Json = {}): Json => ({
  ...common,
  mode: 'aggregate',
  unit: 'USD',
  assets: [asset('USD', { scale: 2 })],
  ...more,
});
export const spotHeader: Json = {
  ...common,
  mode: 'spot',
  assets: [asset('BTC'), asset('ETH', { scale: 18 }), asset('USDT', { scale: 6 })],
};
export const marginHeader: Json = {
  ...common,
  mode: 'margin',
  unit: 'USD',
  priceScale: 6,
  assets: [
    asset('BTC', { price: '950' }),
    asset('USDT', { scale: 6, limbs: 4, price: '18446744073709551615' }),
  ],
};

export function body(header: Json, totals: readonly string[], more: Json = {}): Json {
  return {
    protocol: 'solvent/v1',
    header,
    batchCount: 3,
    columns: digestLike('12'),
    root: digestLike('11'),
    totals,
    totalsOpening: `0xc0${'00'.repeat(47)}`,
    claimRoot: null,
    claimKeys: null,
    previous: null,
    ...more,
  };
}

export const aggregate = (more: Json = {}, header: Json = {}): Json =>
  body(aggregateHeader(header), ['1000000', '0'], more);
export const spot = body(spotHeader, ['0', '79228162514264337593543950335', '12']);
export const margin = body(marginHeader, ['5', '6', '7', '8'], {
  batchCount: 65_536,
  claimRoot: toHex(toBytes(BN254_ORDER - 1n, 32)),
  claimKeys: [digestLike('21'), digestLike('22')],
  previous: digestLike('33'),
});

export const haircuts = body(
  {
    ...marginHeader,
    assets: [
      asset('BTC', { price: '950', tiers: [{ percent: 95, upTo: '5000000000' }, { percent: 80 }] }),
      asset('USDT', {
        scale: 6,
        limbs: 4,
        price: '3',
        pools: [
          { name: 'free', tiers: [{ percent: 0 }] },
          { name: 'margin', tiers: [{ percent: 100, upTo: '17' }, { percent: 50 }] },
        ],
      }),
    ],
  },
  ['5', '6', '7', '8', '2', '4'],
);

/** Signs whatever it is given, false or malformed as it may be. */
export function sign(unsigned: Json, seed = SEED): Json {
  return { ...unsigned, signature: toHex(ed25519.sign(digestOf(unsigned), seed)) };
}

export function digestOf(unsigned: Json): Uint8Array {
  try {
    return manifestDigest(parseManifest({ ...unsigned, signature: `0x${'00'.repeat(64)}` }));
  } catch {
    return new Uint8Array(32); // malformed: the signature is never looked at
  }
}

export const document = (manifest: Json): string => canonicalJson(manifest);
export const nextOf = (manifest: Json): string => toHex(manifestDigest(parseManifest(manifest)));
