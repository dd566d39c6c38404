import { FakeGateway, Refused } from '../testing/fake-gateway';
import { createClient, type GlobalProofStream } from './index';

const gateway = new FakeGateway();
beforeAll(() => gateway.start());
afterAll(() => gateway.stop());

const PATH = '/snapshots/s/global-proof.ndjson';
const BYTES = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251));
const client = () => createClient({ endpoint: gateway.endpoint });

async function read({ body }: GlobalProofStream): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

it('brings the whole file', async () => {
  gateway.file(PATH, BYTES, '"a"');
  const stream = await client().streamGlobalProof('s');
  expect(stream).toMatchObject({ from: 0, total: BYTES.length, etag: '"a"' });
  expect((await read(stream)).equals(BYTES)).toBe(true);
});

it('goes on where an earlier one stopped, as long as it is the same file', async () => {
  gateway.file(PATH, BYTES, '"a"');
  const stream = await client().streamGlobalProof('s', { from: 1000, etag: '"a"' });
  expect(stream).toMatchObject({ from: 1000, total: BYTES.length, etag: '"a"' });
  expect((await read(stream)).equals(BYTES.subarray(1000))).toBe(true);
  const whole = await client().streamGlobalProof('s', { from: BYTES.length, etag: '"a"' });
  expect(whole).toMatchObject({ from: BYTES.length, total: BYTES.length });
  expect(await read(whole)).toHaveLength(0);
});

it.each<[string, string, string | undefined, boolean, number]>([
  ['another file', '"b"', '"a"', true, 1000],
  ['a service without ranges', '"a"', '"a"', false, 1000],
  ['no tag that says which file it was', '"a"', undefined, true, 1000],
  ['more bytes than there are', '"a"', '"a"', true, BYTES.length + 1],
])('starts over: %s', async (_name, served, known, ranges, from) => {
  gateway.file(PATH, BYTES, served).ranges = ranges;
  const stream = await client().streamGlobalProof('s', { from, etag: known });
  expect(stream).toMatchObject({ from: 0, total: BYTES.length, etag: served });
  expect((await read(stream)).equals(BYTES)).toBe(true);
});

it('gives a weak tag for none', async () => {
  gateway.file(PATH, BYTES, 'W/"a"');
  const stream = await client().streamGlobalProof('s');
  expect(stream.etag).toBeUndefined();
  await read(stream);
});

it('refuses another part than was asked for', async () => {
  const answer = new Response('xyz', {
    status: 206,
    headers: { etag: '"a"', 'content-range': 'bytes 5-7/300' },
  });
  const lying = createClient({ endpoint: 'http://127.0.0.1', fetch: async () => answer });
  await expect(lying.streamGlobalProof('s', { from: 4, etag: '"a"' })).rejects.toMatchObject({
    code: 'RESPONSE_MALFORMED',
  });
});

it('says that it was cut, and when a service refuses', async () => {
  gateway.file(PATH, BYTES).cuts = [1000];
  await expect(read(await client().streamGlobalProof('s'))).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
  gateway.files.set(PATH, new Refused('RATE_LIMITED', 'too many', 429, { retryAfter: 3 }));
  await expect(client().streamGlobalProof('s')).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    message: 'too many',
    status: 429,
    retryAfter: 3,
  });
});

it('can be left early', async () => {
  gateway.file(PATH, Buffer.alloc(50_000_000));
  const { body } = await client().streamGlobalProof('s');
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    break;
  }
  expect(bytes).toBeLessThan(50_000_000);
});

it('brings a manifest of as many bytes as the page allows, as hundreds of assets with haircuts take, but no endless one', async () => {
  gateway.file('/snapshots/s/manifest.json', Buffer.from('{}'));
  expect(Buffer.from(await client().downloadManifest('s')).toString()).toBe('{}');
  gateway.file('/snapshots/s/manifest.json', Buffer.alloc(262_144, '1'));
  expect(await client().downloadManifest('s')).toHaveLength(262_144);
  gateway.file('/snapshots/s/manifest.json', Buffer.alloc(262_145));
  await expect(client().downloadManifest('s')).rejects.toMatchObject({ code: 'RESPONSE_TOO_LONG' });
});
