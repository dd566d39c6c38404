import { R } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { lineContext, proofLine, verifyProofLine, type Asset, type Header } from '@solvent-por/verifier';
import { laxSnapshot, testHeader, verifyFile } from '@solvent-por/dev/proofs';

/**
 * Headers beyond the bounds of section 4, proved, closed and signed as if they were ones: every equation of
 * the file holds, and the header's form alone refuses it. Some of the accounts owe more than they hold.
 */
const kzg = nativeVerifier();

interface Case {
  readonly mode?: 'spot' | 'margin';
  readonly asset: Partial<Asset>;
  /** Of one account: equity, and debt in margin. */
  readonly amounts: readonly bigint[];
  /** Puts all equity into this tier, whatever fits below it. */
  readonly tier?: number;
  readonly member: string;
}

const cases: [string, Case][] = [
  [
    'a price of −1 mod r: whoever owes is solvent',
    { asset: { price: String(R - 1n) }, amounts: [5n, 900n], member: 'price' },
  ],
  ['a price of 2^64', { asset: { price: String(1n << 64n) }, amounts: [900n, 5n], member: 'price' }],
  ['a price of 0: debts count for nothing', { asset: { price: '0' }, amounts: [5n, 900n], member: 'price' }],
  [
    'more than a hundred percent',
    { asset: { tiers: [{ percent: 101 }] }, amounts: [1000n, 1009n], member: 'tiers[0].percent' },
  ],
  [
    'percentages that rise: filled from the top, equity counts for more than in order',
    {
      asset: { tiers: [{ percent: 10, upTo: '500' }, { percent: 90 }] },
      ...{ amounts: [1000n, 900n], tier: 1, member: 'tiers[1].percent' },
    },
  ],
  [
    'percentages that do not fall',
    {
      asset: { tiers: [{ percent: 50, upTo: '500' }, { percent: 50 }] },
      ...{ amounts: [1000n, 500n], member: 'tiers[1].percent' },
    },
  ],
  [
    'limits that do not rise',
    {
      asset: { tiers: [{ percent: 90, upTo: '500' }, { percent: 80, upTo: '500' }, { percent: 1 }] },
      ...{ amounts: [1000n, 455n], member: 'tiers[1].upTo' },
    },
  ],
  [
    'a limit beyond the limbs of its asset',
    {
      asset: { limbs: 1, tiers: [{ percent: 90, upTo: '2048' }, { percent: 80 }] },
      ...{ amounts: [2000n, 1800n], member: 'tiers[0].upTo' },
    },
  ],
  [
    'one pool alone',
    {
      asset: { pools: [{ name: 'margin', tiers: [{ percent: 90 }] }] },
      ...{ amounts: [1000n, 900n], member: 'pools' },
    },
  ],
  ['seven limbs', { mode: 'spot', asset: { limbs: 7 }, amounts: [1n << 63n], member: 'limbs' }],
];

test.each(cases)('%s', async (_, { mode = 'margin', asset, amounts, tier, member }) => {
  const plain = testHeader(mode, 1, 2);
  const header: Header = { ...plain, assets: [{ ...plain.assets[0]!, ...asset }] };
  const snapshot = await laxSnapshot(header, amounts, tier);
  await expect(verifyFile(snapshot.file)).rejects.toMatchObject({
    code: 'HEADER_MALFORMED',
    kind: 'malformed',
    details: { member: `header.assets[0].${member}` },
  });
  const context = lineContext(snapshot.manifest, kzg);
  expect(verifyProofLine(proofLine(snapshot.summed[0]!), context)).toMatchObject({ valid: true });
});
