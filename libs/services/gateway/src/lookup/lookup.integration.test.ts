import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex, utf8 } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { dropPrivateData } from '@solvent-por/services/database';
import { proofName, proveInclusions } from '@solvent-por/prover';
import { canonicalJson, layoutOf, parseInclusion, verifyInclusion } from '@solvent-por/verifier';
import { provedSnapshot, storeSnapshot, type ProvedSnapshot } from '../../testing/proved-snapshot';
import { TestGateway, type GraphqlAnswer } from '../../testing/test-gateway';

const DOCUMENT = `query ($s: String!, $a: String!) { inclusionProof(snapshotId: $s, accountId: $a) { document documentDigest } }`;
const EVERYTHING = `query ($s: String!, $a: String!) { inclusionProof(snapshotId: $s, accountId: $a) {
  manifest { digest document } snapshot takenAt batch row accountId salt values { symbol side pool scale amount display } accountPath sum openings
  path { hash sum } document } }`;
const PLAIN = `query ($s: String!, $a: String!) { plainOpening(snapshotId: $s, accountId: $a) { batch row sum opening } }`;

let harness: TestGateway;
let proved: ProvedSnapshot;
let output: string;

beforeAll(async () => {
  proved = await provedSnapshot('october');
  harness = await TestGateway.start();
  await storeSnapshot(harness.database, harness.keyring, proved);
  output = await mkdtemp(join(tmpdir(), 'solvent-gateway-'));
});

afterAll(async () => {
  await harness?.close();
  if (output) await rm(output, { recursive: true });
});

const look = (account: string, query = DOCUMENT, snapshot = 'october') =>
  harness.ask(query, { s: snapshot, a: account });
const idOf = (account: number) => toHex(proved.accounts[account]!.id);
const proofIn = (answer: GraphqlAnswer) => answer.data!['inclusionProof'] as Record<string, unknown>;
/** As if no account had been asked for yet. */
async function dropKept(): Promise<void> {
  // A gateway that ends keeps what it has not kept yet.
  await harness.restart();
  await harness.database.pool.query('DELETE FROM inclusion_document; DELETE FROM batch_cells');
  harness.workers.cellsMade.length = 0;
}
const outcomes = async () => {
  const metric = await harness.registry.getSingleMetric('solvent_gateway_lookups_total')!.get();
  return Object.fromEntries(metric.values.map(({ labels, value }) => [labels['outcome'], value]));
};

test('the documents are those of the CLI, byte for byte, from every batch; and the fields say what they say', async () => {
  const accounts = [0, 4079, 4080, 8159, 8160];
  const ids = accounts.map((account) => proved.accounts[account]!.id);
  await proveInclusions({ witness: proved.witness, ids, output, workers: 1 });
  for (const account of accounts) {
    const file = await readFile(join(output, proofName(proved.accounts[account]!.id)), 'utf8');
    const proof = proofIn(await look(idOf(account), EVERYTHING));
    expect(proof['document']).toBe(file);
    const document = JSON.parse(file) as Record<string, unknown>;
    const { symbol } = layoutOf(proved.header).published[1]!;
    expect(proof).toMatchObject({
      snapshot: 'october',
      takenAt: proved.header.takenAt,
      manifest: { digest: document['manifest'], document: proved.document.toString() },
      batch: Math.floor(account / 4080),
      row: account % 4080,
      accountId: idOf(account),
      salt: document['salt'],
      accountPath: document['accountPath'],
      sum: document['sum'],
      openings: document['openings'],
      path: document['path'],
    });
    const amount = String(proved.accounts[account]!.amounts[1]);
    const display = `${amount.padStart(3, '0').slice(0, -2)}.${amount.padStart(3, '0').slice(-2)}`;
    expect((proof['values'] as unknown[])[1]).toEqual({
      ...{ symbol, side: 'EQUITY', pool: null, scale: 2, amount, display },
    });
  }
});

