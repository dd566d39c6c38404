import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { concat, toHex } from '@solvent-por/kzg';
import { isTransient } from '@solvent-por/services/database';
import { sealSnapshot } from '@solvent-por/prover';
import { InProcessBus, silentLog, silentMeter } from '@solvent-por/services/kit';
import { Signer, silentSignerMeter } from '@solvent-por/services/prover';
import { TEST_KEYS } from '@solvent-por/dev/proofs';
import {
  provedSnapshot,
  storeSnapshot,
  type ProvedSnapshot,
} from '../../../libs/services/gateway/testing/proved-snapshot';
import { REQUEST_KEY, TestGateway } from '../../../libs/services/gateway/testing/test-gateway';
import { runJson, temporaryFolder } from '../testing/run-cli';

/**
 * A sealed bundle from the operator's request to a user's balance: the CLI, a gateway, the signer, real
 * PostgreSQL.
 */
const folder = temporaryFolder();
const manifest = join(folder, 'manifest.json');
let harness: TestGateway;
let proved: ProvedSnapshot;
let signer: Signer;
let bus: InProcessBus;
let operator: Record<string, string>;

beforeAll(async () => {
  proved = await provedSnapshot('october');
  writeFileSync(manifest, proved.document);
  harness = await TestGateway.start();
  await storeSnapshot(harness.database, harness.keyring, proved);
  bus = new InProcessBus({ isTransient, log: silentLog, meter: silentMeter });
  harness.onPublish = (contract, message) => bus.publish(contract, message);
  signer = new Signer({
    ...{ database: harness.database, keyring: harness.keyring, requestKey: REQUEST_KEY, bus, workers: 1 },
    keys: { ...TEST_KEYS, operator: proved.header.operator },
    ...{ meter: silentSignerMeter, log: silentLog },
  });
  await signer.start();
  operator = {
    SOLVENT_ENDPOINT: `${harness.url}/graphql`,
    SOLVENT_API_KEY: (await harness.key('OPERATOR')).key,
  };
});
afterAll(async () => {
  await Promise.all([bus?.close(), signer?.stop()]);
  await harness?.close();
});

const seal = (...more: string[]) =>
  runJson(['snapshot', 'seal', 'october', ...more], { environment: operator });
const address = () => `${harness.url}/snapshots/october/sealed`;
const read = (key: string) =>
  runJson(['verify-user', '--bundle', address(), '--global', manifest, '--key', key]);

test('asked for, watched, served, and read by its users; the bytes are those of prove-user', async () => {
  expect(await seal()).toMatchObject({ code: 2, document: { code: 'SEALED_KEYS' } });
  const anybody = { environment: { SOLVENT_ENDPOINT: operator.SOLVENT_ENDPOINT! } };
  expect(await runJson(['snapshot', 'seal', 'october', '--keys-are-secret'], anybody)).toMatchObject({
    ...{ code: 2, document: { code: 'FORBIDDEN' } },
  });
  expect(await read(toHex(proved.accounts[0]!.key))).toMatchObject({
    ...{ code: 2, document: { outcome: 'damaged', code: 'SEALED_FILE_MISSING' } },
  });

  const watched = await seal('--keys-are-secret', '--watch', '--interval', '1');
  expect(watched).toMatchObject({
    code: 0,
    document: { created: true, bundle: { state: 'SEALED', url: address(), batchesSealed: 3, failure: null } },
  });
  expect(await seal('--keys-are-secret')).toMatchObject({ code: 0, document: { created: false } });

  for (const { key, id } of [proved.accounts[0]!, proved.accounts[4_100]!, proved.accounts.at(-1)!])
    expect(await read(toHex(key))).toMatchObject({
      ...{ code: 0, document: { valid: true, outcome: 'included', id: toHex(id) } },
    });
  expect(await read(`0x${'5a'.repeat(32)}`)).toMatchObject({ code: 1, document: { outcome: 'absent' } });

  const output = join(folder, 'by-hand');
  mkdirSync(output);
  await sealSnapshot({
    ...{ witness: proved.witness, keys: TEST_KEYS, output, workers: 1 },
    accountKeys: once(concat(...proved.accounts.map(({ key }) => key))),
  });
  const names = readdirSync(output, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(output.length + 1));
  expect(names.length).toBeGreaterThan(16);
  for (const name of names) {
    const served = Buffer.from(await (await fetch(`${address()}/${name}`)).arrayBuffer());
    expect([name, served.equals(readFileSync(join(output, name)))]).toEqual([name, true]);
  }
});

async function* once(piece: Uint8Array): AsyncGenerator<Uint8Array> {
  yield piece;
}
