import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claimScope, newChallenge, parseClaim, verifyClaim } from '@solvent-por/claims';
import { testClaimKeys } from '@solvent-por/dev/proofs';
import { hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { isTransient, openDatabase, type Database } from '@solvent-por/services/database';
import { InProcessBus, silentLog, silentMeter } from '@solvent-por/services/kit';
import { ClaimThread, Prover, silentProverMeter } from '@solvent-por/services/prover';
import { deriveKeys } from '@solvent-por/snapshot/readers';
import { provedSnapshot, storeSnapshot, type ProvedSnapshot } from '../../testing/proved-snapshot';
import { claimKeyFolder, nameOf } from '../../testing/published-claims';
import { REQUEST_KEY, TestGateway } from '../../testing/test-gateway';

const PROVE = `mutation ($input: ProveClaimInput!) { proveClaim(input: $input) { document nullifier developmentSetUp } }`;
const asked = { partner: 'lender.example', purpose: 'loan' };

let harness: TestGateway;
let proved: ProvedSnapshot;
let keys: Awaited<ReturnType<typeof testClaimKeys>>;
let folder: Awaited<ReturnType<typeof claimKeyFolder>>;
let database: Database;
let bus: InProcessBus;
let prover: Prover;

beforeAll(async () => {
  keys = await testClaimKeys(2);
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  folder = await claimKeyFolder({
    [nameOf(keys.verifyingKey.digest, 'json')]: keys.document,
    [nameOf(digest(keys.zkey), 'zkey')]: keys.zkey,
    [nameOf(digest(keys.wasm), 'wasm')]: keys.wasm,
  });
  proved = await provedSnapshot('proved-here', { accounts: 5, claimKeys: [toHex(keys.verifyingKey.digest)] });
  const configuration = {
    claimKeys: folder.path,
    claimDevelopment: true,
    claimProving: true,
    claimSeconds: 50,
  };
  harness = await TestGateway.start(configuration);
  await storeSnapshot(harness.database, harness.keyring, proved);
  database = openDatabase(harness.as('prover'));
  bus = new InProcessBus({ isTransient, log: silentLog, meter: silentMeter });
  harness.onPublish = (contract, message) => bus.publish(contract, message);
  prover = new Prover({
    ...{
      database,
      bus,
      keyring: harness.keyring,
      requestKey: REQUEST_KEY,
      keys: deriveKeys(new Uint8Array(32).fill(7)),
    },
    ...{ workers: 1, volatileBus: true, meter: silentProverMeter, log: silentLog, claimKeys: folder.path },
  });
  await prover.start();
});
afterAll(async () => {
  await Promise.all([bus?.close(), prover?.stop()]);
  await harness?.close();
  await database?.close();
  await folder?.remove();
});

test('a prover makes real claims for accounts of a proved snapshot, and a partner takes them', async () => {
  const { manifest } = proved;
  for (const { id, amounts } of proved.accounts.slice(0, 2)) {
    const [challenge, threshold] = [newChallenge(), amounts[1]!];
    const answer = await harness.ask(PROVE, {
      input: {
        ...{ ...asked, snapshotId: 'proved-here', accountId: toHex(id), challenge: toHex(challenge) },
        ...{ value: 1, threshold: threshold.toString(), serverSeesRequest: true },
      },
    });
    expect(answer.errors).toBeUndefined();
    const { document, ...said } = answer.data!['proveClaim'] as { document: string; nullifier: string };
    const verdict = verifyClaim(parseClaim(utf8(document)), {
      ...{ manifest, verifyingKey: keys.verifyingKey, challenge, value: 1, threshold },
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
  const thread = new ClaimThread(folder.path);
  try {
    const task = (key: string) => ({
      manifest: new Uint8Array(proved.document),
      request: {
        ...{ snapshotId: 'proved-here', file: '{}', key, value: 0, threshold: '0' },
        ...{ scope: `0x${'00'.repeat(31)}`, challenge: `0x${'00'.repeat(31)}` },
      },
    });
    const lost = `0x${'12'.repeat(32)}`;
    await expect(thread.prove(task(lost))).rejects.toMatchObject({ code: 'CLAIM_KEY_NOT_SERVED' });
    await writeFile(join(folder.path, `${lost}.json`), keys.document);
    await expect(thread.prove(task(lost))).rejects.toMatchObject({ code: 'CLAIM_KEY_DAMAGED' });
    const own = toHex(keys.verifyingKey.digest);
    await expect(thread.prove(task(own))).rejects.toMatchObject({ code: 'CLAIM_FILE_MALFORMED' });
  } finally {
    await thread.end();
  }
});
