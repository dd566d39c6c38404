import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkClaimFile, parseClaimFile } from '@solvent-por/claims';
import { SolventClient } from '@solvent-por/client';
import { hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { proofName, proveInclusions } from '@solvent-por/prover';
import { AuditLog, dropPrivateData } from '@solvent-por/services/database';
import { claimAccess, claimMark, headerDigest } from '@solvent-por/verifier';
import { provedSnapshot, storeSnapshot, type ProvedSnapshot } from '../../testing/proved-snapshot';
import { codesOf, TestGateway } from '../../testing/test-gateway';

const CLAIM_FILE = `query ($input: ClaimFileInput!) { claimFile(input: $input) { snapshot takenAt document documentDigest manifest { claimRoot claimKeys } } }`;
const KEYS = [`0x${'ab'.repeat(32)}`];

let harness: TestGateway;
let proved: ProvedSnapshot;
let plain: ProvedSnapshot;
let output: string;

beforeAll(async () => {
  plain = await provedSnapshot('without-claims', { accounts: 2, takenAt: '2026-09-30T00:00:00Z' });
  proved = await provedSnapshot('with-claims', { accounts: 5, claimKeys: KEYS, previous: plain.manifest });
  harness = await TestGateway.start();
  await storeSnapshot(harness.database, harness.keyring, plain);
  await storeSnapshot(harness.database, harness.keyring, proved);
  output = await mkdtemp(join(tmpdir(), 'solvent-claims-'));
});

afterAll(async () => {
  await harness?.close();
  if (output) await rm(output, { recursive: true });
});

const idOf = (account: number) => toHex(proved.accounts[account]!.id);
/** What the owner of an account shows beside its id. */
const accessTo = (account: number, { header, accounts } = proved) =>
  toHex(claimAccess(headerDigest(header), accounts[account]!.key));
const ask = (accountId: string, access: string, snapshotId = 'with-claims', gateway = harness) =>
  gateway.ask(CLAIM_FILE, { input: { snapshotId, accountId, access } });
const askOwn = (account: number) => ask(idOf(account), accessTo(account));

test('an account’s claim file is that of the command line, byte for byte, and leads to the published root', async () => {
  const ids = proved.accounts.map(({ id }) => id);
  await proveInclusions({ witness: proved.witness, ids, documents: 'claims', output, workers: 1 });
  const client = new SolventClient({ endpoint: `${harness.url}/graphql` });
  for (const [account, id] of ids.entries()) {
    const file = await readFile(join(output, proofName(id)), 'utf8');
    const answer = await askOwn(account);
    expect(answer.data!['claimFile']).toMatchObject({
      snapshot: 'with-claims',
      document: file,
      manifest: { claimRoot: proved.manifest.claimRoot, claimKeys: KEYS },
    });
    expect(() => checkClaimFile(parseClaimFile(utf8(file)), proved.manifest)).not.toThrow();
    const own = await client.ownAccount('with-claims', toHex(proved.accounts[account]!.key));
    expect(own).toMatchObject({ accountId: idOf(account), access: accessTo(account) });
    expect(await client.claimFile(own)).toMatchObject({ document: file });
  }
  // One tree for all of them, and nothing of them in the log.
  expect(harness.workers.claimTrees).toEqual([0]);
  const { claimKey } = JSON.parse(await readFile(join(output, proofName(ids[0]!)), 'utf8')) as {
    claimKey: string;
  };
  for (const secret of [claimKey, idOf(0), accessTo(0)])
    expect(harness.logged.join('')).not.toContain(secret.slice(2));
});

test('who asks for no account there is learns no more than from inclusionProof', async () => {
  for (const [account, snapshot] of [
    [`0x${'00'.repeat(32)}`, 'with-claims'],
    ['no id', 'with-claims'],
    [idOf(0), 'no-snapshot'],
    [toHex(proved.accounts[0]!.key), 'with-claims'],
  ] as const)
    expect(codesOf(await ask(account, accessTo(0), snapshot))).toEqual(['ACCOUNT_NOT_FOUND']);
});

test('who knows an account’s id alone, from an inclusion file say, gets no claim file, and learns no more than who knows none', async () => {
  const { message } = (await ask(`0x${'00'.repeat(32)}`, accessTo(0))).errors![0]!;
  const accesses = {
    'its id again': idOf(0),
    'another account’s': accessTo(1),
    'the same account’s in another snapshot': toHex(
      claimAccess(headerDigest(plain.header), proved.accounts[0]!.key),
    ),
    'its key': toHex(proved.accounts[0]!.key),
    'what is kept of it': toHex(claimMark(hexBytes(accessTo(0), 32))),
    'zeros, which malformed ones are compared as': `0x${'00'.repeat(32)}`,
    'a digit less': accessTo(0).slice(0, -1),
    nothing: '',
  };
  for (const [what, access] of Object.entries(accesses)) {
    const answer = await ask(idOf(0), access);
    expect({ what, data: answer.data, codes: codesOf(answer) }).toEqual({
      ...{ what, data: null, codes: ['ACCOUNT_NOT_FOUND'] },
    });
    expect(answer.errors![0]!.message).toBe(message);
  }
  // Asked for at the same time as by its owner, whose file is then made for both.
  const both = await Promise.all([ask(idOf(0), accessTo(1)), askOwn(0), ask(idOf(0), accessTo(1))]);
  expect(both.map(codesOf)).toEqual([['ACCOUNT_NOT_FOUND'], undefined, ['ACCOUNT_NOT_FOUND']]);
});

test('a snapshot without claims says so to every account, and what can be done', async () => {
  for (const account of [toHex(plain.accounts[0]!.id), `0x${'00'.repeat(32)}`]) {
    const answer = await ask(account, accessTo(0, plain), 'without-claims');
    expect(codesOf(answer)).toEqual(['CLAIMS_NOT_OFFERED']);
    expect(answer.errors![0]!.message).toContain('adds `claims` to the configuration');
  }
});

test('claim files are in the audit by key and hour, and in metrics by how they ended; never whose', async () => {
  await harness.restart({});
  const { id, key } = await harness.key('PARTNER');
  const headers = { authorization: `Bearer ${key}` };
  for (const access of [accessTo(0), accessTo(1)]) {
    const input = { snapshotId: 'with-claims', accountId: idOf(0), access };
    await harness.ask(CLAIM_FILE, { input }, headers);
  }
  const metrics = await harness.registry.metrics();
  for (const outcome of ['made', 'refused'])
    expect(metrics).toContain(`solvent_gateway_claim_files_total{outcome="${outcome}"} 1`);
  await harness.restart({});
  const lines = (await new AuditLog(harness.database).list({ first: 10 })).filter(
    ({ actor }) => actor === id,
  );
  expect(lines.map(({ action, details }) => [action, details])).toEqual([
    ['claim-files.count', { claimFiles: 2 }],
  ]);
});

test('it counts as a look-up', async () => {
  await harness.restart({ rates: { lookup: { address: 2, key: 2 } } });
  try {
    expect(codesOf(await askOwn(0))).toBeUndefined();
    expect(codesOf(await askOwn(1))).toBeUndefined();
    expect(codesOf(await askOwn(2))).toEqual(['RATE_LIMITED']);
  } finally {
    await harness.restart({});
  }
});

test('roots that were changed in the database, or lost, lead to no file; dropped with the private data, none is asked for', async () => {
  const { pool } = harness.database;
  // A thread that has the tree does not ask for roots: those of a gateway that starts anew do.
  const fresh = await TestGateway.start();
  try {
    await storeSnapshot(fresh.database, fresh.keyring, plain);
    await storeSnapshot(fresh.database, fresh.keyring, proved);
    const askFresh = () => ask(idOf(0), accessTo(0), 'with-claims', fresh);
    await fresh.database.pool.query(
      'UPDATE claim_roots SET roots = set_byte(roots, 9, get_byte(roots, 9) # 1)',
    );
    expect(codesOf(await askFresh())).toEqual(['INTERNAL']);
    await fresh.database.pool.query('DELETE FROM claim_roots');
    expect(codesOf(await askFresh())).toEqual(['INTERNAL']);
    expect(fresh.logged.join('')).toMatch(/CLAIM_SELF_CHECK[^]*STORED_DATA_MISSING/);
  } finally {
    await fresh.close();
  }
  await dropPrivateData(harness.database, 'with-claims');
  expect((await pool.query('SELECT FROM claim_roots')).rowCount).toBe(0);
  expect(codesOf(await askOwn(0))).toEqual(['PRIVATE_DATA_DROPPED']);
});