test('computed, then kept: in memory, and sealed in the database for a gateway that starts anew', async () => {
  const before = await outcomes();
  const first = proofIn(await look(idOf(100)));
  const tasks = harness.workers.tasks.length;
  // In any spelling of the id.
  expect(proofIn(await look(idOf(100).slice(2).toUpperCase()))).toEqual(first);
  const after = await outcomes();
  expect(Number(after['computed']) - Number(before['computed'] ?? 0)).toBe(1);
  expect(Number(after['kept-memory']) - Number(before['kept-memory'] ?? 0)).toBe(1);
  await harness.restart();
  const { rows } = await harness.database.pool.query<{ document: Buffer }>(
    'SELECT document FROM inclusion_document',
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ document }) => !document.includes('manifest'))).toBe(true);
  expect(proofIn(await look(idOf(100)))).toEqual(first);
  expect(harness.workers.tasks).toHaveLength(tasks);
  expect(await outcomes()).toEqual({ 'kept-database': 1 });
});

test("a batch's cells are made for the first look-up of one of its accounts, and kept for all gateways", async () => {
  await dropKept();
  const { cellsMade, witnesses } = harness.workers;
  const asked = Array.from({ length: 20 }, (_, i) => look(idOf(4080 + 17 * i)));
  await Promise.all(asked.map(async (answer) => proofIn(await answer)));
  expect(cellsMade.splice(0)).toEqual([1]);
  await harness.restart();
  witnesses.length = 0;
  for (let i = 0; i < 5; i++) proofIn(await look(idOf(4080 + 1000 + i)));
  expect(cellsMade).toEqual([]);
  // A thread that has the batch needs its witness no more.
  expect(witnesses.length).toBeLessThanOrEqual(1);
  const { rows } = await harness.database.pool.query<{ cells: Buffer }>('SELECT cells FROM batch_cells');
  expect(rows.map(({ cells }) => cells.length)).toEqual([27_648 + 28]);
});

test('kept proofs have one length, however many digits a balance has', async () => {
  const digits = (account: number) => proved.accounts[account]!.amounts.join('').length;
  const accounts = Array.from({ length: 40 }, (_, i) => 1000 + i);
  expect(new Set(accounts.map(digits)).size).toBeGreaterThan(1);
  for (const account of accounts) proofIn(await look(idOf(account)));
  await harness.restart();
  const { rows } = await harness.database.pool.query<{ bytes: number }>(
    'SELECT DISTINCT octet_length(document) AS bytes FROM inclusion_document',
  );
  // A record of section 15, nonce and tag.
  expect(rows).toEqual([{ bytes: 566 + 9 * layoutOf(proved.header).published.length + 28 }]);
});

test('a damaged kept proof is answered from the witness, repaired, and raises the alarm', async () => {
  const first = proofIn(await look(idOf(2100)));
  await harness.restart();
  const damage = (column: string, table: string) =>
    harness.database.pool.query(
      `UPDATE ${table} SET ${column} = set_byte(${column}, 40, get_byte(${column}, 40) # 1)`,
    );
  await damage('document', 'inclusion_document');
  await damage('cells', 'batch_cells');
  const { tasks, cellsMade } = harness.workers;
  tasks.length = cellsMade.length = 0;
  expect(proofIn(await look(idOf(2100)))).toEqual(first);
  expect([tasks, cellsMade]).toEqual([[[2100]], [0]]);
  const alarm = await harness.registry.getSingleMetric('solvent_gateway_stored_damage_total')!.get();
  expect(alarm.values.map(({ labels, value }) => [labels['what'], value])).toEqual([
    ['kept-proof', 1],
    ['cells', 1],
  ]);
  expect(harness.logged.filter((line) => line.includes('stored data is damaged'))).toHaveLength(2);
  await harness.restart();
  expect(proofIn(await look(idOf(2100)))).toEqual(first);
  expect(await outcomes()).toEqual({ 'kept-database': 1 });
});

