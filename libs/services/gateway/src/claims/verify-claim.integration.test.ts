import { encodeClaim, type Claim } from '@solvent-por/claims';
import { claimVectors, madeClaims, PARTNER, type ClaimVectorInput } from '@solvent-por/dev/proofs';
import { toHex } from '@solvent-por/kzg';
import { AuditLog } from '@solvent-por/services/database';
import { canonicalJson } from '@solvent-por/verifier';
import { claimKeyFolder, nameOf, publishClaimSnapshot } from '../../testing/published-claims';
import { codesOf, TestGateway, type TestConfiguration } from '../../testing/test-gateway';

const CHALLENGE = `mutation ($input: ClaimChallengeInput!) { claimChallenge(input: $input) { challenge scope expiresAt } }`;
const VERIFY = `mutation ($input: VerifyClaimInput!) { verifyClaim(input: $input) {
  valid code reason developmentSetUp checked { code message } notChecked { code message }
  snapshot takenAt manifestDigest claimRoot nullifier seenBefore atLeast { symbol side amount } } }`;

const made = madeClaims();
const { manifest } = made.snapshot;
const exact = made.claim('exactly');
const scopeTexts = { partner: 'lender.example', purpose: 'loan 2026-12' };
let harness: TestGateway;
let folder: Awaited<ReturnType<typeof claimKeyFolder>>;
let allowed: TestConfiguration;
let partner: { readonly id: string; readonly key: string };
let bearer: Record<string, string>;

beforeAll(async () => {
  folder = await claimKeyFolder({ [nameOf(made.verifyingKey.digest, 'json')]: made.key });
  allowed = { claimKeys: folder.path, claimDevelopment: true, operator: manifest.header.operator };
  harness = await TestGateway.start(allowed);
  await publishClaimSnapshot(harness.database, harness.keyring, made.snapshot);
  partner = await harness.key('PARTNER', undefined, ['lender.example']);
  bearer = { authorization: `Bearer ${partner.key}` };
});
afterAll(async () => {
  await harness?.close();
  await folder?.remove();
});
beforeEach(() => harness.database.pool.query('TRUNCATE claim_challenge, claim_nullifier'));

const text = (claim: Claim) => Buffer.from(encodeClaim(claim)).toString('utf8');

/** Those of the vectors are fixed: as if they had been given out here. */
const give = (challenge = PARTNER.challenge, scope = PARTNER.scope, key = partner.id) =>
  harness.database.pool.query(
    `INSERT INTO claim_challenge (challenge, scope, api_key_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 minute')`,
    [challenge, scope, key],
  );
const challengesTaken = async () =>
  (await harness.database.pool.query('SELECT FROM claim_challenge WHERE taken_at IS NOT NULL')).rowCount;

interface Answer {
  readonly valid: boolean;
  readonly code: string | null;
  readonly seenBefore: string | null;
}

const send = (input: object = {}, headers = bearer) =>
  harness.ask(
    VERIFY,
    {
      input: {
        ...{ claim: text(exact), snapshotId: manifest.header.snapshot, ...scopeTexts },
        ...{ challenge: toHex(PARTNER.challenge), value: 0, threshold: exact.threshold.toString() },
        ...input,
      },
    },
    headers,
  );
async function verify(input: object = {}): Promise<Answer> {
  const answer = await send(input);
  expect(answer.errors).toBeUndefined();
  return answer.data!['verifyClaim'] as Answer;
}

test('a claim that holds, as text and as JSON, by value and by symbol', async () => {
  const symbol = manifest.header.assets[0]!.symbol;
  for (const input of [
    {},
    { claim: JSON.parse(text(exact)) as object },
    { value: null, symbol },
    { threshold: '1' },
  ]) {
    await harness.database.pool.query('TRUNCATE claim_challenge, claim_nullifier');
    await give();
    expect(await verify(input)).toEqual({
      ...{ valid: true, code: null, reason: null, developmentSetUp: true, seenBefore: null },
      checked: [
        { code: 'CLAIM_HOLDS', message: expect.stringContaining('at least') as string },
        { code: 'PUBLISHED_MANIFEST', message: expect.any(String) as string },
        { code: 'OPERATOR_KEY', message: expect.any(String) as string },
        { code: 'CLAIM_ONCE', message: expect.stringContaining('not seen here before') as string },
      ],
      notChecked: [
        { code: 'CLAIM_SET_UP', message: expect.stringContaining('do not rely on it') as string },
        { code: 'CLAIM_TREE', message: expect.stringContaining('NOT checked') as string },
      ],
      ...{ snapshot: manifest.header.snapshot, takenAt: manifest.header.takenAt },
      manifestDigest: toHex(exact.manifest),
      claimRoot: manifest.claimRoot,
      nullifier: (JSON.parse(text(exact)) as { nullifier: string }).nullifier,
      atLeast: { symbol, side: 'EQUITY', amount: exact.threshold.toString() },
    });
  }
});

