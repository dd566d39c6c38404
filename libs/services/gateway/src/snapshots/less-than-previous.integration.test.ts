import { toHex, utf8 } from '@solvent-por/kzg';
import { operatorKeyOf, signManifest } from '@solvent-por/prover';
import {
  canonicalJson,
  headerDigest,
  layoutOf,
  lossesBetween,
  manifestDigest,
  type Header,
  type Manifest,
} from '@solvent-por/verifier';
import { haircutHeader, TEST_KEYS, testHeader } from '@solvent-por/dev/proofs';
import { TestGateway } from '../../testing/test-gateway';

const LOSS = 'lessThanPrevious { code message symbol pool pools before after first last count }';
const ZERO = `0x${'00'.repeat(32)}`;

let harness: TestGateway;
beforeAll(async () => {
  harness = await TestGateway.start();
});
afterAll(() => harness?.close());
beforeEach(() => harness.database.pool.query('DELETE FROM snapshot'));

/** A manifest of which only what it says is looked at. */
function manifest(
  header: Header,
  previous: Manifest | undefined,
  seed: Uint8Array = TEST_KEYS.signing,
): Manifest {
  return signManifest(
    {
      protocol: 'solvent/v1',
      header,
      batchCount: 1,
      columns: ZERO,
      root: ZERO,
      totals: layoutOf(header).published.map(() => '0'),
      totalsOpening: `0xc0${'00'.repeat(47)}`,
      claimRoot: null,
      claimKeys: null,
      previous: previous ? toHex(manifestDigest(previous)) : null,
    },
    seed,
  );
}

async function publish(published: Manifest): Promise<void> {
  const { header, previous } = published;
  await harness.database.prisma.snapshot.create({
    data: {
      id: header.snapshot,
      state: 'PUBLISHED',
      config: {},
      header: JSON.parse(canonicalJson(header)) as object,
      headerDigest: Buffer.from(headerDigest(header)),
      takenAt: new Date(header.takenAt),
      source: 'balances',
      sourceDigest: Buffer.alloc(32, 5),
      accounts: 1,
      batchesPerProof: 1,
      batchCount: 1,
      manifest: Buffer.from(utf8(canonicalJson(published))),
      manifestDigest: Buffer.from(manifestDigest(published)),
      previousDigest: previous === null ? null : Buffer.from(previous.slice(2), 'hex'),
      publishedAt: new Date(),
    },
  });
}

/** Each names the one before it, in the order of time. */
async function publishChain(headers: readonly Header[]): Promise<Manifest[]> {
  const chain: Manifest[] = [];
  for (const header of headers) chain.push(manifest(header, chain.at(-1)));
  for (const each of chain) await publish(each);
  return chain;
}

const lessOf = async (id: string) => {
  const query = `query ($id: String!) { snapshot(id: $id) { manifest { ${LOSS} } } }`;
  const { data, errors } = await harness.ask(query, { id });
  expect(errors).toBeUndefined();
  return (data!['snapshot'] as { manifest: { lessThanPrevious: unknown } }).manifest.lessThanPrevious;
};

test('a snapshot names what it shows less than the one before it, skipped months too', async () => {
  const january = { ...testHeader('spot', 2), snapshot: 'january', takenAt: '2026-01-31T00:00:00Z' };
  const assets = [{ ...january.assets[0]!, scale: 1 }];
  const april = { ...january, snapshot: 'april', takenAt: '2026-04-30T00:00:00Z', assets };
  const [first, second] = await publishChain([
    january,
    april,
    { ...april, snapshot: 'may', takenAt: '2026-05-31T00:00:00Z' },
  ]);
  expect(await lessOf('january')).toBeNull();
  const losses = await lessOf('april');
  expect(losses).toMatchObject([
    { code: 'SCALE_COARSER', symbol: 'COIN0', before: '2', after: '1', pools: null },
    { code: 'ASSET_DROPPED', symbol: 'COIN1', before: null, count: null },
    { code: 'MONTHS_SKIPPED', first: '2026-02', last: '2026-03', count: 2, symbol: null },
  ]);
  const messages = lossesBetween(first!, second!).map(({ message }) => message);
  expect((losses as { message: string }[]).map(({ message }) => message)).toEqual(messages);
  expect(await lessOf('may')).toEqual([]);
});

