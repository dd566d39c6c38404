import { RequestKey } from './request-key';

const key = RequestKey.parse(`0x${'33'.repeat(32)}`);
const other = RequestKey.parse(`0x${'34'.repeat(32)}`);
const asked = {
  snapshotId: 'november-2026',
  attempt: 2,
  config: { mode: 'spot', assets: [{ symbol: 'BTC', scale: 8 }], unit: undefined },
  header: { snapshot: 'november-2026', takenAt: '2026-11-30T00:00:00Z' },
  source: 'november/accounts',
  requestedBy: 'ops',
};
const plan = {
  ...{ snapshotId: 'november-2026', attempt: 2, sourceDigest: `0x${'5'.repeat(64)}` },
  ...{ accounts: 9_000, batchesPerProof: 2, batchCount: 3 },
};
const row = {
  ...asked,
  ...plan,
  id: asked.snapshotId,
  // As a column of JSON gives it back: without what is undefined, in any order.
  config: { assets: [{ scale: 8, symbol: 'BTC' }], mode: 'spot' },
  sourceDigest: new Uint8Array(Buffer.from('5'.repeat(64), 'hex')),
  requestMac: new Uint8Array(key.requestMac(asked)),
  planMac: new Uint8Array(key.planMac(plan)),
};

test('what was asked for and what ingest found are known again', () => {
  expect(() => key.checkRequest(row)).not.toThrow();
  expect(() => key.checkPlan(row)).not.toThrow();
  const bundle = { snapshotId: 'november-2026', requestedBy: null };
  expect(() => key.checkBundle({ ...bundle, requestMac: key.bundleMac(bundle) })).not.toThrow();
});

test.each<[string, object]>([
  ['another snapshot', { id: 'december-2026' }],
  ['another attempt', { attempt: 3 }],
  ['another configuration', { config: { ...row.config, mode: 'margin' } }],
  ['another header', { header: { ...row.header, takenAt: '2026-12-31T00:00:00Z' } }],
  ['another source', { source: 'december/accounts' }],
  ['another asker', { requestedBy: 'mallory' }],
  ['nobody', { requestedBy: null }],
  ['the MAC of a plan', { requestMac: row.planMac }],
  ['half a MAC', { requestMac: row.requestMac.subarray(16) }],
  ['no MAC', { requestMac: null }],
])('%s: the request is not ours', (_, change) => {
  const forged = expect.objectContaining({ code: 'REQUEST_FORGED', kind: 'invalid' }) as Error;
  expect(() => key.checkRequest({ ...row, ...change })).toThrow(forged);
  expect(() => other.checkRequest(row)).toThrow(forged);
});

test.each<[string, object]>([
  ['another snapshot', { id: 'december-2026' }],
  ['another attempt', { attempt: 1 }],
  ['another source', { sourceDigest: new Uint8Array(32) }],
  ['fewer accounts', { accounts: 8_999 }],
  ['other jobs', { batchesPerProof: 1 }],
  ['fewer batches', { batchCount: 2 }],
  ['no plan yet', { batchCount: null }],
  ['the MAC of a request', { planMac: row.requestMac }],
  ['no MAC', { planMac: null }],
])('%s: the plan is not ours', (_, change) => {
  const forged = expect.objectContaining({ code: 'PLAN_FORGED', kind: 'invalid' }) as Error;
  expect(() => key.checkPlan({ ...row, ...change })).toThrow(forged);
});

test('a malformed key is refused, and not repeated', () => {
  const parse = () => RequestKey.parse(`0x${'AB'.repeat(32)}`);
  expect(parse).toThrow(expect.objectContaining({ code: 'REQUEST_KEY_MALFORMED', kind: 'usage' }));
  expect(parse).not.toThrow('AB');
});
