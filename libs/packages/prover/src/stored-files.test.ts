import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, encodePoints, G1_BASE, G1_ZERO, toHex, utf8 } from '@solvent-por/kzg';
import { layoutOf } from '@solvent-por/verifier';
import { testAccounts, testHeader, testKey, toBatches } from '@solvent-por/dev/proofs';
import type { Origin } from '@solvent-por/snapshot/files';
import fc from 'fast-check';
import { AccountIndex, AccountIndexWriter } from './account-index';
import { decodeBatchDigests, encodeBatchDigests } from './batch-digests';
import { decodeLeaves, encodeLeaves, packLeaf } from './leaves-file';
import { headerOrigin } from './origin';
import { decodeProofFile, encodeProofFile } from './proof-file';
import { decodeStoredBatch, encodeStoredBatch, type StoredBatch } from './witness-file';

/** The files an operator keeps: what was written is read, anything else is refused. */
const folder = mkdtempSync(join(tmpdir(), 'solvent-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const damaged = expect.objectContaining({ code: 'WITNESS_FILE_DAMAGED', kind: 'invalid' }) as Error;
const foreign = expect.objectContaining({ code: 'WITNESS_FILE_FOREIGN', kind: 'invalid' }) as Error;
const origin: Origin = { snapshot: 'nov-2026', takenAt: '2026-11-30T00:00:00Z', digest: testKey('this') };
const lastMonth: Origin = { snapshot: 'oct-2026', takenAt: '2026-10-31T00:00:00Z', digest: testKey('last') };

/** Each of these is another file than the one given. */
const alterations = (length: number) =>
  fc.oneof(
    fc
      .record({ at: fc.nat(length - 1), bits: fc.integer({ min: 1, max: 255 }) })
      .map(({ at, bits }) => (file: Uint8Array) => {
        const copy = file.slice();
        copy[at]! ^= bits;
        return copy;
      }),
    fc.nat(length - 1).map((end) => (file: Uint8Array) => file.slice(0, end)),
    fc.uint8Array({ minLength: 1, maxLength: 64 }).map((more) => (file: Uint8Array) => concat(file, more)),
  );

describe("a batch's witness", () => {
  const header = testHeader('aggregate');
  const [layout, own] = [layoutOf(header), headerOrigin(header)];
  const count = 3;
  const [accounts] = toBatches(testAccounts(header, count));
  const reserved = Array.from({ length: 16 }, (_, i) => BigInt(i) ** 40n);
  const stored: StoredBatch = {
    batch: 7,
    accounts: { ...accounts!, amounts: accounts!.amounts.map((word, i) => (i === 2 ? 0xfedcba98 : word)) },
    salts: new Uint8Array(32 * count).fill(5),
    unusedLeaves: new Uint8Array(32 * (4080 - count)).fill(6),
    openingSeed: testKey('seed'),
    reservedSums: [reserved, [...reserved].reverse()],
  };
  const file = encodeStoredBatch(stored, own);

  test('writing and reading gives the same', () => {
    expect(decodeStoredBatch(file, layout, own, 7)).toEqual(stored);
    expect(decodeStoredBatch(Buffer.from(file), layout, own, 7).accounts.amounts).toEqual(
      stored.accounts.amounts,
    );
  });

  test('its part of the claim tree comes along, or none', () => {
    const [keys, leaves] = [new Uint8Array(31 * count).fill(7), new Uint8Array(32 * 4080).fill(8)];
    const claims = { keys, leaves, root: testKey('root') };
    const whole = encodeStoredBatch({ ...stored, claims }, own);
    expect(decodeStoredBatch(whole, layout, own, 7)).toEqual({ ...stored, claims });
    expect(decodeStoredBatch(file, layout, own, 7).claims).toBeUndefined();
  });

  test('of another snapshot or batch', () => {
    expect(() => decodeStoredBatch(file, layout, own, 8)).toThrow(foreign);
    expect(() => decodeStoredBatch(file, layout, lastMonth, 7)).toThrow(foreign);
  });

  test('of another layout: its length is wrong', () => {
    expect(() => decodeStoredBatch(file, layoutOf(testHeader('spot', 3)), own, 7)).toThrow(damaged);
  });

  test('damaged in any way', () => {
    expect(() => decodeStoredBatch(new Uint8Array(0), layout, own, 7)).toThrow(damaged);
    fc.assert(
      fc.property(alterations(file.length), (alter) => {
        expect(() => decodeStoredBatch(alter(file), layout, own, 7)).toThrow(damaged);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the tree's leaves", () => {
  const point = G1_BASE.double();
  const leaves = [
    { accounts: testKey('a'), sum: point },
    { accounts: testKey('b'), sum: G1_ZERO },
    { accounts: testKey('c'), sum: point.negate().add(G1_BASE) },
  ];
  const file = encodeLeaves(concat(...leaves.map(packLeaf)), origin);

  test('writing and reading gives the same', () => {
    const plain = (list: typeof leaves) =>
      list.map(({ accounts, sum }) => [accounts, ...encodePoints([sum])].map(toHex));
    expect(plain(decodeLeaves(file, origin) as typeof leaves)).toEqual(plain(leaves));
  });

  test('of another snapshot, or damaged in any way', () => {
    expect(() => decodeLeaves(file, lastMonth)).toThrow(foreign);
    fc.assert(
      fc.property(alterations(file.length), (alter) => {
        expect(() => decodeLeaves(alter(file), origin)).toThrow(damaged);
      }),
      { numRuns: 60 },
    );
  });
});

test('a proof on disk: what was written is read, anything else is damaged', () => {
  const kept = { proof: utf8('{"first":3}'), batches: [testKey('one'), testKey('two')] };
  const file = encodeProofFile(kept, origin, 3);
  expect(decodeProofFile(file, origin, 3)).toEqual(kept);
  const refusal = expect.objectContaining({ code: 'PROOF_FILE_DAMAGED', details: { first: 3 } }) as Error;
  expect(() => decodeProofFile(file, lastMonth, 3)).toThrow(refusal);
  expect(() => decodeProofFile(encodeProofFile(kept, origin, 4), origin, 3)).toThrow(refusal);
  expect(() => decodeProofFile(kept.proof, origin, 3)).toThrow(refusal);
  fc.assert(
    fc.property(alterations(file.length), (alter) =>
      expect(() => decodeProofFile(alter(file), origin, 3)).toThrow(refusal),
    ),
  );
});

test('which batches belong to a manifest', () => {
  const digests = [testKey('one'), testKey('two')];
  const file = encodeBatchDigests(digests, origin);
  expect(decodeBatchDigests(file, origin)).toEqual(digests);
  expect(() => decodeBatchDigests(file, lastMonth)).toThrow(foreign);
  expect(() => decodeBatchDigests(file.slice(0, -1), origin)).toThrow(damaged);
});

describe('the index of accounts', () => {
  const header = testHeader('spot', 1);
  const accounts = testAccounts(header, 700);
  const batches = toBatches(accounts, 300);

  async function write(given = batches): Promise<AccountIndex> {
    const writer = new AccountIndexWriter(folder);
    try {
      for (const [batch, rows] of given.entries()) await writer.add(batch, rows);
      await writer.finish(origin);
    } finally {
      await writer.close();
    }
    return AccountIndex.open(folder, origin);
  }

  test('finds every account where it is, and no other', async () => {
    const index = await write();
    for (const [i, { id }] of accounts.entries())
      expect(await index.find(id)).toEqual([{ batch: Math.floor(i / 300), row: i % 300 }]);
    expect(await index.find(testKey('nobody'))).toEqual([]);
    await index.close();
    expect(readdirSync(folder)).toEqual(['index.bin']);
    expect(statSync(join(folder, 'index.bin')).mode & 0o777).toBe(0o600);
  });

  test('refuses an id that stands twice, and names both rows', async () => {
    const again = { ...batches[1]!, count: 1, ids: accounts[5]!.id, amounts: new Uint32Array(0) };
    await expect(write([...batches, again])).rejects.toMatchObject({
      code: 'ACCOUNT_REPEATED',
      kind: 'invalid',
      message: expect.stringMatching(/row 5 of batch 0 and row 0 of batch 3/) as string,
    });
  });

  test('of nobody', async () => {
    const index = await write([]);
    expect(await index.find(accounts[0]!.id)).toEqual([]);
    await index.close();
  });

  test('the largest batch and row fit', async () => {
    const writer = new AccountIndexWriter(folder);
    // The row's number in every id.
    const ids = new Uint8Array(32 * 4080).map((_, i) => (i % 2 ? i >> 5 : i >> 13));
    await writer.add(65_535, {
      count: 4080,
      ids,
      amounts: new Uint32Array(0),
    });
    await writer.finish(origin);
    await writer.close();
    const index = await AccountIndex.open(folder, origin);
    expect(await index.find(ids.slice(-32))).toContainEqual({ batch: 65_535, row: 4079 });
    await index.close();
  });

  test('cut off, or not there', async () => {
    await (await write()).close();
    for (const size of [22 * 700 - 5, 22, 0]) {
      truncateSync(join(folder, 'index.bin'), size);
      await expect(AccountIndex.open(folder, origin)).rejects.toThrow(damaged);
    }
    await expect(AccountIndex.open(join(folder, 'nowhere'), origin)).rejects.toMatchObject({
      code: 'WITNESS_MISSING',
      kind: 'usage',
    });
  });

  test("last month's as a whole is foreign, not a place where nobody is", async () => {
    await (await write()).close();
    await expect(AccountIndex.open(folder, lastMonth)).rejects.toThrow(foreign);
  });

  test('a bit changed anywhere is damaged, never a wrong place or none', async () => {
    await (await write()).close();
    const file = join(folder, 'index.bin');
    const bytes = readFileSync(file);
    for (let at = 0; at < bytes.length; at += 97) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      writeFileSync(file, changed);
      const look = async () => {
        const index = await AccountIndex.open(folder, origin);
        try {
          return await index.find(accounts[5]!.id);
        } finally {
          await index.close();
        }
      };
      await expect(look()).rejects.toThrow(damaged);
    }
  });

  test('of more accounts than have one digest', async () => {
    const count = 3 * 4080;
    const many = toBatches(testAccounts(header, count));
    const index = await write(many);
    for (const batch of [0, 1, 2])
      for (let row = 0; row < 4080; row += 509)
        expect(await index.find(many[batch]!.ids.subarray(32 * row, 32 * row + 32))).toEqual([
          { batch, row },
        ]);
    await index.close();
  });
});
