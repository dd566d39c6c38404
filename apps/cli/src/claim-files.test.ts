import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkClaimFile, parseClaimFile } from '@solvent-por/claims';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { accountId, claimAccess, headerDigest, parseManifest } from '@solvent-por/verifier';
import { FakeGateway } from '../../../libs/packages/client/testing/fake-gateway';
import { publish, snapshotAnswer } from '../testing/published';
import { proofFileOf } from '../testing/proof-file';
import { readBalances } from '../testing/balances';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

/** Claims of a snapshot of the command line: configuration, claim tree, files for accounts. */
const folder = temporaryFolder();
const data = join(folder, 'data');
const [accounts, output] = [join(data, 'accounts'), join(folder, 'published')];
const [witness, manifest] = [join(output, 'witness'), join(output, 'manifest.json')];
/** Of a development set-up, for two published values: those of `aggregate`. */
const MADE = join(__dirname, '../../../libs/dev/proofs/src/claims/made-claims.json');
const made = JSON.parse(readFileSync(MADE, 'utf8')) as { key: object };

function configured(claims: object, name = 'claims.json'): string {
  const config = JSON.parse(readFileSync(join(data, 'snapshot.json'), 'utf8')) as object;
  const file = join(data, name);
  writeFileSync(file, JSON.stringify({ ...config, claims }));
  return file;
}

const prove = (config: string, to = output) =>
  ['prove', '--input', accounts, '--config', config, '--output', to, '--workers', '1'] as const;
const users = (...more: string[]) => ['prove-user', '--witness', witness, '--workers', '1', ...more];

