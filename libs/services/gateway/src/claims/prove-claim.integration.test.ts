import { setTimeout as pause } from 'node:timers/promises';
import { encodeClaim, encodeClaimFile, parseClaim, verifyClaim } from '@solvent-por/claims';
import { SolventClient } from '@solvent-por/client';
import { madeClaims, PARTNER } from '@solvent-por/dev/proofs';
import { SolventError, toHex, utf8 } from '@solvent-por/kzg';
import { AuditLog, isTransient, openDatabase, type Database } from '@solvent-por/services/database';
import { createLogger, InProcessBus, silentMeter } from '@solvent-por/services/kit';
import { claimMark } from '@solvent-por/verifier';
import { ClaimsProver, silentClaimsMeter, type ClaimMaker } from '@solvent-por/services/prover';
import { claimKeyFolder, nameOf, publishClaimSnapshot } from '../../testing/published-claims';
import { codesOf, TestGateway, type TestConfiguration } from '../../testing/test-gateway';

const PROVE = `mutation ($input: ProveClaimInput!) { proveClaim(input: $input) {
  document documentDigest key nullifier developmentSetUp snapshot takenAt } }`;

const made = madeClaims();
const { manifest, accounts } = made.snapshot;
const exact = made.claim('exactly');
/** What the owner has; nobody else's opens the file. */
const ACCESS = new Uint8Array(32).fill(0xac);
const [account, file] = [accounts[4]!, made.snapshot.claimFile(4)];
const text = (claim = exact) => Buffer.from(encodeClaim(claim)).toString('utf8');

/** Proves nothing: says what the test wants, and was asked. */
class ScriptedMaker implements ClaimMaker {
  asked = 0;
  answer: () => Promise<Uint8Array> = async () => encodeClaim(exact);

  prove: ClaimMaker['prove'] = async ({ request }) => {
    this.asked++;
    expect(request).toMatchObject({ snapshotId: manifest.header.snapshot, value: 0 });
    expect(request.file).toBe(Buffer.from(encodeClaimFile(file)).toString('utf8'));
    return this.answer();
  };
  ready = async () => undefined;
  end = async () => undefined;
}

let harness: TestGateway;
let folder: Awaited<ReturnType<typeof claimKeyFolder>>;
let offered: TestConfiguration;
let database: Database;
let maker: ScriptedMaker;
/** What went over the bus, as bytes, and what provers logged. */
let sent: string[];
let said: string[];
let bus: InProcessBus;

beforeAll(async () => {
  folder = await claimKeyFolder({ [nameOf(made.verifyingKey.digest, 'json')]: made.key });
  offered = { claimKeys: folder.path, claimDevelopment: true, claimProving: true };
  harness = await TestGateway.start(offered);
  // The trees of this snapshot were made by the vectors' own builder.
  harness.workers.claimsKept = async ({ batch, rows }) =>
    rows.map((row) => ({
      document: encodeClaimFile(made.snapshot.claimFile(3 * batch + row)),
      mark: claimMark(ACCESS),
    }));
  await publishClaimSnapshot(harness.database, harness.keyring, made.snapshot);
  database = openDatabase(harness.as('prover'));
});
afterAll(async () => {
  await harness?.close();
  await database?.close();
  await folder?.remove();
});
beforeEach(async () => {
  await harness.database.pool.query('TRUNCATE claim_proving');
  [maker, sent, said] = [new ScriptedMaker(), [], []];
  const log = createLogger({ service: 'prover', level: 'debug', destination: { write: (line) => void said.push(line) } }); // prettier-ignore
  const retry = { tries: 2, firstPauseMs: 5, longestPauseMs: 10 };
  bus = new InProcessBus({ isTransient, log, meter: silentMeter, retry });
  harness.onPublish = async (contract, message) => {
    sent.push(Buffer.from(contract.encode(message)).toString('utf8'));
    await bus.publish(contract, message);
  };
});
afterEach(() => bus.close());

/** A prover with the rights of its role. */
async function prover(): Promise<void> {
  const log = createLogger({ service: 'prover', level: 'debug', destination: { write: (line) => void said.push(line) } }); // prettier-ignore
  const { keyring } = harness;
  await new ClaimsProver({ database, bus, keyring, maker, meter: silentClaimsMeter, log }).start();
}