test('haircuts and pools that are gone, and a weaker mode', async () => {
  const october = { ...haircutHeader(), snapshot: 'october' };
  const [tiered, pooled, whole] = october.assets;
  const { pools: _, ...unpooled } = pooled!;
  const more = { ...tiered!, tiers: [{ percent: 96 }] };
  const november = {
    ...october,
    snapshot: 'november',
    takenAt: '2026-11-30T00:00:00Z',
    assets: [more, unpooled, whole!],
  };
  const december = {
    ...testHeader('aggregate'),
    snapshot: 'december',
    takenAt: '2026-12-31T00:00:00Z',
  };
  await publishChain([october, november, december]);
  expect(await lessOf('november')).toMatchObject([
    { code: 'HAIRCUT_SMALLER', symbol: 'TIERED', pool: null },
    { code: 'POOLS_DROPPED', symbol: 'POOLED', pools: ['free', 'margin'] },
    { code: 'HAIRCUTS_DROPPED', symbol: 'POOLED', pools: null },
  ]);
  expect(await lessOf('december')).toMatchObject([
    { code: 'MODE_WEAKER', before: 'margin', after: 'aggregate' },
  ]);
});

test('a previous manifest that was not published here leaves nothing to compare with', async () => {
  const header = { ...testHeader('spot', 1), snapshot: 'november', takenAt: '2026-11-30T00:00:00Z' };
  const before = manifest(testHeader('spot', 2), undefined);
  await publish(manifest(header, before));
  expect(await lessOf('november')).toBeNull();
});

test('a chain under a new key is said to be one', async () => {
  const [october, bad] = await publishChain([
    { ...testHeader('spot', 2), snapshot: 'october', takenAt: '2026-10-31T00:00:00Z' },
    { ...testHeader('spot', 2), snapshot: 'bad', takenAt: '2062-11-30T00:00:00Z' },
  ]);
  const seed = new Uint8Array(32).fill(77);
  const operator = toHex(operatorKeyOf(seed));
  const header = {
    ...testHeader('spot', 1),
    operator,
    snapshot: 'november',
    takenAt: '2026-11-30T00:00:00Z',
  };
  const november = manifest(header, october, seed);
  await publish(november);
  await publish(
    manifest({ ...header, snapshot: 'december', takenAt: '2026-12-31T00:00:00Z' }, november, seed),
  );
  await harness.restart({ operator });
  const { data } = await harness.ask(
    '{ manifests(first: 9) { nodes { snapshot formerOperator } } latestSnapshot { id } }',
  );
  expect(data).toEqual({
    manifests: {
      nodes: [
        { snapshot: 'october', formerOperator: null },
        { snapshot: 'november', formerOperator: bad!.header.operator },
        { snapshot: 'december', formerOperator: null },
        { snapshot: 'bad', formerOperator: null },
      ],
    },
    // Not the one of 2062.
    latestSnapshot: { id: 'december' },
  });
  expect(await lessOf('november')).toMatchObject([{ code: 'ASSET_DROPPED' }]);
});

test('a page of manifests reads those before them at once, and what is asked twice once', async () => {
  const months = Array.from({ length: 12 }, (_, month) => ({
    ...testHeader('spot', 2),
    snapshot: `s${month}`,
    takenAt: `2026-${String(month + 1).padStart(2, '0')}-28T00:00:00Z`,
  }));
  await publishChain(months);
  const nodes = 'nodes { snapshot lessThanPrevious { code } again: lessThanPrevious { code } }';
  const queries = harness.countQueries();
  const { data } = await harness.ask(`{ manifests(first: 50) { ${nodes} } }`);
  // The page, and what lies before each of it.
  expect(queries.stop()).toBe(2);
  expect((data!['manifests'] as { nodes: unknown }).nodes).toEqual(
    months.map(({ snapshot }, month) => ({
      snapshot,
      lessThanPrevious: month === 0 ? null : [],
      again: month === 0 ? null : [],
    })),
  );
});

test('asking for it costs: 50 manifests are asked for it a few times, not a hundred', async () => {
  const aliases = Array.from({ length: 5 }, (_, i) => `a${i}: lessThanPrevious { code }`).join(' ');
  const { errors } = await harness.ask(`{ manifests(first: 50) { nodes { ${aliases} } } }`);
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
});
