import { toHex } from '@solvent-por/kzg';
import { manifestDigest } from '@solvent-por/verifier';
import { provedSnapshot, storeSnapshot, type ProvedSnapshot } from '../../testing/proved-snapshot';
import { TestGateway } from '../../testing/test-gateway';

const FINDINGS = 'checked { code message } notChecked { code message }';
const VERIFY = `mutation ($proof: JSON!, $id: String) { verifyInclusion(proof: $proof, accountId: $id) {
  valid code reason idChecked ${FINDINGS} snapshot takenAt manifestDigest values { amount } } }`;
const GLOBAL = `{ snapshot state batchesDone batchCount valid code reason ${FINDINGS} finishedAt }`;

let harness: TestGateway;
let proved: ProvedSnapshot;
let document: string;
let id: string;

beforeAll(async () => {
  proved = await provedSnapshot('october');
  harness = await TestGateway.start();
  await storeSnapshot(harness.database, harness.keyring, proved);
  id = toHex(proved.accounts[17]!.id);
  const { data } = await harness.ask(
    `{ inclusionProof(snapshotId: "october", accountId: "${id}") { document } }`,
  );
  document = (data!['inclusionProof'] as { document: string }).document;
});

afterAll(() => harness?.close());

const verify = async (proof: unknown, account?: string) => {
  const { data, errors } = await harness.ask(VERIFY, { proof, id: account });
  return errors ? errors[0]!.extensions['code'] : data!['verifyInclusion'];
};

test('a true proof, as text and as JSON', async () => {
  const values = proved.accounts[17]!.amounts.map((amount) => ({ amount: String(amount) }));
  for (const proof of [document, JSON.parse(document) as object])
    expect(await verify(proof, id)).toMatchObject({
      valid: true,
      idChecked: true,
      snapshot: 'october',
      manifestDigest: toHex(manifestDigest(proved.manifest)),
      values,
    });
  expect(await verify(document)).toMatchObject({
    valid: true,
    idChecked: false,
    checked: [
      { code: 'ACCOUNT_INCLUDED' },
      { code: 'PUBLISHED_MANIFEST', message: expect.stringContaining('published here') },
    ],
    notChecked: [
      { code: 'OPERATOR_KEY', message: expect.stringContaining('NOT checked') },
      { code: 'ACCOUNT_ID', message: expect.stringContaining('NOT checked') },
      { code: 'TOTALS', message: expect.stringContaining('NOT checked') },
    ],
  });
});

test('an id that is null is no id left out', async () => {
  const { errors } = await harness.ask(VERIFY, { proof: document, id: null });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'ID_MALFORMED' });
});

test('its tampered twins', async () => {
  const change = (part: object) => ({ ...(JSON.parse(document) as Record<string, unknown>), ...part });
  const false_ = async (proof: unknown, account: string, code: string) =>
    expect(await verify(proof, account)).toMatchObject({ valid: false, code, values: null, snapshot: null });
  await false_(document, toHex(proved.accounts[18]!.id), 'INCLUSION_ID');
  await false_(document, toHex(proved.accounts[17]!.key), 'INCLUSION_ID');
  const { values, row, openings } = JSON.parse(document) as {
    values: string[];
    row: number;
    openings: string[];
  };
  await false_(
    change({ values: [String(BigInt(values[0]!) + 1n), ...values.slice(1)] }),
    id,
    'INCLUSION_ROOT',
  );
  await false_(change({ row: row + 1 }), id, 'INCLUSION_ROOT');
  await false_(change({ openings: [openings[1], openings[0], openings[2]] }), id, 'INCLUSION_OPENING');
  // Of another harness: nothing can be said.
  expect(await verify(change({ manifest: `0x${'00'.repeat(32)}` }), id)).toBe('MANIFEST_UNKNOWN');
});

