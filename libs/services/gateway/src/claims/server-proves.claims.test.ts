import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claimScope, newChallenge, parseClaim, verifyClaim } from '@solvent-por/claims';
import { hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { ClaimThread } from '@solvent-por/services/prover';
import { claimAccess, headerDigest } from '@solvent-por/verifier';
import { ProvedClaims } from '../../testing/proved-claims';

const PROVE = `mutation ($input: ProveClaimInput!) { proveClaim(input: $input) { document nullifier developmentSetUp } }`;
const asked = { partner: 'lender.example', purpose: 'loan' };

let services: ProvedClaims;
beforeAll(async () => {
  services = await ProvedClaims.start('proved-here');
});
afterAll(() => services?.stop());

test('a prover makes real claims for accounts of a proved snapshot, and a partner takes them', async () => {
  const { proved } = services;
  const { manifest } = proved;
  for (const { id, key, amounts } of proved.accounts.slice(0, 2)) {
    const [challenge, threshold] = [newChallenge(), amounts[1]!];
    const answer = await services.gateway.ask(PROVE, {
      input: {
        ...{ ...asked, snapshotId: 'proved-here', accountId: toHex(id), challenge: toHex(challenge) },
        access: toHex(claimAccess(headerDigest(manifest.header), key)),
        ...{ value: 1, threshold: threshold.toString(), serverSeesRequest: true },
      },
    });
    expect(answer.errors).toBeUndefined();
    const { document, ...said } = answer.data!['proveClaim'] as { document: string; nullifier: string };
    const verdict = verifyClaim(parseClaim(utf8(document)), {
      ...{ manifest, verifyingKey: services.keys.verifyingKey, challenge, value: 1, threshold },
      scope: claimScope(asked.partner, asked.purpose),
      ...{ trust: { operator: hexBytes(manifest.header.operator, 32) }, allowDevelopment: true },
    });
    expect(verdict).toMatchObject({ valid: true, developmentSetUp: true });
    expect(said).toMatchObject({
      nullifier: (verdict as { nullifier: string }).nullifier,
      developmentSetUp: true,
    });
  }
});

test('a thread says which key it lacks, and does not take another for it', async () => {
  const thread = new ClaimThread(services.folder);
  try {
    const task = (key: string) => ({
      manifest: new Uint8Array(services.proved.document),
      request: {
        ...{ snapshotId: 'proved-here', file: '{}', key, value: 0, threshold: '0' },
        ...{ scope: `0x${'00'.repeat(31)}`, challenge: `0x${'00'.repeat(31)}` },
      },
    });
    const lost = `0x${'12'.repeat(32)}`;
    await expect(thread.prove(task(lost))).rejects.toMatchObject({ code: 'CLAIM_KEY_NOT_SERVED' });
    await writeFile(join(services.folder, `${lost}.json`), services.keys.document);
    await expect(thread.prove(task(lost))).rejects.toMatchObject({ code: 'CLAIM_KEY_DAMAGED' });
    const own = toHex(services.keys.verifyingKey.digest);
    await expect(thread.prove(task(own))).rejects.toMatchObject({ code: 'CLAIM_FILE_MALFORMED' });
  } finally {
    await thread.end();
  }
});