const ask = (input: object = {}, headers: Record<string, string> = {}) =>
  harness.ask(
    PROVE,
    {
      input: {
        ...{ snapshotId: manifest.header.snapshot, accountId: toHex(account.id), access: toHex(ACCESS) },
        ...{ partner: 'lender.example', purpose: 'loan 2026-12', challenge: toHex(PARTNER.challenge) },
        ...{ value: 0, threshold: exact.threshold.toString(), serverSeesRequest: true },
        ...input,
      },
    },
    headers,
  );
const asPartner = async () => ({ authorization: `Bearer ${(await harness.key('PARTNER')).key}` });
const as = async <T>(configuration: TestConfiguration, work: () => Promise<T>): Promise<T> => {
  await harness.restart(configuration);
  try {
    return await work();
  } finally {
    await harness.restart(offered);
  }
};

/** How claims ended that this gateway had made, as its metric and the alerts call it. */
async function outcomes(): Promise<unknown[]> {
  const metric = await harness.registry.getSingleMetric('solvent_gateway_claims_proved_total')!.get();
  return metric.values.map(({ labels }) => labels['outcome']);
}

test('a prover makes the claim over the bus, the gateway verifies it, and the same request finds it again', async () => {
  await prover();
  const answer = await ask();
  expect(answer.errors).toBeUndefined();
  const proved = answer.data!['proveClaim'] as { document: string; nullifier: string };
  expect(proved).toMatchObject({
    ...{ document: text(), key: toHex(made.verifyingKey.digest), developmentSetUp: true },
    ...{ snapshot: manifest.header.snapshot, takenAt: manifest.header.takenAt },
  });
  const { verifyingKey } = made;
  const verdict = verifyClaim(parseClaim(utf8(proved.document)), {
    ...{ manifest, verifyingKey, ...PARTNER, value: 0, threshold: exact.threshold },
    allowDevelopment: true,
  });
  expect(verdict).toMatchObject({ valid: true, nullifier: proved.nullifier });
  // Also of a gateway that starts anew, and of many who ask at once.
  await harness.restart(offered);
  const again = await Promise.all([ask(), ask({}, await asPartner()), ask({ symbol: manifest.header.assets[0]!.symbol, value: null })]); // prettier-ignore
  expect(again.map(({ data }) => (data!['proveClaim'] as typeof proved).document)).toEqual([
    ...Array.from({ length: 3 }, () => text()),
  ]);
  expect(maker.asked).toBe(1);
});

test('claim key, account, amount, challenge: neither on the bus, nor in the tables, nor in any log', async () => {
  let stored = '';
  maker.answer = async () => {
    const { rows } = await harness.database.pool.query<{ row: string }>(
      `SELECT encode(id || caller || account || request, 'hex') || encode(id || caller || account || request, 'escape') AS row FROM claim_proving`,
    );
    stored = rows.map(({ row }) => row).join();
    return encodeClaim(exact);
  };
  await prover();
  harness.logged.splice(0);
  expect((await ask()).errors).toBeUndefined();
  expect(sent).toEqual([expect.stringMatching(/^\{"id":"[0-9a-f]{64}"\}$/)]);
  expect(said.join()).toContain('claim proved');
  expect(harness.logged.length).toBeGreaterThan(0);
  expect(stored).not.toBe('');
  const secrets = [file.claimKey, account.id, PARTNER.challenge].map((bytes) => toHex(bytes).slice(2));
  secrets.push('lender.example', 'claimKey', exact.threshold.toString());
  for (const where of [sent.join(), said.join(), harness.logged.join(), stored])
    for (const secret of secrets)
      for (const form of [secret, Buffer.from(secret, 'utf8').toString('hex')])
        expect(where.includes(form) ? `${secret} in ${where}` : '').toBe('');
});

test('whoever does not say that the server sees the request is told what it sees', async () => {
  const answer = await ask({ serverSeesRequest: false });
  expect(codesOf(answer)).toEqual(['CLAIM_SERVER_SEES']);
  expect(answer.errors![0]!.message).toMatch(/which account asks, for which partner/);
  expect(codesOf(await ask({ serverSeesRequest: undefined }))).not.toEqual([]);
});

