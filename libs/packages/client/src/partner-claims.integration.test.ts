import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeClaim } from '@solvent-por/claims';
import { madeClaims, PARTNER } from '@solvent-por/dev/proofs';
import { toHex } from '@solvent-por/kzg';
import {
  claimKeyFolder,
  nameOf,
  publishClaimSnapshot,
} from '../../../services/gateway/testing/published-claims';
import { TestGateway } from '../../../services/gateway/testing/test-gateway';
import { guideProgram, runNode } from '../testing/guide-program';
import { createClient, type SolventClient } from './index';

const { verifyingKey, key, snapshot, claim: made } = madeClaims();
const { manifest } = snapshot;
const exact = made('exactly');
const claim = Buffer.from(encodeClaim(exact)).toString('utf8');
const us = { partner: 'lender.example', purpose: 'loan 2026-12' };
const folder = mkdtempSync(join(tmpdir(), 'solvent-partner-claims-'));
let gateway: TestGateway;
let keys: Awaited<ReturnType<typeof claimKeyFolder>>;
let partner: { readonly id: string; readonly key: string };
let client: SolventClient;

beforeAll(async () => {
  keys = await claimKeyFolder({ [nameOf(verifyingKey.digest, 'json')]: key });
  const { operator } = manifest.header;
  gateway = await TestGateway.start({ claimKeys: keys.path, claimDevelopment: true, operator });
  await publishClaimSnapshot(gateway.database, gateway.keyring, snapshot);
  partner = await gateway.key('PARTNER', undefined, [us.partner]);
  client = createClient({ endpoint: gateway.url, apiKey: partner.key });
});
afterAll(async () => {
  await gateway?.close();
  await keys?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const asked = {
  ...{ ...us, snapshotId: manifest.header.snapshot },
  ...{ value: 0, threshold: exact.threshold, challenge: toHex(PARTNER.challenge) },
};

it('asks for challenges and keys, and has a claim verified, once', async () => {
  expect(await client.claimChallenge(us)).toMatchObject({
    challenge: expect.stringMatching(/^0x[0-9a-f]{62}$/) as string,
    scope: toHex(PARTNER.scope),
  });
  expect(await client.claimKeys(asked.snapshotId)).toMatchObject([
    {
      digest: toHex(verifyingKey.digest),
      developmentSetUp: true,
      serverProves: false,
      document: Buffer.from(key).toString(),
    },
  ]);
  // The challenge of a claim that was made before: as if it had been given out here.
  await gateway.database.pool.query(
    `INSERT INTO claim_challenge (challenge, scope, api_key_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 minute')`,
    [PARTNER.challenge, PARTNER.scope, partner.id],
  );
  expect(await client.verifyClaim(claim, asked)).toMatchObject({
    ...{ valid: true, developmentSetUp: true, seenBefore: null, claimRoot: manifest.claimRoot },
    atLeast: { side: 'EQUITY', amount: exact.threshold.toString() },
  });
  expect(await client.verifyClaim(claim, asked)).toMatchObject({
    ...{ valid: false, code: 'CLAIM_CHALLENGE_TAKEN', atLeast: null },
  });
  await expect(client.verifyClaim('{}', asked)).rejects.toMatchObject({ code: 'CLAIM_MALFORMED' });
  await expect(createClient({ endpoint: gateway.url }).claimChallenge(us)).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
});

it('the second program in docs/guides/partner.md refuses a claim that answers another challenge', async () => {
  const { operator, assets } = manifest.header;
  const ran = await runNode(
    [await guideProgram(1, folder)],
    {
      ...{ SOLVENT_ENDPOINT: `${gateway.url}/graphql`, SOLVENT_API_KEY: partner.key, OPERATOR: operator },
      ...{ ASSET: assets[0]!.symbol, THRESHOLD: '1', ALLOW_DEVELOPMENT: 'true' },
    },
    (printed) => (printed.includes('--challenge 0x') ? Promise.resolve(`${claim}\n`) : undefined),
  );
  expect(ran).toMatchObject({ code: 1, stderr: '' });
  expect(ran.stdout).toContain(
    'the service says false CLAIM_CHALLENGE\nverified here: false\nCLAIM_CHALLENGE ',
  );
});