test('valid under a manifest of the configured operator alone', async () => {
  const operator = proved.manifest.header.operator;
  await harness.restart({ operator });
  expect(await verify(document, id)).toMatchObject({
    valid: true,
    checked: expect.arrayContaining([
      { code: 'OPERATOR_KEY', message: expect.stringContaining(operator) as string },
    ]) as unknown,
  });
  await harness.restart({ operator: `0x${'12'.repeat(32)}` });
  expect(await verify(document, id)).toMatchObject({
    valid: false,
    code: 'OPERATOR_UNEXPECTED',
    values: null,
    manifestDigest: null,
  });
  await harness.restart({});
});

test('what is no proof at all', async () => {
  expect(await verify(document, 'x')).toBe('ID_MALFORMED');
  expect(await verify({})).toBe('INCLUSION_MALFORMED');
  expect(await verify(`${document} `)).toBe('DOCUMENT_NOT_CANONICAL');
  expect(await verify(document.slice(0, -10))).toBe('DOCUMENT_MALFORMED');
  expect(await verify(5)).toBe('DOCUMENT_MALFORMED');
  expect(await verify('x'.repeat(65_537))).toBe('DOCUMENT_TOO_LARGE');
  const sum = `0x${'ff'.repeat(48)}`;
  expect(await verify({ ...(JSON.parse(document) as object), sum })).toBe('POINT_MALFORMED');
});

test('the global proof, verified once however often it is asked for; and the verdict stays', async () => {
  const start = `mutation { verifyGlobal(snapshotId: "october") ${GLOBAL} }`;
  expect((await harness.ask(`{ globalVerification(snapshotId: "october") ${GLOBAL} }`)).data).toEqual({
    globalVerification: null,
  });
  const started = await Promise.all(Array.from({ length: 5 }, () => harness.ask(start)));
  for (const { data } of started)
    expect(data!['verifyGlobal']).toMatchObject({ snapshot: 'october', batchCount: 3 });
  const state = await finished('october');
  expect(state).toMatchObject({ state: 'FINISHED', valid: true, code: null, batchesDone: 3 });
  expect(state).toMatchObject({
    checked: [{ code: 'PROOFS' }, { code: 'TOTALS' }],
    notChecked: [
      { code: 'OPERATOR_KEY', message: expect.stringContaining('NOT checked') },
      { code: 'CHAIN' },
      { code: 'SAME_FOR_ALL' },
    ],
  });
  expect((await harness.ask(start)).data!['verifyGlobal']).toEqual(state);
  const metric = await harness.registry.getSingleMetric('solvent_gateway_verify_global_seconds')!.get();
  expect(metric.values[0]!.value).toBeGreaterThan(0);
  expect(
    (await harness.ask('mutation { verifyGlobal(snapshotId: "nowhere") { state } }')).errors![0]!.extensions[
      'code'
    ],
  ).toBe('SNAPSHOT_NOT_FOUND');
});

test.each([
  [
    'proof',
    `UPDATE proof SET proof = convert_to(replace(convert_from(proof, 'UTF8'), '"first":2', '"first":1'), 'UTF8') WHERE first = 2`,
  ],
  [
    'sum',
    'UPDATE tree_node SET sum = (SELECT sum FROM tree_node WHERE start = 0 AND size = 1) WHERE start = 1 AND size = 1',
  ],
])('a %s that somebody changed in the database is found out', async (_what, change) => {
  const damaged = await TestGateway.start();
  try {
    await storeSnapshot(damaged.database, damaged.keyring, proved);
    await damaged.database.pool.query(change);
    await damaged.ask(`mutation { verifyGlobal(snapshotId: "october") { state } }`);
    const state = await finished('october', damaged);
    expect(state).toMatchObject({ state: 'FINISHED', valid: false });
    expect(state['code']).toMatch(/^(BATCH|GLOBAL|PROOF)_/);
  } finally {
    await damaged.close();
  }
});

async function finished(snapshot: string, at = harness): Promise<Record<string, unknown>> {
  for (;;) {
    const { data } = await at.ask(`{ globalVerification(snapshotId: "${snapshot}") ${GLOBAL} }`);
    const state = data!['globalVerification'] as Record<string, unknown>;
    if ((state['state'] as string) !== 'RUNNING') return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
