import { createServer } from 'node:http';
import { FakeGateway, Refused } from '../testing/fake-gateway';
import { createClient, SolventApiError, type NamedSnapshot } from './index';
import { retryAfterSeconds } from './errors';

const gateway = new FakeGateway();
beforeAll(() => gateway.start());
afterAll(() => gateway.stop());
afterEach(() => {
  gateway.instead = undefined;
  gateway.seen.length = 0;
});

const client = (options: Partial<Parameters<typeof createClient>[0]> = {}) =>
  createClient({ endpoint: gateway.endpoint, ...options });

async function failure(promise: Promise<unknown>): Promise<SolventApiError> {
  const error: unknown = await promise.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SolventApiError);
  return error as SolventApiError;
}

const snapshot = (id: string): NamedSnapshot => ({
  id,
  state: 'PUBLISHED',
  takenAt: '2026-01-01T00:00:00Z',
  mode: 'spot',
  unit: null,
  operator: `0x${'11'.repeat(32)}`,
  publishedAt: '2026-01-02T00:00:00.000Z',
  totals: [{ symbol: 'BTC', side: 'EQUITY', pool: null, scale: 8, amount: '1', display: '0.00000001' }],
  manifest: { digest: `0x${'22'.repeat(32)}` },
  progress: null,
  privateDataDropped: false,
  sealedBundle: null,
});

describe('an answer', () => {
  it('is read, and what was not asked for left out', async () => {
    gateway.fields.snapshot = ({ id }: { id: string }) => ({ ...snapshot(id), secret: 1 });
    expect(await client().snapshot('a')).toEqual(snapshot('a'));
    gateway.fields.latestSnapshot = () => null;
    expect(await client().latestSnapshot()).toBeNull();
  });

  it.each<[string, unknown, RegExp]>([
    ['a missing field', { ...snapshot('a'), takenAt: undefined }, /snapshot\.takenAt must be text/],
    ['an unknown state', { ...snapshot('a'), state: 'LOST' }, /snapshot\.state must be one of REQUESTED/],
    ['a float for an integer', { ...snapshot('a'), totals: [{ ...snapshot('a').totals![0], scale: 1.5 }] }, /snapshot\.totals\[0\]\.scale must be an integer/],
    ['a list for an object', [], /snapshot must be an object/],
    ['an object for a list', { ...snapshot('a'), totals: {} }, /snapshot\.totals must be a list/],
    ['text for a flag', { ...snapshot('a'), privateDataDropped: 'no' }, /true or false/],
  ])('with %s is refused', async (_name, value, message) => {
    gateway.fields.snapshot = () => value;
    const error = await failure(client().snapshot('a'));
    expect(error).toMatchObject({ code: 'RESPONSE_MALFORMED', transient: false });
    expect(error.message).toMatch(message);
  }); // prettier-ignore

  it('that is too long is not read to its end', async () => {
    const left = new Promise((resolve) => {
      gateway.instead = (response) => {
        const more = () => void response.write(Buffer.alloc(1 << 16));
        response.on('drain', more).once('close', resolve);
        more();
      };
    });
    const error = await failure(client({ maxResponseBytes: 1 << 20 }).health());
    expect(error).toMatchObject({ code: 'RESPONSE_TOO_LONG', transient: false });
    await left;
  });
});

describe('pages', () => {
  it('are walked through one after the other', async () => {
    const asked: unknown[] = [];
    gateway.fields.snapshots = (args: { first: number; after: string | null }) => {
      asked.push(args);
      const at = Number(args.after ?? 0);
      const nodes = [at, at + 1].map((n) => snapshot(`s${n}`));
      return { nodes, pageInfo: { endCursor: String(at + 2), hasNextPage: at < 4 } };
    };
    const ids: string[] = [];
    for await (const { id } of client().snapshots({ first: 2 })) ids.push(id);
    expect(ids).toEqual(['s0', 's1', 's2', 's3', 's4', 's5']);
    expect(asked).toEqual([null, '2', '4'].map((after) => ({ first: 2, after })));
  });

  it('that never end are noticed', async () => {
    gateway.fields.snapshots = () => ({
      nodes: [snapshot('a')],
      pageInfo: { endCursor: 'x', hasNextPage: true },
    });
    const walk = async () => {
      for await (const _ of client().snapshots());
    };
    expect(await failure(walk())).toMatchObject({ code: 'RESPONSE_MALFORMED' });
    expect(gateway.seen).toHaveLength(2);
  });
});