test('a plain opening, of a single point evaluation, in place of the three', async () => {
  const { data } = await look(idOf(60), PLAIN);
  const { batch, row, sum, opening } = data!['plainOpening'] as Record<string, string>;
  const proof = proofIn(await look(idOf(60), EVERYTHING));
  expect({ batch, row, sum }).toEqual({ batch: proof['batch'], row: proof['row'], sum: proof['sum'] });
  const infinity = `0xc0${'00'.repeat(47)}`;
  const plain = {
    ...(JSON.parse(String(proof['document'])) as object),
    openings: [infinity, infinity, opening],
  };
  const inclusion = parseInclusion(utf8(canonicalJson(plain)));
  const { manifest, accounts } = proved;
  expect(verifyInclusion(inclusion, { manifest, key: accounts[60]!.key }, nativeVerifier())).toMatchObject({
    valid: true,
    keyChecked: true,
  });
  expect((await look(`0x${'12'.repeat(32)}`, PLAIN)).errors![0]!.extensions).toEqual({
    code: 'ACCOUNT_NOT_FOUND',
  });
});

test('200 look-ups of one account at once compute once', async () => {
  const tasks = harness.workers.tasks.length;
  const answers = await Promise.all(Array.from({ length: 200 }, () => look(idOf(200))));
  expect(new Set(answers.map((answer) => proofIn(answer)['document'])).size).toBe(1);
  expect(harness.workers.tasks.slice(tasks)).toEqual([[200]]);
});

test('200 accounts of one batch at once are each proved once', async () => {
  const tasks = harness.workers.tasks.length;
  const rows = Array.from({ length: 200 }, (_, i) => 300 + i);
  const answers = await Promise.all(rows.map((row) => look(idOf(row))));
  answers.forEach((answer, i) => expect(String(proofIn(answer)['document'])).toContain(idOf(300 + i)));
  const done = harness.workers.tasks.slice(tasks);
  // How many share a task depends on the machine's load; inclusion-queue.test.ts says when they do.
  expect(done.flat().sort((a, b) => a - b)).toEqual(rows);
});

test('unknown and malformed ids, unknown and unfinished snapshots answer alike, after the same queries', async () => {
  const unfinished = await provedSnapshot('november', {
    takenAt: '2026-11-30T00:00:00Z',
    accounts: 10,
    previous: proved.manifest,
  });
  await storeSnapshot(harness.database, harness.keyring, unfinished, 'PROVING');
  const asked: [string, string][] = [
    ['october', `0x${'12'.repeat(32)}`],
    ['october', 'not an id'],
    ['october', ''],
    ['october', `${idOf(0)}0`],
    ['october', "'; DROP TABLE snapshot; --"],
    ['nowhere', idOf(0)],
    ['NO NAME', idOf(0)],
    ['oct\u0000ober', idOf(0)],
    ['november', toHex(unfinished.accounts[0]!.id)],
  ];
  const seen = new Set<string>();
  for (const [snapshot, account] of asked) {
    const queries = harness.countQueries();
    const { status, data, errors, headers } = await look(account, DOCUMENT, snapshot);
    seen.add(JSON.stringify([status, data, errors, headers.get('content-length'), queries.stop()]));
  }
  expect([...seen]).toHaveLength(1);
  expect([...seen][0]).toContain('"code":"ACCOUNT_NOT_FOUND"');
  expect([...seen][0]).toMatch(/,1\]$/);
});

test('no id stands in a log or a metric', async () => {
  await look(idOf(5));
  await look(`0x${'77'.repeat(32)}`);
  const told = harness.logged.join('\n') + (await harness.registry.metrics());
  expect(told).not.toMatch(/[0-9a-f]{64}/i);
});

test('after retention the snapshot says so, whoever asks for whom; what is published stays', async () => {
  await dropPrivateData(harness.database, 'october');
  await harness.restart();
  for (const account of [idOf(100), `0x${'12'.repeat(32)}`, 'not an id'])
    expect((await look(account)).errors![0]!.extensions).toEqual({ code: 'PRIVATE_DATA_DROPPED' });
  const { data } = await harness.ask('{ snapshot(id: "october") { privateDataDropped totals { amount } } }');
  expect(data!['snapshot']).toMatchObject({
    privateDataDropped: true,
    totals: proved.manifest.totals.map((amount) => ({ amount })),
  });
});
