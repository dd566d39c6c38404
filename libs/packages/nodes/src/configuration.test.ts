import { readNodeConfiguration, readNodeConfigurations, readNodeText } from './configuration';

test('the kind is the usual one of the network, the name the host, credentials come out of the URL', () => {
  expect(readNodeText('eip155:1=https://user:p%40ss@node.example:8545/v3/key?x=1#part')).toEqual({
    ...{ network: 'eip155:1', kind: 'evm', url: 'https://node.example:8545/v3/key?x=1' },
    ...{ name: 'node.example:8545', user: 'user', password: 'p@ss' },
  });
  expect(readNodeText('bitcoin=http://127.0.0.1:8332').kind).toBe('bitcoin-core');
  expect(readNodeText('litecoin=esplora+https://litecoin.example/api')).toMatchObject({
    ...{ kind: 'esplora', url: 'https://litecoin.example/api' },
  });
});

test('a key comes from the environment, and must be there', () => {
  const url = 'eip155:1=https://node.example/v3/${NODE_KEY}';
  expect(readNodeText(url, { NODE_KEY: 'secret' }).url).toBe('https://node.example/v3/secret');
  expect(() => readNodeText(url)).toThrow(/NODE_KEY/);
});

test('members of a file win over what stands in the URL', () => {
  const node = {
    network: 'eip155:61',
    url: 'https://a:b@node.example',
    user: 'c',
    password: 'd',
    finality: 500,
  };
  expect(
    readNodeConfiguration({ ...node, name: 'ours', timeoutMs: 5000, concurrency: 2, attempts: 1, batch: 10 }),
  ).toEqual({
    ...{
      network: 'eip155:61',
      kind: 'evm',
      url: 'https://node.example/',
      name: 'ours',
      user: 'c',
      password: 'd',
    },
    ...{ timeoutMs: 5000, concurrency: 2, attempts: 1, batch: 10, finality: 500 },
  });
});

test.each<[string, unknown]>([
  ['no object', 'https://node.example'],
  ['a network that is none', { network: 'ethereum', url: 'https://node.example' }],
  ['no URL', { network: 'eip155:1' }],
  ['another protocol', { network: 'eip155:1', url: 'file:///etc/passwd' }],
  ['a URL that is too long', { network: 'eip155:1', url: `https://node.example/${'a'.repeat(2048)}` }],
  ['an unknown member', { network: 'eip155:1', url: 'https://node.example', retries: 3 }],
  ['a time-out of nothing', { network: 'eip155:1', url: 'https://node.example', timeoutMs: 0 }],
  ['more at once than a node may get', { network: 'eip155:1', url: 'https://node.example', concurrency: 65 }],
  ['a finality that is none', { network: 'eip155:1', url: 'https://node.example', finality: 'soon' }],
  ['a network of no usual kind', { network: 'solana', url: 'https://node.example' }],
  ['a name with a line break', { network: 'eip155:1', url: 'https://node.example', name: 'a\nb' }],
])('%s: malformed', (_, value) => {
  expect(() => readNodeConfiguration(value)).toThrow(expect.objectContaining({ kind: 'malformed' }));
});

test('a network has one node', () => {
  const node = { network: 'eip155:1', url: 'https://node.example' };
  expect(readNodeConfigurations([node])).toHaveLength(1);
  expect(() => readNodeConfigurations([node, node])).toThrow(expect.objectContaining({ code: 'NODE_TWICE' }));
});

test.each([
  'https://user:sesame@node.example/sesame?key=sesame',
  'eip155:1=ftp://user:sesame@node.example/sesame',
  'eip155:1=https://user:sesame@node.example:port/',
  'ethereum=https://user:sesame@node.example/',
])('no message repeats what a URL hides: %s', (text) => {
  let message = '';
  try {
    readNodeText(text);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).not.toBe('');
  expect(message).not.toContain('sesame');
});
