import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeVerifyingKey, parseVerifyingKey } from '@solvent-por/claims';
import { claimHeader, claimSnapshot, madeClaims } from '@solvent-por/dev/proofs';
import { toHex } from '@solvent-por/kzg';
import { claimKeyFolder, publishClaimSnapshot } from '../../testing/published-claims';
import { codesOf, TestGateway } from '../../testing/test-gateway';

const KEYS = `query ($id: String!) { claimKeys(snapshotId: $id) { digest developmentSetUp serverProves document verifyingKeyUrl provingKeyUrl circuitUrl } }`;

const sha256 = (bytes: Uint8Array) => `0x${createHash('sha256').update(bytes).digest('hex')}`;
const zkey = Buffer.alloc(3_000_000, 'a proving key ');
const wasm = Buffer.alloc(70_000, 'a witness generator ');
const made = madeClaims();
const { files } = made.verifyingKey.document;
const document = Buffer.from(
  encodeVerifyingKey({
    ...made.verifyingKey.document,
    files: { ...files, zkey: sha256(zkey), wasm: sha256(wasm) },
  }),
);
const key = parseVerifyingKey(new Uint8Array(document));
const digest = toHex(key.digest);
/** The second one is in no folder. */
const snapshot = claimSnapshot(claimHeader(), 7, [key, made.verifyingKey]);

let harness: TestGateway;
let folder: Awaited<ReturnType<typeof claimKeyFolder>>;
beforeAll(async () => {
  folder = await claimKeyFolder({
    [`${digest}.json`]: document,
    [`${sha256(zkey)}.zkey`]: zkey,
    [`${sha256(wasm)}.wasm`]: wasm,
  });
  harness = await TestGateway.start({ claimKeys: folder.path });
  await publishClaimSnapshot(harness.database, harness.keyring, snapshot);
});
afterAll(async () => {
  await harness?.close();
  await folder?.remove();
});

const get = (name: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${harness.url}/claims/${name}`, { headers, method });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test('keys that the manifest names are listed with their addresses, as far as they are there', async () => {
  const { data } = await harness.ask(KEYS, { id: snapshot.manifest.header.snapshot });
  const at = `${harness.url}/claims/${digest}`;
  expect(data!['claimKeys']).toEqual([
    {
      ...{ digest, developmentSetUp: true, serverProves: false, document: document.toString('utf8') },
      verifyingKeyUrl: `${at}/verifying-key.json`,
      provingKeyUrl: `${at}/proving-key.zkey`,
      circuitUrl: `${at}/circuit.wasm`,
    },
  ]);
  expect(codesOf(await harness.ask(KEYS, { id: 'lost' }))).toEqual(['SNAPSHOT_NOT_FOUND']);
});

test.each([
  ['verifying-key.json', document, 'application/json'],
  ['proving-key.zkey', zkey, 'application/octet-stream'],
  ['circuit.wasm', wasm, 'application/wasm'],
])('%s: whole, a range of it, and not again', async (name, content, type) => {
  const whole = await get(`${digest}/${name}`);
  expect(whole.status).toBe(200);
  const etag = `"${sha256(content).slice(2)}"`;
  for (const [header, value] of Object.entries({
    ...{ 'content-type': type, 'content-length': String(content.length), etag, 'accept-ranges': 'bytes' },
    'cache-control': 'public, max-age=31536000, immutable',
  }))
    expect([header, whole.headers.get(header)]).toEqual([header, value]);
  expect((await bytesOf(whole)).equals(content)).toBe(true);
  const part = await get(`${digest}/${name}`, { range: 'bytes=100-1099', 'if-range': etag });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes 100-1099/${content.length}`);
  expect((await bytesOf(part)).equals(content.subarray(100, 1100))).toBe(true);
  expect((await get(`${digest}/${name}`, { 'if-none-match': etag })).status).toBe(304);
  const head = await get(`${digest}/${name}`, {}, 'HEAD');
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(content.length)]);
});

test('nothing else of the folder, or of the disk, is served', async () => {
  for (const name of [
    `${toHex(made.verifyingKey.digest)}/verifying-key.json`,
    `${digest.slice(2)}/verifying-key.json`,
    `${digest.toUpperCase()}/verifying-key.json`,
    `${sha256(zkey)}/proving-key.zkey`,
    `${encodeURIComponent('../' + digest)}/verifying-key.json`,
    `${encodeURIComponent('../../etc/passwd')}/circuit.wasm`,
  ]) {
    const answer = await get(name);
    expect([name, answer.status, (await answer.json()) as object]).toEqual([
      name,
      404,
      expect.objectContaining({ code: 'CLAIM_KEY_NOT_SERVED' }),
    ]);
  }
  expect((await get(`${digest}/other`)).status).toBe(404);
});

test('a file that is not what its name says is not served, and the operator is told; one served before stays what it was', async () => {
  const other = Buffer.from(document);
  other[20]! ^= 1;
  await writeFile(join(folder.path, `${digest}.json`), other);
  expect((await bytesOf(await get(`${digest}/verifying-key.json`))).equals(document)).toBe(true);
  await harness.restart({ claimKeys: folder.path });
  for (const name of ['verifying-key.json', 'proving-key.zkey'])
    expect((await get(`${digest}/${name}`)).status).toBe(500);
  await writeFile(join(folder.path, `${digest}.json`), Buffer.alloc(70_000));
  expect((await get(`${digest}/verifying-key.json`)).status).toBe(500);
  expect(harness.logged.join('')).toMatch(/CLAIM_KEY_DAMAGED/);
  expect(await harness.registry.metrics()).toContain(
    'solvent_gateway_stored_damage_total{what="claim-key"} 3',
  );
  // Mended, it is served without a restart.
  await writeFile(join(folder.path, `${digest}.json`), document);
  await writeFile(join(folder.path, `${sha256(wasm)}.wasm`), zkey);
  expect((await get(`${digest}/verifying-key.json`)).status).toBe(200);
  expect((await get(`${digest}/circuit.wasm`)).status).toBe(500);
});

test('downloads of them count', async () => {
  await harness.restart({ claimKeys: folder.path, rates: { other: { address: 1, key: 1 } } });
  const name = `${digest}/proving-key.zkey`;
  expect((await get(name)).status).toBe(200);
  const counted = await get(name);
  expect([counted.status, ((await counted.json()) as { code: string }).code]).toEqual([429, 'RATE_LIMITED']);
});

test('who has no place left for a download has no file read, by HEAD neither', async () => {
  await harness.restart({ claimKeys: folder.path, downloads: { address: 0, all: 0 } });
  for (const method of ['GET', 'HEAD'])
    for (const name of ['proving-key.zkey', 'circuit.wasm', 'verifying-key.json'])
      expect((await get(`${digest}/${name}`, {}, method)).status).toBe(429);
});
