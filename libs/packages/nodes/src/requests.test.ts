import { gzipSync } from 'node:zlib';
import { stubs } from '../testing/http-stub';
import { readNodeConfiguration } from './configuration';
import { Requests } from './requests';

const stub = stubs();
const requestsTo = (url: string, more: object = {}) =>
  new Requests(
    readNodeConfiguration({ network: 'eip155:1', url, name: 'node', attempts: 1, ...more }),
    fetch,
  );
const GET = { most: 100 };

test('a path goes behind the one of the URL and before its query', async () => {
  const { url, requests } = await stub(() => ({ body: 'ok' }));
  await requestsTo(`${url}/api/?key=1`).send({ ...GET, path: '/block/1' });
  await requestsTo(`${url}/api`).send({ ...GET, path: '/block/2' });
  await requestsTo(`${url}/v3/key?x=1`).send({ ...GET, body: '{}' });
  expect(requests.map(({ path }) => path)).toEqual(['/api/block/1?key=1', '/api/block/2', '/v3/key?x=1']);
});

test.each([429, 500, 502, 503])('status %i is tried again', async (status) => {
  let asked = 0;
  const { url } = await stub(() => (asked++ === 0 ? { status, body: '' } : { body: 'ok' }));
  const bytes = await requestsTo(url, { attempts: 2 }).send(GET);
  expect(new TextDecoder().decode(bytes)).toBe('ok');
  expect(asked).toBe(2);
});

test('status 403 is not tried again, and a node that fails three times in a row is left alone', async () => {
  const { url, requests } = await stub(() => ({ status: 403, body: '' }));
  const node = requestsTo(url, { attempts: 3 });
  for (let i = 0; i < 3; i++)
    await expect(node.send(GET)).rejects.toMatchObject({
      code: 'NODE_REFUSES',
      message: expect.stringContaining('403'),
    });
  await expect(node.send(GET)).rejects.toMatchObject({ code: 'NODE_SILENT' });
  expect(requests).toHaveLength(3);
});

test('an answer is read no further than its bound, said or unsaid, packed or not', async () => {
  const long = 'a'.repeat(101);
  const { url } = await stub((path) => {
    if (path === '/packed')
      return { body: gzipSync('a'.repeat(1_000_000)), headers: { 'content-encoding': 'gzip' } };
    return { body: long, headers: path === '/said' ? { 'content-length': '101' } : {} };
  });
  for (const path of ['/said', '/unsaid', '/packed'])
    await expect(requestsTo(url).send({ ...GET, path })).rejects.toMatchObject({
      code: 'NODE_ANSWER_MALFORMED',
    });
  expect(await requestsTo(url).send({ most: 101 })).toHaveLength(101);
});

test('credentials are not carried to wherever a node points', async () => {
  const other = await stub(() => ({ body: 'ok' }));
  const { url } = await stub(() => ({ status: 307, body: '', headers: { location: other.url } }));
  const node = requestsTo(url.replace('//', '//user:sesame@'));
  await expect(node.send({ ...GET, body: '{}' })).rejects.toMatchObject({ code: 'NODE_UNREACHABLE' });
  expect(other.requests).toEqual([]);
});

test('what hangs ends with its time, or with close', async () => {
  const { url } = await stub(() => undefined);
  await expect(requestsTo(url, { timeoutMs: 20 }).send(GET)).rejects.toMatchObject({ code: 'NODE_SLOW' });
  const node = requestsTo(url);
  const hanging = node.send(GET);
  node.close();
  await expect(hanging).rejects.toMatchObject({ code: 'NODE_UNREACHABLE' });
});

test('a node that hangs at every second request is left alone, too: its time has a bound', async () => {
  let asked = 0;
  const configuration = { network: 'eip155:1', url: 'http://127.0.0.1', attempts: 1, timeoutMs: 1 };
  const node = new Requests(readNodeConfiguration(configuration), (_, { signal }) =>
    ++asked % 2 === 1
      ? new Promise((_, reject) => signal!.addEventListener('abort', () => reject(new Error('aborted'))))
      : Promise.resolve(new Response('ok')),
  );
  const ends: string[] = [];
  for (let i = 0; i < 60; i++)
    ends.push(
      await node.send(GET).then(
        () => 'ok',
        ({ code }: { readonly code: string }) => code,
      ),
    );
  expect(ends.slice(0, 4)).toEqual(['NODE_SLOW', 'ok', 'NODE_SLOW', 'ok']);
  expect(ends.at(-1)).toBe('NODE_SILENT');
  expect(asked).toBeLessThan(60);
});

test('no more requests at once than the node may get', async () => {
  let [now, most] = [0, 0];
  const held: (() => void)[] = [];
  const slow = async () => {
    most = Math.max(most, ++now);
    await new Promise<void>((resolve) => held.push(resolve));
    now--;
    return new Response('ok');
  };
  const node = new Requests(
    readNodeConfiguration({ network: 'eip155:1', url: 'http://127.0.0.1', concurrency: 3 }),
    slow,
  );
  const all = Promise.all(Array.from({ length: 10 }, () => node.send(GET)));
  let done = false;
  void all.then(() => (done = true));
  while (!done) {
    held.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(most).toBe(3);
});