test('what cannot be proved never reaches a prover', async () => {
  await prover();
  const more = (exact.threshold + 1n).toString();
  for (const [code, input] of [
    ['CLAIM_BELOW', { threshold: more }],
    ['ARGUMENT_INVALID', { threshold: '1.5' }],
    ['ARGUMENT_INVALID', { challenge: '0x12' }],
    ['ARGUMENT_INVALID', { value: 2 }],
    ['ARGUMENT_INVALID', { value: null }],
    ['ARGUMENT_INVALID', { symbol: 'BTC' }],
    ['CLAIM_SCOPE_TEXT', { partner: '' }],
    ['SNAPSHOT_NOT_FOUND', { snapshotId: 'lost' }],
    ['ACCOUNT_NOT_FOUND', { accountId: `0x${'12'.repeat(32)}` }],
    ['ACCOUNT_NOT_FOUND', { accountId: 'mine' }],
    ['ACCOUNT_NOT_FOUND', { access: `0x${'12'.repeat(32)}` }],
  ] as const)
    expect([input, codesOf(await ask(input))]).toEqual([input, [code]]);
  await as({ ...offered, claimProving: false }, async () =>
    expect(codesOf(await ask())).toEqual(['CLAIM_PROVING_NOT_OFFERED']),
  );
  await as({ ...offered, claimDevelopment: false }, async () =>
    expect(codesOf(await ask())).toEqual(['CLAIM_DEVELOPMENT']),
  );
  await as({ ...offered, claimKeys: undefined }, async () =>
    expect(codesOf(await ask())).toEqual(['CLAIM_KEY_NOT_SERVED']),
  );
  await as({ ...offered, operator: `0x${'11'.repeat(32)}` }, async () =>
    expect(codesOf(await ask())).toEqual(['OPERATOR_UNEXPECTED']),
  );
  expect([maker.asked, sent]).toEqual([0, []]);
});

test('a caller has one claim made at a time, an account too, and a few are made in all', async () => {
  let go: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  let begun: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (begun = resolve));
  maker.answer = async () => {
    begun();
    await held;
    return encodeClaim(exact);
  };
  await prover();
  const first = ask();
  await started;
  const other = { challenge: `0x${'01'.repeat(31)}` };
  const another = { ...other, accountId: toHex(accounts[5]!.id), threshold: '1' };
  const [own, elsewhere] = [await ask(another), await ask(other, await asPartner())];
  // Of all callers together a few wait.
  await harness.database.pool.query(
    `INSERT INTO claim_proving (id, snapshot_id, caller, account, request, witness_key_id, until)
       SELECT sha256(n::text::bytea), 'any', decode(md5(n::text), 'hex'), decode(md5(n::text), 'hex'), 'sealed', 'test', now() + interval '1 minute'
       FROM generate_series(1, 7) AS n`,
  );
  const busy = await ask(another, await asPartner());
  go();
  expect(codesOf(await first)).toBeUndefined();
  expect([own, elsewhere, busy].map(codesOf)).toEqual([
    ...[['CLAIM_PROVING_ANOTHER'], ['CLAIM_PROVING_ANOTHER'], ['CLAIM_PROVING_BUSY']],
  ]);
  for (const { errors } of [own, busy]) expect(errors![0]!.extensions).toMatchObject({ retryAfter: 10 });
});

test('what is over goes when a gateway starts, though nobody asks for a claim any more', async () => {
  const { pool } = harness.database;
  await pool.query(
    `INSERT INTO claim_proving (id, snapshot_id, caller, account, request, witness_key_id, until)
       SELECT sha256(n::text::bytea), 'any', decode(md5(n::text), 'hex'), decode(md5(n::text), 'hex'), 'sealed', 'test', now() + make_interval(mins => n)
       FROM generate_series(-1, 1) AS n WHERE n <> 0`,
  );
  await harness.restart({ ...offered, claimProving: false });
  const left = async () => (await pool.query('SELECT FROM claim_proving')).rowCount;
  while ((await left()) !== 1) await pause(10);
  await harness.restart(offered);
  expect(await left()).toBe(1);
});

test('what a key has made here is in the audit as such, never whose', async () => {
  await prover();
  const { id, key } = await harness.key('PARTNER');
  for (const access of [ACCESS, new Uint8Array(32)])
    await ask({ access: toHex(access) }, { authorization: `Bearer ${key}` });
  await harness.restart(offered);
  const lines = (await new AuditLog(harness.database).list({ first: 10 })).filter(
    ({ actor }) => actor === id,
  );
  expect(lines.map(({ action, details }) => [action, details])).toEqual([
    ['claims-made.count', { claimsMade: 2 }],
  ]);
});

test('a gateway that ends tells whoever waits to ask again', async () => {
  let begun: () => void = () => undefined;
  const published = new Promise<void>((resolve) => (begun = resolve));
  harness.onPublish = async () => begun();
  const waiting = ask({}, { connection: 'close' });
  await published;
  await harness.restart(offered);
  expect(codesOf(await waiting)).toEqual(['CLAIM_PROVER_SILENT']);
});

