import { createHash } from 'node:crypto';
import { concat, toHex } from '@solvent-por/kzg';
import {
  ACCOUNT_ROWS,
  accountId,
  claimAccess,
  claimMark,
  headerDigest,
  layoutOf,
  type AccountBatch,
  type Asset,
  type Header,
  type Mode,
} from '@solvent-por/verifier';
import { AMOUNT_WORDS, operatorKeyOf } from '@solvent-por/prover';

/** Keys for tests only: 32 bytes each, from a label. */
export function testKey(label: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(`test key ${label}`).digest());
}

export const TEST_KEYS = {
  signing: testKey('signing'),
  salt: testKey('salt'),
  blinding: testKey('blinding'),
  claim: testKey('claim'),
};

/** A header of any mode under the test operator's key. */
export function testHeader(mode: Mode, assets = mode === 'aggregate' ? 1 : 2, limbs = 6): Header {
  const priced = mode === 'margin';
  return {
    protocol: 'solvent/v1',
    operator: toHex(operatorKeyOf(TEST_KEYS.signing)),
    snapshot: `test-${mode}`,
    takenAt: '2026-10-31T00:00:00Z',
    mode,
    ...(mode === 'spot' ? {} : { unit: 'USD' }),
    ...(priced ? { priceScale: 2 } : {}),
    assets: Array.from({ length: assets }, (_, t) => ({
      symbol: mode === 'aggregate' ? 'USD' : `COIN${t}`,
      scale: 2,
      limbs,
      ...(priced ? { price: String(3 + t) } : {}),
    })),
  };
}

/**
 * A margin header with everything that haircuts have: tiers, pools with and without tiers, an asset that
 * counts wholly.
 */
export function haircutHeader(limbs = 2): Header {
  const priced = (symbol: string, price: number, more: Partial<Asset> = {}): Asset => ({
    symbol,
    scale: 2,
    limbs,
    price: String(price),
    ...more,
  });
  return {
    ...testHeader('margin'),
    snapshot: 'test-haircuts',
    assets: [
      priced('TIERED', 3, {
        tiers: [{ percent: 95, upTo: '700' }, { percent: 80, upTo: '3000' }, { percent: 10 }],
      }),
      priced('POOLED', 4, {
        pools: [
          { name: 'free', tiers: [{ percent: 0 }] },
          { name: 'margin', tiers: [{ percent: 100, upTo: '1000' }, { percent: 50 }] },
        ],
      }),
      priced('WHOLE', 5),
    ],
  };
}

export interface TestAccount {
  /** The account key. */
  readonly key: Uint8Array;
  /** Made from the key for the header's snapshot. */
  readonly id: Uint8Array;
  /** Inputs in the layout's order. */
  readonly amounts: readonly bigint[];
}

/** Accounts from a seed: their keys are hashes, their amounts small and solvent in every mode. */
export function testAccounts(header: Header, count: number, seed = 'a'): TestAccount[] {
  const { inputs } = layoutOf(header);
  const digest = headerDigest(header);
  return Array.from({ length: count }, (_, i) => {
    const key = new Uint8Array(createHash('sha256').update(`${seed} ${i}`).digest());
    return {
      key,
      id: accountId(digest, key),
      amounts: inputs.map(({ side }, v) => {
        const amount = BigInt(((key[v % 32]! << 8) | key[(v + 7) % 32]!) >>> 0);
        if (header.mode !== 'margin') return amount;
        // Debts are kept below the equities, haircuts included.
        return side === 'debt' ? amount % 256n : amount + 1024n;
      }),
    };
  });
}

/** The same, each amount in one limb of 11 bits: for a header of one limb an asset. */
export function oneLimbAccounts(header: Header, count: number, seed?: string): TestAccount[] {
  return testAccounts(header, count, seed).map((account) => ({
    ...account,
    amounts: account.amounts.map((amount) => amount % 2048n),
  }));
}

/** The same batches with what claim files are handed out by, as ingest gives it. */
export function withClaimMarks(
  header: Header,
  accounts: readonly Pick<TestAccount, 'key'>[],
  batches: readonly AccountBatch[],
): AccountBatch[] {
  const digest = headerDigest(header);
  let at = 0;
  return batches.map((batch) => {
    const of = accounts.slice(at, (at += batch.count));
    return { ...batch, claimMarks: concat(...of.map(({ key }) => claimMark(claimAccess(digest, key)))) };
  });
}

/** Cuts accounts into batches of `size`, in the order given. No account makes one empty batch. */
export function toBatches(
  accounts: readonly Pick<TestAccount, 'id' | 'amounts'>[],
  size = ACCOUNT_ROWS,
): AccountBatch[] {
  const batches: AccountBatch[] = [];
  for (let at = 0; at < Math.max(1, accounts.length); at += size) {
    const part = accounts.slice(at, at + size);
    const inputs = part[0]?.amounts.length ?? 0;
    const ids = new Uint8Array(32 * part.length);
    const amounts = new Uint32Array(part.length * inputs * AMOUNT_WORDS);
    part.forEach((account, row) => {
      ids.set(account.id, 32 * row);
      account.amounts.forEach((amount, v) => {
        for (let word = 0; word < AMOUNT_WORDS; word++)
          amounts[(row * inputs + v) * AMOUNT_WORDS + word] = Number(
            (amount >> BigInt(32 * word)) & 0xffffffffn,
          );
      });
    });
    batches.push({ count: part.length, ids, amounts });
  }
  return batches;
}
