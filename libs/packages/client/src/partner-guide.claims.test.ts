import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  claimFragment,
  claimScope,
  encodeClaim,
  MAX_CLAIM_BYTES,
  parseVerifyingKey,
} from '@solvent-por/claims';
import { endSnarkjs, proveClaim } from '@solvent-por/claims/prove';
import { claimHeader, claimSnapshot, type ClaimSnapshot } from '@solvent-por/dev/proofs';
import { hexBytes } from '@solvent-por/kzg';
import { testClaimKeys } from '../../../dev/proofs/testing/claim-keys';
import { publishClaimSnapshot } from '../../../services/gateway/testing/published-claims';
import { TestGateway } from '../../../services/gateway/testing/test-gateway';
import { guideProgram, runNode } from '../testing/guide-program';
import { createClient } from './index';

/** The way from the challenge to the verdict, with what the user downloads, proved for good. */
const folder = mkdtempSync(join(tmpdir(), 'solvent-partner-claims-'));
const us = { partner: 'lender.example', purpose: 'loan 2026-12' };
let gateway: TestGateway;
let snapshot: ClaimSnapshot;
let program: string;
let apiKey: string;

beforeAll(async () => {
  const keys = await testClaimKeys(2);
  snapshot = claimSnapshot(claimHeader(), 7, [keys.verifyingKey]);
  const { operator } = snapshot.manifest.header;
  gateway = await TestGateway.start({ claimKeys: keys.folder, claimDevelopment: true, operator });
  await publishClaimSnapshot(gateway.database, gateway.keyring, snapshot);
  apiKey = (await gateway.key('PARTNER', undefined, [us.partner])).key;
  program = await guideProgram(1, folder);
});
afterAll(async () => {
  await endSnarkjs();
  await gateway?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the user does with a challenge: with nothing but what anybody can download, and their claim file. */
async function claimOf(account: number, challenge: string, threshold: bigint): Promise<Uint8Array> {
  const client = createClient({ endpoint: gateway.url });
  const [served] = await client.claimKeys(snapshot.manifest.header.snapshot);
  const download = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer());
  const claim = await proveClaim(
    snapshot.claimFile(account),
    {
      ...{ scope: claimScope(us.partner, us.purpose), challenge: hexBytes(challenge, 31) },
      ...{ value: 0, threshold },
    },
    {
      manifest: snapshot.manifest,
      verifyingKey: parseVerifyingKey(await download(served!.verifyingKeyUrl)),
      ...{ zkey: await download(served!.provingKeyUrl), wasm: await download(served!.circuitUrl) },
    },
  );
  return encodeClaim(claim);
}

const run = (account: number, show: 'text' | 'link' = 'text') => {
  const { operator, assets } = snapshot.manifest.header;
  return runNode(
    [program],
    {
      ...{ SOLVENT_ENDPOINT: `${gateway.url}/graphql`, SOLVENT_API_KEY: apiKey, OPERATOR: operator },
      ...{ ASSET: assets[0]!.symbol, THRESHOLD: '1', ALLOW_DEVELOPMENT: 'true' },
    },
    (printed) => {
      const challenge = /--challenge (0x[0-9a-f]{62})\n/.exec(printed)?.[1];
      if (challenge === undefined) return undefined;
      return claimOf(account, challenge, 1n).then((bytes) => {
        expect(bytes.length).toBeLessThan(MAX_CLAIM_BYTES);
        const text = Buffer.from(bytes).toString('utf8');
        return `${show === 'text' ? text : `https://elsewhere.example/#${claimFragment(bytes)}`}\n`;
      });
    },
  );
};

it('the second program in docs/guides/partner.md takes a claim, and refuses the account’s next one', async () => {
  const first = await run(4);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toContain('the service says true \nverified here: true\ntaken\n');
  expect(first.stdout).toContain('development set-up: do not rely on it');
  const second = await run(4);
  expect(second).toMatchObject({ code: 1, stderr: '' });
  expect(second.stdout).toContain(
    'the service says true \nverified here: true\nthis account made a claim before',
  );
  // By a link, whatever page it names.
  expect((await run(5, 'link')).stdout).toContain('taken\n');
});