test('a challenge is taken once: shown a second time, expired, of another scope or key, or never given out, it is refused', async () => {
  expect(await verify()).toMatchObject({ valid: false, code: 'CLAIM_CHALLENGE_UNKNOWN' });
  await give();
  expect(await verify()).toMatchObject({ valid: true });
  expect(await verify()).toMatchObject({ valid: false, code: 'CLAIM_CHALLENGE_TAKEN', seenBefore: null });

  const { pool } = harness.database;
  await pool.query(`UPDATE claim_challenge SET taken_at = NULL, expires_at = now() - interval '1 second'`);
  expect(await verify()).toMatchObject({ valid: false, code: 'CLAIM_CHALLENGE_EXPIRED' });
  await pool.query('TRUNCATE claim_challenge');
  await give(undefined, made.claim('another-scope').scope);
  expect(await verify()).toMatchObject({ valid: false, code: 'CLAIM_CHALLENGE_SCOPE' });
  await pool.query('TRUNCATE claim_challenge');
  await give(undefined, undefined, 'other');
  expect(await verify()).toMatchObject({ valid: false, code: 'CLAIM_CHALLENGE_UNKNOWN' });
  // Another one than the claim answers.
  await give(new Uint8Array(31));
  expect(await verify({ challenge: `0x${'00'.repeat(31)}` })).toMatchObject({
    ...{ valid: false, code: 'CLAIM_CHALLENGE' },
  });
});

test('of two verifications that race with one challenge one wins', async () => {
  await give();
  const answers = await Promise.all([verify(), verify(), verify()]);
  expect(answers.filter(({ valid }) => valid)).toHaveLength(1);
  expect(answers.filter(({ code }) => code === 'CLAIM_CHALLENGE_TAKEN')).toHaveLength(2);
  expect(answers.every(({ seenBefore }) => seenBefore === null)).toBe(true);
});

test('a nullifier that was seen before is reported, with the time', async () => {
  await give();
  await verify();
  // The same proof once more, as if the partner had given the same challenge again.
  await harness.database.pool.query('UPDATE claim_challenge SET taken_at = NULL');
  const again = await verify();
  expect(again).toMatchObject({
    valid: true,
    checked: expect.arrayContaining([
      { code: 'CLAIM_ONCE', message: expect.stringContaining('was seen here before') as string },
    ]) as object,
  });
  expect(Date.now() - Date.parse(again.seenBefore!)).toBeLessThan(600_000);
});

test('what was asked for is the partner’s: wrong scope, threshold, value, snapshot', async () => {
  await give();
  const refused = async (input: object, code: string) =>
    expect(await verify(input)).toMatchObject({ valid: false, code, atLeast: null, nullifier: null });
  await refused({ purpose: 'another loan' }, 'CLAIM_SCOPE');
  await refused({ threshold: (exact.threshold + 1n).toString() }, 'CLAIM_THRESHOLD');
  await refused({ value: 1 }, 'CLAIM_VALUE');
  await refused({ claim: text({ ...exact, threshold: exact.threshold + 5n }) }, 'CLAIM_PROOF');
  await refused({ claim: text({ ...exact, manifest: new Uint8Array(32) }) }, 'CLAIM_MANIFEST');
  await refused({ claim: text({ ...exact, key: new Uint8Array(32) }) }, 'CLAIM_KEY');
  // A claim that does not hold takes nothing: the right one still can.
  expect(await challengesTaken()).toBe(0);
  expect(await verify()).toMatchObject({ valid: true });
});

