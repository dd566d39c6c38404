import { stubs } from '../testing/http-stub';
import { readNodeConfiguration } from './configuration';
import { Requests } from './requests';
import { Rpc } from './rpc';

const stub = stubs();
interface Call {
  readonly id: number;
  readonly method: string;
}

async function rpcOf(
  answer: (body: Call | readonly Call[]) => { readonly status?: number; readonly body: string },
  batch?: number,
) {
  const { url, requests } = await stub((_, body) => answer(JSON.parse(body) as Call));
  const configuration = readNodeConfiguration({ network: 'eip155:1', url, name: 'node', attempts: 1 });
  return { rpc: new Rpc(new Requests(configuration, fetch), batch), requests };
}
const result = ({ id, method }: Call) => ({ jsonrpc: '2.0', id, result: method });

test('calls of one turn go together, in batches; answers in any order', async () => {
  const { rpc, requests } = await rpcOf(
    (calls) => ({
      body: JSON.stringify(
        Array.isArray(calls) ? (calls as Call[]).map(result).reverse() : result(calls as Call),
      ),
    }),
    2,
  );
  const names = ['a', 'b', 'c'];
  expect(await Promise.all(names.map((name) => rpc.call(name, [])))).toEqual(names);
  expect(requests).toHaveLength(2);
});

test('a node that takes no batches is asked one by one from then on', async () => {
  const refused = { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batches are not supported' } };
  const { rpc, requests } = await rpcOf((calls) => ({
    body: JSON.stringify(Array.isArray(calls) ? refused : result(calls as Call)),
  }));
  for (let turn = 0; turn < 2; turn++)
    expect(await Promise.all(['a', 'b'].map((name) => rpc.call(name, [])))).toEqual(['a', 'b']);
  expect(requests).toHaveLength(1 + 2 + 2);
});

test('one call’s error is that call’s alone', async () => {
  const { rpc } = await rpcOf((calls) => ({
    body: JSON.stringify(
      (calls as Call[]).map((call) =>
        call.method === 'bad'
          ? { id: call.id, error: { code: 3, message: 'execution reverted\u0007' } }
          : result(call),
      ),
    ),
  }));
  const [good, bad] = await Promise.allSettled([rpc.call('good', []), rpc.call('bad', [])]);
  expect(good).toMatchObject({ value: 'good' });
  expect(bad).toMatchObject({
    reason: {
      code: 'NODE_REFUSES',
      rpcCode: 3,
      message: 'the node node of eip155:1 refuses bad: execution reverted?',
    },
  });
});

test.each([500, 404, 400])('an error of the protocol with status %i is one', async (status) => {
  const body = JSON.stringify({
    result: null,
    error: { code: -8, message: 'Block height out of range' },
    id: 0,
  });
  const { rpc } = await rpcOf(() => ({ status, body }));
  await expect(rpc.call('getblockhash', [])).rejects.toMatchObject({ rpcCode: -8 });
});

test.each([
  ['without the answer to a call', '[{"id":0,"result":1}]'],
  ['with answers to other calls', '[{"id":7,"result":1},{"id":8,"result":1}]'],
  ['without a result', '[{"id":0},{"id":1}]'],
  ['of something else', '[7,null]'],
])('a list %s is no answer', async (_, body) => {
  const { rpc } = await rpcOf(() => ({ body }));
  const [, second] = await Promise.allSettled([rpc.call('a', []), rpc.call('b', [])]);
  expect(second).toMatchObject({ reason: { code: 'NODE_ANSWER_MALFORMED' } });
});

test('an answer that is longer than any of that method is not read', async () => {
  const { rpc } = await rpcOf(() => ({ body: `"${'a'.repeat(1 << 20)}"` }));
  await expect(rpc.call('eth_getBalance', [])).rejects.toMatchObject({ code: 'NODE_ANSWER_MALFORMED' });
});

test('two answers to one call are none: which was meant, nobody knows', async () => {
  const { rpc } = await rpcOf(() => ({ body: '[{"id":0,"result":"1"},{"id":0,"result":"2"}]' }));
  const [first] = await Promise.allSettled([rpc.call('a', []), rpc.call('b', [])]);
  expect(first).toMatchObject({ reason: { code: 'NODE_ANSWER_MALFORMED' } });
});

test('an id that is no text is no crash', async () => {
  const { rpc } = await rpcOf(() => ({ body: '{"id":{"toString":1},"result":"1"}' }));
  await expect(rpc.call('a', [])).rejects.toMatchObject({ code: 'NODE_ANSWER_MALFORMED' });
});

test('a node that repeats the key of its URL has it repeated to nobody', async () => {
  const { url } = await stub((path, body, { headers }) => ({
    body: JSON.stringify({
      ...{ id: (JSON.parse(body) as Call).id },
      error: {
        code: -32000,
        message: `no such project: ${path}, ${String(headers.authorization)}, pass-word`,
      },
    }),
  }));
  const configuration = readNodeConfiguration({
    ...{ network: 'eip155:1', name: 'node', attempts: 1, user: 'user', password: 'pass-word' },
    url: `${url}/v3/0123456789abcdef?apikey=fedcba98%2B76543210`,
  });
  const rpc = new Rpc(new Requests(configuration, fetch));
  const error = await rpc.call('eth_chainId', []).catch((thrown: Error) => thrown);
  const text = JSON.stringify([(error as Error).message, error, (error as Error).stack]);
  expect(text).toContain('no such project: /v3/[key]?apikey=[key]');
  for (const key of ['0123456789abcdef', 'fedcba98', '76543210', 'pass-word', btoa('user:pass-word')])
    expect(text).not.toContain(key);
});
