import { publications, vectors, type OwnershipVector } from '../testing/vectors';
import { parsePricesFile } from './verify/prices';
import { verifyEvidence } from './verify-evidence';

const utf8 = (text: string) => new TextEncoder().encode(text);
const verify = (evidence: unknown, options = {}) => verifyEvidence(utf8(JSON.stringify(evidence)), options);

const ownership = ['okx-vectors.json', 'bip322-vectors.json', 'evm-message-vectors.json']
  .flatMap((file) => vectors<{ readonly vectors: readonly OwnershipVector[] }>(file).vectors)
  .filter(({ evidence }) => evidence !== undefined);

test('evidence of ownership is judged from its JSON', () => {
  for (const { evidence, expected } of ownership)
    expect(verify(evidence)).toMatchObject({ verdict: expected });
});

interface Proof {
  readonly id: string;
  readonly source: string;
  readonly network: string;
  readonly block: string;
  readonly amount: string;
  readonly expected: string;
}
const { proofs } = vectors<{ readonly proofs: readonly Proof[] }>('evm-proofs.json');
const evidenceOf = ({ id: _, source: _s, network: _n, expected: _e, ...evidence }: Proof) => evidence;

test.each(proofs)('$id: a balance, its block confirmed by a hash from elsewhere alone', (proof) => {
  const evidence = evidenceOf(proof);
  expect(verify(evidence)).toEqual({ verdict: 'right', block: 'unconfirmed' });
  expect(verify(evidence, { block: proof.block })).toEqual({ verdict: 'right', block: 'confirmed' });
  expect(verify(evidence, { block: `0x${'11'.repeat(32)}` })).toMatchObject({ verdict: 'wrong' });
  expect(verify({ ...evidence, amount: `${BigInt(proof.amount) + 1n}` })).toMatchObject({ verdict: 'wrong' });
  expect(verify({ ...evidence, amount: Number(proof.amount) })).toMatchObject({ verdict: 'malformed' });
  expect(verify({ ...evidence, height: '1' })).toMatchObject({ verdict: 'wrong' });
  expect(verify({ ...evidence, network: 'eip155:1' })).toMatchObject({ verdict: 'malformed' });
});

test('a token with other code than the rule says, and a bit that says frozen', () => {
  const large = proofs.find(({ id }) => id === 'geth-token1-0x27550286')!;
  const evidence = evidenceOf(large) as Readonly<Record<string, unknown>>;
  const other = { slot: '2', code: [`0x${'11'.repeat(32)}`] };
  expect(verify({ ...evidence, rule: other })).toMatchObject({ verdict: 'wrong' });
  const amount = (BigInt(large.amount) & ((1n << 127n) - 1n)).toString();
  expect(verify({ ...evidence, rule: { slot: '2', bits: 127 }, amount })).toEqual({
    ...{ verdict: 'right', block: 'unconfirmed', frozen: true },
  });
});

const compared = publications().filter(({ report }) => report.solvency !== undefined);

test.each(compared)('$name: sums against the manifest, as the report compares them', (publication) => {
  const { assets, solvency } = publication.report as {
    readonly assets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly solvency: unknown;
  };
  const { attested, unit, priceScale } = JSON.parse(publication.file('reserves.json')) as Record<
    string,
    unknown
  >;
  const { prices } = publication.args;
  const evidence = {
    manifest: JSON.parse(publication.file('manifest.json')) as unknown,
    assets: Object.fromEntries(
      Object.entries(assets).map(([symbol, { named: _, layer2: _l, ...sums }]) => [symbol, sums]),
    ),
    ...{ attested, unit, priceScale },
  };
  const own = prices && { prices: parsePricesFile(JSON.parse(publication.file(prices))) };
  expect(verify(evidence, own)).toEqual({ verdict: 'right', solvency });
});

test.each([
  ['a member twice', '{"network":"bitcoin","network":"bitcoin","address":"","message":"","ownership":{}}'],
  [
    'a member twice, once escaped',
    '{"network":"bitcoin","netw\\u006frk":"bitcoin","address":"","message":"","ownership":{}}',
  ],
  ['too deep', `${'['.repeat(17)}${']'.repeat(17)}`],
  ['no object', '[]'],
  ['no JSON', '{'],
  ['of no kind', '{"network":"bitcoin"}'],
])('%s: malformed', (_, text) => {
  expect(verifyEvidence(utf8(text))).toMatchObject({ verdict: 'malformed' });
});