test('where no prover answers, the caller is told to ask again, and finds the claim that was made late', async () => {
  await as({ ...offered, claimSeconds: 1 }, async () => {
    const answer = await ask();
    expect(codesOf(answer)).toEqual(['CLAIM_PROVER_SILENT']);
    expect(answer.errors![0]!.extensions).toMatchObject({ retryAfter: 10 });
    expect(await outcomes()).toEqual(['silent']);
  });
  await prover();
  expect(codesOf(await ask())).toBeUndefined();
  expect(maker.asked).toBe(1);
});

test('a bus that takes no message leaves the caller the same way', async () => {
  harness.onPublish = () => Promise.reject(new SolventError('BUS_UNAVAILABLE', 'internal', 'away'));
  await as({ ...offered, claimSeconds: 1 }, async () =>
    expect(codesOf(await ask())).toEqual(['CLAIM_PROVER_SILENT']),
  );
});

test.each([
  ['says that it cannot', new SolventError('CLAIM_KEY_NOT_SERVED', 'usage', 'no such key'), 1],
  ['fails again and again', new SolventError('WORKER_DIED', 'internal', 'a thread died'), 2],
])('a prover that %s is an answer, not silence', async (_, error, tries) => {
  maker.answer = () => Promise.reject(error);
  await prover();
  expect(codesOf(await ask())).toEqual(['CLAIM_PROVER_FAILED']);
  expect(said.join()).toContain(error.code);
  expect(await outcomes()).toContain('failed');
  // Asked again at once, it is the same, and nothing is tried.
  expect(codesOf(await ask())).toEqual(['CLAIM_PROVER_FAILED']);
  expect(maker.asked).toBe(tries);
});

test.each([
  ['of another challenge', () => encodeClaim(made.claim('another-challenge'))],
  ['of another account', () => encodeClaim(made.claim('another-account'))],
  ['that does not hold', () => encodeClaim({ ...exact, nullifier: exact.nullifier + 1n })],
  ['that is none', () => utf8('{}')],
])('a prover that gives a claim %s is found out', async (_, answer) => {
  maker.answer = async () => answer();
  await prover();
  harness.logged.splice(0);
  expect(codesOf(await ask())).toEqual(['INTERNAL']);
  expect(harness.logged.join()).toContain('CLAIM_PROVED_WRONG');
  expect(await outcomes()).toContain('invalid');
});

test('proving has an allowance of its own, and a document holds one', async () => {
  await prover();
  await as({ ...offered, rates: { proving: { address: 2, key: 1 } } }, async () => {
    expect(codesOf(await ask())).toBeUndefined();
    expect(codesOf(await ask({ serverSeesRequest: false }))).toEqual(['CLAIM_SERVER_SEES']);
    expect(codesOf(await ask())).toEqual(['RATE_LIMITED']);
    expect(codesOf(await ask({}, await asPartner()))).toBeUndefined();
  });
  const two = PROVE.replace('{ proveClaim', '{ one: proveClaim(input: $input) { key } two: proveClaim');
  expect(codesOf(await harness.ask(two, { input: null }))).toEqual(['QUERY_TOO_COSTLY']);
});

test('the client asks for a claim, and is told of refusals by their codes', async () => {
  await prover();
  const client = new SolventClient({ endpoint: `${harness.url}/graphql` });
  const wanted = {
    ...{
      snapshotId: manifest.header.snapshot,
      accountId: toHex(account.id),
      access: toHex(ACCESS),
      challenge: toHex(PARTNER.challenge),
    },
    ...{ partner: 'lender.example', purpose: 'loan 2026-12', value: 0, threshold: exact.threshold },
    serverSeesRequest: true,
  } as const;
  expect(await client.proveClaim(wanted)).toMatchObject({ document: text(), developmentSetUp: true });
  await expect(client.proveClaim({ ...wanted, threshold: exact.threshold + 1n })).rejects.toMatchObject({
    code: 'CLAIM_BELOW',
  });
  await expect(client.proveClaim({ ...wanted, accountId: 'mine' })).rejects.toMatchObject({
    code: 'ID_MALFORMED',
  });
});

test('keys say whether claims are made here with them', async () => {
  const keys = async () =>
    (await harness.ask(`{ claimKeys(snapshotId: "${manifest.header.snapshot}") { serverProves } }`)).data;
  expect(await keys()).toEqual({ claimKeys: [{ serverProves: true }] });
  await as({ ...offered, claimDevelopment: false }, async () =>
    expect(await keys()).toEqual({ claimKeys: [{ serverProves: false }] }),
  );
});