test('what cannot be asked for is an error that says what to do', async () => {
  const code = async (input: object) => codesOf(await send(input))?.[0];
  expect(await code({ snapshotId: 'lost' })).toBe('SNAPSHOT_NOT_FOUND');
  for (const input of [
    { value: null },
    { symbol: 'BTC', value: 0 },
    { value: 2 },
    { value: -1 },
    { value: null, symbol: 'NONE' },
    { threshold: '-1' },
    { threshold: '1.5' },
    { threshold: '147573952589676412928' },
    { challenge: '0x12' },
    { challenge: 'x'.repeat(64) },
  ])
    expect([input, await code(input)]).toEqual([input, 'ARGUMENT_INVALID']);
  for (const name of ['', 'x'.repeat(257), '\ud800'])
    expect(await code({ partner: name })).toBe('CLAIM_SCOPE_TEXT');
  expect(await code({ claim: 7 })).toBe('DOCUMENT_MALFORMED');
  expect(await code({ claim: { long: 'x'.repeat(5000) } })).toBe('DOCUMENT_TOO_LARGE');
});

const ofThese = claimVectors().filter(({ input }) => {
  const { manifest: other, key } = input as ClaimVectorInput;
  return other === canonicalJson(manifest) && key === Buffer.from(made.key).toString('utf8');
});
const malformed = ofThese.filter(({ kind }) => kind === 'malformed');

test('claims that cannot be read are errors: points off the curve, signals missing, short, or as large as the order', async () => {
  expect(malformed.length).toBeGreaterThan(20);
  for (const { name, input, expected } of malformed) {
    const answer = await send({ claim: (input as ClaimVectorInput).claim });
    expect([name, codesOf(answer)]).toEqual([name, [(expected as { code: string }).code]]);
  }
});

test('claims that do not hold, each of the vectors', async () => {
  await give();
  const tampered = ofThese.filter(
    ({ kind, expected }) => kind === 'incorrect' && (expected as { code: string }).code === 'CLAIM_PROOF',
  );
  expect(tampered.length).toBeGreaterThan(8);
  for (const { name, input } of tampered) {
    const { claim, value, threshold } = input as ClaimVectorInput;
    expect([name, await verify({ claim, value, threshold })]).toEqual([
      name,
      expect.objectContaining({ valid: false, code: 'CLAIM_PROOF' }),
    ]);
  }
  expect(await challengesTaken()).toBe(0);
});

describe('another gateway', () => {
  const as = async <T>(configuration: TestConfiguration, work: () => Promise<T>): Promise<T> => {
    await harness.restart(configuration);
    try {
      return await work();
    } finally {
      await harness.restart(allowed);
    }
  };

  test('a development key is refused where it is not allowed', async () => {
    await give();
    await as({ ...allowed, claimDevelopment: false }, async () =>
      expect(await verify()).toMatchObject({
        ...{ valid: false, code: 'CLAIM_DEVELOPMENT', developmentSetUp: true },
      }),
    );
    expect(await challengesTaken()).toBe(0);
  });

  test('under another operator’s manifest none is valid; without keys none is verified', async () => {
    await give();
    await as({ ...allowed, operator: `0x${'11'.repeat(32)}` }, async () =>
      expect(await verify()).toMatchObject({ valid: false, code: 'OPERATOR_UNEXPECTED' }),
    );
    await as({ ...allowed, claimKeys: undefined }, async () => {
      const answer = await send();
      expect(codesOf(answer)).toEqual(['CLAIM_KEY_NOT_SERVED']);
      expect(answer.errors![0]!.message).toContain('SOLVENT_CLAIM_KEYS');
    });
  });

  test('it counts as a verification, and a challenge as another operation', async () => {
    const rates = { verification: { address: 1, key: 1 }, other: { address: 1, key: 1 } };
    await as({ ...allowed, rates }, async () => {
      expect(await verify()).toMatchObject({ code: 'CLAIM_CHALLENGE_UNKNOWN' });
      expect(codesOf(await send())).toEqual(['RATE_LIMITED']);
      const ask = () => harness.ask(CHALLENGE, { input: scopeTexts }, bearer);
      expect(codesOf(await ask())).toBeUndefined();
      expect(codesOf(await ask())).toEqual(['RATE_LIMITED']);
    });
  });
});