describe('refusals', () => {
  it('keep code, details, status and patience of the service', async () => {
    gateway.fields.health = () => {
      throw new Refused('RATE_LIMITED', 'too many requests', 429, { retryAfter: 7, limit: 'lookup' });
    };
    expect(await failure(client().health())).toMatchObject({
      name: 'SolventApiError',
      code: 'RATE_LIMITED',
      message: 'too many requests',
      status: 429,
      retryAfter: 7,
      details: { limit: 'lookup' },
      transient: true,
    });
  });

  it('under status 200 are refusals too, and pass for what they are', async () => {
    gateway.fields.inclusionProof = () => {
      throw new Refused('ACCOUNT_NOT_FOUND', 'there is none');
    };
    const error = await failure(client().inclusionProof('a', `0x${'00'.repeat(32)}`));
    expect(error).toMatchObject({ code: 'ACCOUNT_NOT_FOUND', transient: false, retryAfter: undefined });
  });

  it.each<[string, unknown]>([
    ['undefined, of an environment without it', undefined],
    ['null', null],
    ['empty', ''],
    ['cut off', `0x${'00'.repeat(31)}`],
    ['bytes', new Uint8Array(32)],
    ['a number', 5],
  ])('an id that is given and is none is not "no id": %s', async (_what, id) => {
    for (const asked of [
      () => client().verifyInclusion('{}', id as string),
      () => client().verifyInclusion('{}', id as string, {}),
      () => client().inclusionProof('a', id as string),
    ])
      expect((await failure(asked())).code).toMatch(/^(ID_MALFORMED|OPTIONS_UNKNOWN)$/);
    expect(gateway.seen).toEqual([]);
  });

  it('an id in the place of options is not left out', async () => {
    const misplaced = { accountId: `0x${'00'.repeat(32)}` } as object;
    for (const asked of [
      () => client().verifyInclusion('{}', misplaced),
      () => client().verifyInclusion('{}', `0x${'00'.repeat(32)}`, misplaced),
    ])
      expect(await failure(asked())).toMatchObject({ code: 'OPTIONS_UNKNOWN' });
    expect(gateway.seen).toEqual([]);
  });

  it('an id as people hand it over is sent as it is published, and none is not sent as null', async () => {
    const given: unknown[] = [];
    gateway.fields.verifyInclusion = (args: object) => {
      given.push(args);
      throw new Refused('INCLUSION_MALFORMED', 'none');
    };
    const id = `0x${'ab'.repeat(32)}`;
    await failure(client().verifyInclusion('{}', ` "0X${'AB'.repeat(32)}"\r\n`));
    await failure(client().verifyInclusion('{}', `${id.slice(0, 30)}\n  ${id.slice(30)}`, {}));
    await failure(client().verifyInclusion('{}', { signal: new AbortController().signal }));
    await failure(client().verifyInclusion('{}'));
    expect(given).toEqual([
      { proof: '{}', accountId: id },
      { proof: '{}', accountId: id },
      { proof: '{}' },
      { proof: '{}' },
    ]);
  });

  it.each([
    [503, 'text/html', '<h1>no upstream</h1>', 'HTTP_503', true],
    [404, 'application/json', '{}', 'HTTP_404', false],
    [200, 'text/html', '<h1>welcome</h1>', 'RESPONSE_MALFORMED', false],
    [400, 'application/json', '{"errors":[{}]}', 'QUERY_FAILED', false],
    [200, 'application/json', '{"errors":[]}', 'RESPONSE_MALFORMED', false],
  ])('of whatever else answers: %s %s %s', async (status, type, body, code, transient) => {
    gateway.instead = (response) => response.writeHead(status, { 'content-type': type }).end(body);
    expect(await failure(client().health())).toMatchObject({ code, status, transient });
  });

  it('of the network say why', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const error = await failure(client({ endpoint: `http://127.0.0.1:${port}` }).health());
    expect(error).toMatchObject({ code: 'NETWORK_FAILED', status: undefined, transient: true });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('a redirected request is not followed: the endpoint is wrong', async () => {
    gateway.instead = (response) => response.writeHead(301, { location: '/elsewhere' }).end();
    expect(await failure(client().health())).toMatchObject({ code: 'NETWORK_FAILED' });
    expect(gateway.seen.map(({ path }) => path)).toEqual(['/graphql']);
  });
});

describe('time', () => {
  it('runs out when nothing comes', async () => {
    gateway.instead = () => undefined;
    expect(await failure(client({ timeout: 50 }).health())).toMatchObject({
      code: 'TIMED_OUT',
      transient: true,
    });
  });

  it('runs out in the middle of an answer too', async () => {
    gateway.instead = (response) => void response.writeHead(200).write('{"data"');
    expect(await failure(client({ timeout: 50 }).health())).toMatchObject({ code: 'TIMED_OUT' });
  });

  it('ends when the caller wants, with the caller’s reason', async () => {
    const stop = new AbortController();
    gateway.instead = () => stop.abort(new Error('enough'));
    await expect(client().health({ signal: stop.signal })).rejects.toThrow('enough');
    await expect(client().health({ signal: stop.signal })).rejects.toThrow('enough');
    expect(gateway.seen).toHaveLength(1);
  });
});

describe('the key', () => {
  it('is sent as a bearer token, and not sent when there is none', async () => {
    gateway.fields.health = () => ({ ready: true, version: '1', checks: [] });
    await client({ apiKey: 'slv_a_b' }).health();
    await client().health();
    expect(gateway.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer slv_a_b', undefined]);
  });

  it('that could not be sent is refused without being repeated', () => {
    expect(() => client({ apiKey: 'slv_a_secret\n' })).toThrow(
      expect.objectContaining({ code: 'API_KEY_MALFORMED' }),
    );
    expect(() => client({ apiKey: 'slv_a_secret\n' })).toThrow(/^(?!.*secret)/s);
  });
});

describe('the endpoint', () => {
  it.each([
    ['https://proof.example', 'https://proof.example/graphql'],
    ['https://proof.example/', 'https://proof.example/graphql'],
    ['https://proof.example/graphql/', 'https://proof.example/graphql'],
    ['https://proof.example/api/graphql', 'https://proof.example/api/graphql'],
  ])('%s', async (endpoint, expected) => {
    const asked: string[] = [];
    const fake: typeof fetch = async (input) => {
      asked.push(String(input));
      return new Response('{"data":{"health":{"ready":true,"version":"1","checks":[]}}}');
    };
    await createClient({ endpoint, fetch: fake }).health();
    await createClient({ endpoint, fetch: fake })
      .downloadManifest('a/b')
      .catch(() => undefined);
    expect(asked).toEqual([expected, expected.replace('graphql', 'snapshots/a%2Fb/manifest.json')]);
  });

  it.each([
    'proof.example',
    'ftp://proof.example',
    'https://u:p@proof.example',
    'https://proof.example/?a=1',
  ])('%s is none', (endpoint) => {
    expect(() => client({ endpoint })).toThrow(expect.objectContaining({ code: 'ENDPOINT_MALFORMED' }));
    expect(() => client({ endpoint })).toThrow(/^(?!.*u:p)/s);
  });
});

test('Retry-After is a number of seconds or a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfterSeconds('12')).toBe(12);
  expect(retryAfterSeconds('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30);
  expect(retryAfterSeconds('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
  expect([null, 'soon', '-1'].map((header) => retryAfterSeconds(header, now))).not.toContain(30);
  expect(retryAfterSeconds(null)).toBeUndefined();
  expect(retryAfterSeconds('soon')).toBeUndefined();
});
