import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@solvent-por/kzg';
import {
  provedSnapshot,
  storeSnapshot,
  type ProvedSnapshot,
} from '../../../services/gateway/testing/proved-snapshot';
import { TestGateway } from '../../../services/gateway/testing/test-gateway';
import { guideProgram, runNode } from '../testing/guide-program';
import { createClient } from './index';

const folder = mkdtempSync(join(tmpdir(), 'solvent-partner-'));
let gateway: TestGateway;
let proved: ProvedSnapshot;

beforeAll(async () => {
  proved = await provedSnapshot('partner', { accounts: 70 });
  gateway = await TestGateway.start({ operator: proved.header.operator });
  await storeSnapshot(gateway.database, gateway.keyring, proved);
});
afterAll(async () => {
  await gateway?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the first program in docs/guides/partner.md', () => {
  let program: string;
  beforeAll(async () => {
    program = await guideProgram(0, folder);
  });

  const start = async (accountKey: string, operator: string | null = proved.header.operator) =>
    runNode([program], {
      SOLVENT_ENDPOINT: `${gateway.url}/graphql`,
      SOLVENT_API_KEY: (await gateway.key('PARTNER')).key,
      ACCOUNT_KEY: accountKey,
      ...(operator !== null && { OPERATOR: operator }),
    });
  const key = () => toHex(proved.accounts[3]!.key);
  const other = '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';

  it('looks up a balance and verifies it, there and here', async () => {
    const { code, stdout, stderr } = await start(key());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('the service says true id checked: true operator checked: true');
    expect(stdout).toContain('verified here: true\naccount key checked: true\n');
    expect(stdout).toContain(`signed by the expected operator ${proved.header.operator}`);
    expect(stdout).toContain("NOT checked that the manifest's totals hold for all accounts");
    expect(stdout).toContain('(TOTALS)');
    expect(stdout).toMatch(/\w+ equity \d+ units of 10\^-\d+\n/);
  });

  it('notices another operator, and an unknown account', async () => {
    const mistaken = await start(key(), other);
    expect(mistaken.code).toBe(1);
    expect(mistaken.stdout).toContain('verified here: false\nOPERATOR_UNEXPECTED');
    expect(await start(`0x${'ab'.repeat(32)}`)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ACCOUNT_NOT_FOUND/),
    });
  });

  it('leaves no check out for a key that is not exactly 0x and lower case', async () => {
    for (const operator of [other.toUpperCase(), ` ${other.slice(2)}\n`, `"${other}"`])
      expect((await start(key(), operator)).stdout).toContain('verified here: false\nOPERATOR_UNEXPECTED');
    expect(
      (await start(` ${key().toUpperCase()}\r\n`, ` ${proved.header.operator.toUpperCase()} `)).stdout,
    ).toContain('verified here: true\naccount key checked: true');
    for (const operator of ['', '0x12', other.slice(0, -1), 'undefined'])
      expect(await start(key(), operator)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^OPERATOR_KEY_MALFORMED/),
      });
    expect(await start('0x12')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^KEY_MALFORMED/),
    });
  });

  it('is told where an id was given in place of the key: nothing is found by an id of an id', async () => {
    expect(await start(toHex(proved.accounts[3]!.id))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ACCOUNT_NOT_FOUND/),
    });
  });

  it('shows what was not checked where no key is given', async () => {
    const { code, stdout } = await start(key(), null);
    expect(code).toBe(0);
    expect(stdout).toContain("NOT checked that this is the operator's key");
  });
});

