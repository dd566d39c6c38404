import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkClaimFile, parseClaimFile } from '@solvent-por/claims';
import { SolventClient } from '@solvent-por/client';
import { toHex, utf8 } from '@solvent-por/kzg';
import { proofName, proveInclusions } from '@solvent-por/prover';
import { dropPrivateData } from '@solvent-por/services/database';
import { provedSnapshot, storeSnapshot, type ProvedSnapshot } from '../../testing/proved-snapshot';
import { codesOf, TestGateway } from '../../testing/test-gateway';

const CLAIM_FILE = `query ($s: String!, $a: String!) { claimFile(snapshotId: $s, accountId: $a) { snapshot takenAt document documentDigest manifest { claimRoot claimKeys } } }`;
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
const ask = (account: string, snapshot = 'with-claims') =>
  harness.ask(CLAIM_FILE, { s: snapshot, a: account });

test('an account’s claim file is that of the command line, byte for byte, and leads to the published root', async () => {
  const ids = proved.accounts.map(({ id }) => id);
  await proveInclusions({ witness: proved.witness, ids, documents: 'claims', output, workers: 1 });
  const client = new SolventClient({ endpoint: `${harness.url}/graphql` });
  for (const [account, id] of ids.entries()) {
    const file = await readFile(join(output, proofName(id)), 'utf8');
    const answer = await ask(idOf(account));
    expect(answer.data!['claimFile']).toMatchObject({
      snapshot: 'with-claims',
      document: file,
      manifest: { claimRoot: proved.manifest.claimRoot, claimKeys: KEYS },
    });
    expect(() => checkClaimFile(parseClaimFile(utf8(file)), proved.manifest)).not.toThrow();
    expect(await client.claimFile('with-claims', idOf(account))).toMatchObject({ document: file });
  }
  // One tree for all of them, and nothing of them in the log.
  expect(harness.workers.claimTrees).toEqual([0]);
  const { claimKey } = JSON.parse(await readFile(join(output, proofName(ids[0]!)), 'utf8')) as {
    claimKey: string;
  };
  for (const secret of [claimKey, idOf(0)]) expect(harness.logged.join('')).not.toContain(secret.slice(2));
});

test('who asks for no account there is learns no more than from inclusionProof', async () => {
  for (const [account, snapshot] of [
    [`0x${'00'.repeat(32)}`, 'with-claims'],
    ['no id', 'with-claims'],
    [idOf(0), 'no-snapshot'],
    [toHex(proved.accounts[0]!.key), 'with-claims'],
  ] as const)
    expect(codesOf(await ask(account, snapshot))).toEqual(['ACCOUNT_NOT_FOUND']);
});

test('a snapshot without claims says so to every account, and what can be done', async () => {
  for (const account of [toHex(plain.accounts[0]!.id), `0x${'00'.repeat(32)}`]) {
    const answer = await ask(account, 'without-claims');
    expect(codesOf(answer)).toEqual(['CLAIMS_NOT_OFFERED']);
    expect(answer.errors![0]!.message).toContain('adds `claims` to the configuration');
  }
});

test('it counts as a look-up', async () => {
  await harness.restart({ rates: { lookup: { address: 2, key: 2 } } });
  try {
    expect(codesOf(await ask(idOf(0)))).toBeUndefined();
    expect(codesOf(await ask(idOf(1)))).toBeUndefined();
    expect(codesOf(await ask(idOf(2)))).toEqual(['RATE_LIMITED']);
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
    const askFresh = () => fresh.ask(CLAIM_FILE, { s: 'with-claims', a: idOf(0) });
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
  expect(codesOf(await ask(idOf(0)))).toEqual(['PRIVATE_DATA_DROPPED']);
});