test('challenges are for partners and those above them, and each is another one', async () => {
  expect(codesOf(await harness.ask(CHALLENGE, { input: scopeTexts }))).toEqual(['FORBIDDEN']);
  expect(codesOf(await send({}, {}))).toEqual(['FORBIDDEN']);
  const seen = new Set<string>();
  for (const role of ['PARTNER', 'AUDITOR', 'OPERATOR'] as const) {
    const { key } = await harness.key(role, undefined, ['other.example', 'lender.example']);
    const { data } = await harness.ask(CHALLENGE, { input: scopeTexts }, { authorization: `Bearer ${key}` });
    const given = data!['claimChallenge'] as { challenge: string; scope: string; expiresAt: string };
    expect(given).toMatchObject({
      challenge: expect.stringMatching(/^0x[0-9a-f]{62}$/) as string,
      scope: toHex(PARTNER.scope),
    });
    expect(Date.parse(given.expiresAt)).toBeGreaterThan(Date.now());
    seen.add(given.challenge);
  }
  expect(seen.size).toBe(3);
  const empty = await harness.ask(CHALLENGE, { input: { ...scopeTexts, purpose: '' } }, bearer);
  expect(codesOf(empty)).toEqual(['CLAIM_SCOPE_TEXT']);
});

test('a key asks and verifies in the names alone that it was given: nobody burns nullifiers of another partner’s scope', async () => {
  const other = await harness.key('PARTNER', undefined, ['other.example', 'Zo\u00eb']);
  const operator = await harness.key('OPERATOR');
  const as = ({ key }: { readonly key: string }) => ({ authorization: `Bearer ${key}` });
  await give(undefined, undefined, other.id);
  await give(new Uint8Array(31), undefined, operator.id);
  for (const key of [other, operator]) {
    for (const answer of [
      await harness.ask(CHALLENGE, { input: scopeTexts }, as(key)),
      await send({}, as(key)),
      await send({ partner: 'LENDER.example' }, as(key)),
      await send({ partner: 'lender.example\u200b' }, as(key)),
    ]) {
      expect(codesOf(answer)).toEqual(['CLAIM_PARTNER']);
      expect(answer.errors![0]!.message).toContain('ask the operator for a key with yours');
    }
  }
  expect(await challengesTaken()).toBe(0);
  expect((await harness.database.pool.query('SELECT FROM claim_nullifier')).rowCount).toBe(0);
  // In NFC both are one name, as in the scope.
  for (const name of ['other.example', 'Zo\u00eb', 'Zoe\u0308']) {
    const given = await harness.ask(CHALLENGE, { input: { ...scopeTexts, partner: name } }, as(other));
    expect(codesOf(given)).toBeUndefined();
  }
});

test('the audit has what a key asked about claims by the hour, and metrics how it ended: no ids, no secrets', async () => {
  await harness.restart(allowed);
  const { id, key } = await harness.key('PARTNER', undefined, ['lender.example']);
  const headers = { authorization: `Bearer ${key}` };
  const asked = await harness.ask(CHALLENGE, { input: scopeTexts }, headers);
  const { challenge } = asked.data!['claimChallenge'] as { challenge: string };
  await send({}, headers);
  await give(undefined, undefined, id);
  await send({}, headers);
  await send({ claim: malformed[0] && (malformed[0].input as ClaimVectorInput).claim }, headers);
  const metrics = await harness.registry.metrics();
  expect(metrics).toMatch(/^solvent_gateway_claim_challenges_total 1$/m);
  for (const outcome of ['taken', 'invalid', 'malformed'])
    expect(metrics).toContain(`solvent_gateway_verify_claim_seconds_count{outcome="${outcome}"} 1`);
  // What a batch has not written is written when the gateway ends.
  await harness.restart(allowed);
  const lines = (await new AuditLog(harness.database).list({ first: 100 })).filter(
    ({ actor }) => actor === id,
  );
  expect(Object.fromEntries(lines.map(({ action, details }) => [action, details]))).toEqual({
    'claim-challenges.count': { claimChallenges: 1 },
    'claims.count': { claims: 3 },
    'claims-taken.count': { claimsTaken: 1 },
  });
  const nullifier = (JSON.parse(text(exact)) as { nullifier: string }).nullifier;
  const kept = JSON.stringify(lines, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  for (const secret of [challenge, nullifier, toHex(PARTNER.challenge)])
    expect(kept + harness.logged.join('')).not.toContain(secret.slice(2));
});