describe('the client against the real gateway', () => {
  const as = async (role?: 'OPERATOR') =>
    createClient({
      endpoint: gateway.url,
      ...(role && { apiKey: (await gateway.key(role)).key }),
    });

  it('reads what anybody may see', async () => {
    const client = await as();
    const ids: string[] = [];
    for await (const { id } of client.snapshots({ first: 50 })) ids.push(id);
    expect(ids).toEqual(['partner']);
    expect(await client.snapshot('partner')).toMatchObject({ state: 'PUBLISHED', progress: null });
    expect(await client.snapshot('lost')).toBeNull();
    expect(await client.lessThanPrevious('partner')).toBeNull();
    await expect(client.lessThanPrevious('lost')).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' });
    const manifests: string[] = [];
    for await (const { document } of client.manifests({ first: 50 })) manifests.push(document);
    expect(manifests).toEqual([proved.document.toString('utf8')]);
    expect(await client.globalProof('partner')).toMatchObject({ bytes: proved.file.length });
    expect(await client.health()).toMatchObject({ ready: true });
    expect(await client.globalVerification('partner')).toBeNull();
    expect(await client.sealedBundle('partner')).toBeNull();
    await expect(client.sealedBundle('lost')).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' });
  });

  it('looks an account up by the id that it makes from the key', async () => {
    const client = await as();
    const { key, id } = proved.accounts[5]!;
    const made = await client.accountId('partner', toHex(key));
    expect(made).toBe(toHex(id));
    const proof = await client.inclusionProof('partner', made);
    expect(proof).toMatchObject({
      accountId: made,
      manifest: { document: proved.document.toString('utf8') },
    });
    expect(await client.verifyInclusion(proof.document, made)).toMatchObject({
      valid: true,
      idChecked: true,
      manifestDigest: proof.manifest.digest,
    });
    expect(await client.verifyInclusion(proof.document, toHex(key))).toMatchObject({
      valid: false,
      code: 'INCLUSION_ID',
      reason: expect.stringContaining('never send it'),
    });
    expect(await client.plainOpening('partner', made)).toMatchObject({ batch: 0, row: proof.row });
    await expect(client.accountId('lost', toHex(key))).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' });
  });

  it('downloads the same bytes, from the middle too', async () => {
    const client = await as();
    expect(Buffer.from(await client.downloadManifest('partner')).equals(proved.document)).toBe(true);
    const read = async (options: { from?: number; etag?: string | undefined }) => {
      const stream = await client.streamGlobalProof('partner', options);
      const pieces: Uint8Array[] = [];
      for await (const piece of stream.body) pieces.push(piece);
      return { ...stream, bytes: Buffer.concat(pieces) };
    };
    const { bytes, etag } = await read({});
    expect(bytes.equals(proved.file)).toBe(true);
    expect(etag).toBeDefined();
    const rest = await read({ from: 1000, etag });
    expect(rest).toMatchObject({ from: 1000, total: proved.file.length });
    expect(rest.bytes.equals(proved.file.subarray(1000))).toBe(true);
    expect((await read({ from: proved.file.length, etag })).bytes).toHaveLength(0);
    expect(await read({ from: 1000, etag: '"other"' })).toMatchObject({ from: 0 });
    await expect(client.downloadManifest('lost')).rejects.toMatchObject({
      code: 'SNAPSHOT_NOT_FOUND',
      status: 404,
    });
  });

  it('does what operators do, and is refused without their key', async () => {
    const client = await as('OPERATOR');
    expect(await client.snapshot('partner')).toMatchObject({ progress: { batches: 1, batchesProved: 1 } });
    await expect(client.sealBundle('partner', { keysAreSecret: false })).rejects.toMatchObject({
      code: 'SEALED_KEYS',
    });
    const { bundle, created } = await client.sealBundle('partner', { keysAreSecret: true });
    expect({ bundle, created }).toMatchObject({ created: true, bundle: { state: 'REQUESTED', batches: 1 } });
    expect(await client.sealedBundle('partner')).toEqual(bundle);
    expect(await (await as()).sealedBundle('partner')).toBeNull();
    const { id, key } = await client.createApiKey({ name: 'a', role: 'PARTNER' });
    expect(key).toContain(id);
    expect(await client.revokeApiKey(id)).toBe(true);
    expect(await client.revokeApiKey(id)).toBe(false);
    await expect((await as()).createApiKey({ name: 'a', role: 'PARTNER' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(createClient({ endpoint: gateway.url, apiKey: key }).health()).rejects.toMatchObject({
      code: 'API_KEY_INVALID',
    });
  });
});