beforeAll(async () => {
  const generate = ['generate', '--accounts', '7', '--mode', 'aggregate', '--assets', '2', '--output', data];
  expect((await runJson(generate)).code).toBe(0);
  writeFileSync(join(data, 'claim-key.json'), JSON.stringify(made.key));
  const { code, stdout } = await runCli([
    ...prove(configured({ keys: ['claim-key.json'], allowDevelopment: true })),
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain('private claims: development set-up: do not rely on it');
});

const readManifest = () => parseManifest(new Uint8Array(readFileSync(manifest)));

test('the manifest names the digest of the verifying key’s file, and the claim file of an account leads to its root', async () => {
  expect(readManifest().claimKeys).toEqual([
    '0x49a4523c5242592baa57f7b3567454f0c9d0103ebee4c878271b8acbd2a19b59',
  ]);
  const { key } = readBalances(accounts, 0)[3]!;
  const places = ['--output', join(folder, 'proofs'), '--claims', join(folder, 'claims')];
  const { code, document } = await runJson(users('--key', key, ...places));
  expect(code).toBe(0);
  expect(document).toMatchObject({ written: 1, claims: join(folder, 'claims') });
  const name = proofFileOf(manifest, key);
  const file = parseClaimFile(new Uint8Array(readFileSync(join(folder, 'claims', name))));
  expect(() => checkClaimFile(file, readManifest())).not.toThrow();
  expect(readdirSync(join(folder, 'claims')).sort()).toEqual([name, 'index.ndjson', 'manifest.json'].sort());
  // Beside it, of the same name, is what says the same balance, without what makes claims.
  const inclusion = readFileSync(join(folder, 'proofs', name), 'utf8');
  expect((JSON.parse(inclusion) as { values: string[] }).values).toEqual(file.values.map(String));
  expect(inclusion).not.toMatch(/claim/i);
});

test('one file of lines each, and a word of caution', async () => {
  const [proofs, claims] = [join(folder, 'proofs.ndjson'), join(folder, 'claims.ndjson')];
  const lines = ['--all', '--format', 'ndjson', '--output', proofs, '--claims', claims];
  const { code, stdout } = await runCli(users(...lines));
  expect(code).toBe(0);
  expect(stdout).toMatch(/7 claim files in .*whoever has a claim file can make claims/s);
  expect(readFileSync(claims, 'utf8').trimEnd().split('\n')).toHaveLength(7);
});

test.each([
  ['a sealed bundle', ['--format', 'sealed', '--claims', 'c'], 'OPTIONS', /hand each to its owner/],
  ['one place for both', ['--claims', 'o'], 'OPTIONS', /another place than --output/],
])('%s holds no claim files', async (_, more, code, message) => {
  const { document } = await runJson(users('--all', '--output', 'o', ...more), { cwd: folder });
  expect(document).toMatchObject({ code, message: expect.stringMatching(message) as string });
  expect(existsSync(join(folder, 'o'))).toBe(false);
});

test('claim files of a snapshot without claims: the message says what to do, and nothing is written', async () => {
  const plain = join(folder, 'plain');
  await publish(plain);
  const places = ['--output', join(folder, 'p'), '--claims', join(folder, 'q')];
  const ofPlain = ['prove-user', '--witness', join(plain, 'published', 'witness'), '--all', ...places];
  const { document } = await runJson(ofPlain);
  expect(document).toMatchObject({
    code: 'CLAIMS_NOT_OFFERED',
    message: expect.stringContaining('adds `claims` to the configuration') as string,
  });
  expect(existsSync(join(folder, 'p'))).toBe(false);
});

test.each([
  ['of a development set-up, without a word', { keys: ['claim-key.json'] }, 'CLAIM_KEY_DEVELOPMENT'],
  ['that is not there', { keys: ['no-key.json'] }, 'CLAIM_KEY_UNREADABLE'],
  ['that is no verifying key', { keys: ['snapshot.json'] }, 'DOCUMENT_NOT_CANONICAL'],
])('a key %s is refused before anything is proved', async (_, claims, code) => {
  const to = join(folder, 'refused');
  const { document } = await runJson([...prove(configured(claims, 'refused.json'), to)]);
  expect(document).toMatchObject({ code });
  expect(existsSync(join(to, 'witness'))).toBe(false);
});

test('a development key that only its digest names is judged by its document beside the configuration', async () => {
  const [digest] = readManifest().claimKeys!;
  const to = join(folder, 'by-digest');
  const judged = async (claims: object) =>
    (await runJson([...prove(configured(claims, 'digest.json'), to)])).document;
  expect(await judged({ keys: [digest], allowDevelopment: true })).toMatchObject({
    code: 'CLAIM_KEY_UNREADABLE',
    message: expect.stringContaining('of which set-up it is stands in that file') as string,
  });
  const beside = join(data, `${digest}.json`);
  writeFileSync(beside, JSON.stringify(made.key));
  expect(await judged({ keys: [digest] })).toMatchObject({ code: 'CLAIM_KEY_DEVELOPMENT' });
  const other = `0x${'ab'.repeat(32)}`;
  writeFileSync(join(data, `${other}.json`), JSON.stringify(made.key));
  expect(await judged({ keys: [other], allowDevelopment: true })).toMatchObject({ code: 'CLAIM_KEY_OTHER' });
  expect(existsSync(join(to, 'witness'))).toBe(false);
  const { code, stdout } = await runCli([
    ...prove(configured({ keys: [digest], allowDevelopment: true }, 'digest.json'), to),
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain('private claims: development set-up: do not rely on it');
});

test('a key for snapshots of another number of values is refused', async () => {
  const spot = join(folder, 'spot');
  const generate = ['generate', '--accounts', '1', '--mode', 'spot', '--assets', '3', '--output', spot];
  expect((await runJson(generate)).code).toBe(0);
  const config = JSON.parse(readFileSync(join(spot, 'snapshot.json'), 'utf8')) as object;
  const file = join(spot, 'claims.json');
  writeFileSync(file, JSON.stringify({ ...config, claims: { keys: [join(data, 'claim-key.json')] } }));
  const { document } = await runJson([
    ...['prove', '--input', join(spot, 'accounts'), '--config', file, '--output', join(folder, 'never')],
  ]);
  expect(document).toMatchObject({
    code: 'CLAIM_KEY_OTHER_LAYOUT',
    message: expect.stringContaining('2 published values, this one has 3') as string,
  });
});

test('the owner fetches the claim file by an access made from the key, which stays here; another account’s is not taken', async () => {
  const gateway = new FakeGateway();
  await gateway.start();
  const parsed = readManifest();
  const [mine, theirs] = readBalances(accounts, 0).map(({ key }) => key);
  const lines = readFileSync(join(folder, 'claims.ndjson'), 'utf8').trimEnd().split('\n');
  const digest = headerDigest(parsed.header);
  const ofKey = (key: string) => {
    const bytes = hexBytes(`0x${key.replace(/^0x/, '')}`, 32);
    const id = toHex(accountId(digest, bytes));
    return { id, access: toHex(claimAccess(digest, bytes)), file: lines.find((line) => line.includes(id))! };
  };
  const asked: unknown[] = [];
  let sent = ofKey(mine!).file;
  gateway.file('/snapshots/generated/manifest.json', readFileSync(manifest));
  gateway.fields.claimFile = (args: unknown) => {
    asked.push(args);
    const documentDigest = `0x${createHash('sha256').update(sent).digest('hex')}`;
    const header = { snapshot: 'generated', takenAt: parsed.header.takenAt };
    return { manifest: { digest: '', document: '' }, ...header, document: sent, documentDigest };
  };
  try {
    const run = (output: string) =>
      runJson(['fetch', 'claim', '--snapshot', 'generated', '--key', mine!, '--output', output], {
        environment: { SOLVENT_ENDPOINT: gateway.endpoint },
      });
    const output = join(folder, 'fetched', 'mine.json');
    expect(await run(output)).toMatchObject({ code: 0, document: { file: output } });
    expect(readFileSync(output, 'utf8')).toBe(sent);
    expect(statSync(output).mode & 0o777).toBe(0o600);
    const { id, access } = ofKey(mine!);
    expect(asked).toEqual([{ input: { snapshotId: 'generated', accountId: id, access } }]);
    expect(JSON.stringify(asked)).not.toContain(mine!.replace(/^0x/, ''));
    sent = ofKey(theirs!).file;
    const refused = await run(join(folder, 'fetched', 'theirs.json'));
    expect(refused).toMatchObject({ code: 1, document: { code: 'ANSWER_MISMATCH' } });
    expect(readdirSync(join(folder, 'fetched')).sort()).toEqual(['manifest.json', 'mine.json']);
  } finally {
    await gateway.stop();
  }
});

test('services are sent the digests of keys, and no file of this machine', async () => {
  const gateway = new FakeGateway();
  await gateway.start();
  const asked: unknown[] = [];
  gateway.fields.requestSnapshot = (args: unknown) => {
    asked.push(args);
    return { created: true, snapshot: snapshotAnswer({ state: 'REQUESTED', manifest: null }) };
  };
  try {
    const config = configured({ keys: ['claim-key.json'], allowDevelopment: true }, 'sent.json');
    const environment = { SOLVENT_ENDPOINT: gateway.endpoint, SOLVENT_API_KEY: 'slv_1_key' };
    const { code } = await runCli(['snapshot', 'request', '--config', config, '--source', 'a'], {
      environment,
    });
    expect({ code, asked }).toMatchObject({
      code: 0,
      asked: [{ input: { config: { claims: { keys: readManifest().claimKeys } } } }],
    });
    expect(JSON.stringify(asked)).not.toMatch(/claim-key|allowDevelopment/);
  } finally {
    await gateway.stop();
  }
});
