import { availableParallelism } from 'node:os';
import { deriveKeys, serviceKeysText } from '@solvent-por/snapshot/readers';
import { readConfiguration } from './configuration';

const SECRET = `0x${'01'.repeat(32)}`;
const KEYS = deriveKeys(new Uint8Array(32).fill(1));
const PROVER_KEYS = serviceKeysText('prover', KEYS);
const good = {
  SOLVENT_DATABASE_URL: 'postgresql://solvent:hidden@127.0.0.1:5432/solvent',
  SOLVENT_KAFKA_BROKERS: '127.0.0.1:9092',
  SOLVENT_WITNESS_KEYS: `k1:0x${'11'.repeat(32)}`,
  SOLVENT_REQUEST_KEY: SECRET,
  SOLVENT_PROVER_KEYS: PROVER_KEYS,
};

test('the defaults, and of the keys no more than a prover needs', () => {
  const { operator, salt, blinding, claim } = KEYS;
  const configuration = readConfiguration(good);
  expect(configuration).toMatchObject({
    workers: availableParallelism(),
    http: { host: '127.0.0.1', port: 4002 },
    logLevel: 'info',
    tracesEndpoint: undefined,
  });
  expect(configuration.keys).toEqual({ operator, salt, blinding, claim });
  // What was written before there were private claims.
  const before = { ...good, SOLVENT_PROVER_KEYS: PROVER_KEYS.replace(/,claim:.*/, '') };
  expect(readConfiguration(before).keys).toEqual({ operator, salt, blinding });
  expect(readConfiguration({ ...good, SOLVENT_WORKERS: '3' }).workers).toBe(3);
});

test('claims are made where there are keys for them, none by default', () => {
  expect(readConfiguration(good).claimKeys).toBeUndefined();
  expect(readConfiguration({ ...good, SOLVENT_CLAIM_KEYS: '/claim-keys' }).claimKeys).toBe('/claim-keys');
});

test('nodes that are asked about reserves, none by default', () => {
  expect(readConfiguration(good).nodes).toEqual([]);
  const list = JSON.stringify([
    { network: 'eip155:1', url: 'https://solvent:hidden@node:8545', name: 'ours' },
  ]);
  expect(readConfiguration({ ...good, SOLVENT_NODES: list }).nodes).toMatchObject([
    { network: 'eip155:1', name: 'ours', user: 'solvent', password: 'hidden' },
  ]);
});

test("what the operator's own files know is compared by its digest, however it is spelt", () => {
  const token = { asset: 'OWN', decimals: 6 };
  const [one, other] = ['0x' + '12'.repeat(20), '0x' + '34'.repeat(20)].map((at) => `eip155:1/${at}`);
  const known = (tokens: object) =>
    readConfiguration({ ...good, SOLVENT_TOKENS: JSON.stringify(tokens) }).known;
  const both = known({ [one!]: token, [other!]: token });
  expect(both.digest).toEqual(known({ [other!]: { decimals: 6, asset: 'OWN' }, [one!]: token }).digest);
  expect(both.digest).not.toEqual(known({ [one!]: token }).digest);
  expect(both.notes).toEqual([
    expect.stringMatching(/^tokens of the operator's own: SHA-256 0x[0-9a-f]{64}$/),
  ]);
  expect(readConfiguration(good).known.notes).toEqual([]);
  const safe = readConfiguration({ ...good, SOLVENT_CONTRACTS: `{"0x${'56'.repeat(32)}":"safe"}` }).known;
  expect(safe.contracts.get(`0x${'56'.repeat(32)}`)).toBe('safe');
  expect(safe.digest).not.toEqual(readConfiguration(good).known.digest);
});

test.each([
  ['SOLVENT_WORKERS', '0'],
  ['SOLVENT_WORKERS', 'many'],
  ['SOLVENT_REQUEST_KEY', '0x1234567890'],
  ['SOLVENT_PROVER_KEYS', SECRET],
  ['SOLVENT_PROVER_KEYS', serviceKeysText('ingest', KEYS)],
  ['SOLVENT_WITNESS_KEYS', 'k1-without-key'],
  ['SOLVENT_KAFKA_BROKERS', undefined],
  ['SOLVENT_NODES', '[{"network":"eip155:1","url":"ftp://solvent:hidden@node"}]'],
  ['SOLVENT_NODES', 'https://solvent:hidden@node'],
  ['SOLVENT_TOKENS', '{"eip155:1/0x12":{"asset":"X","decimals":1}}'],
  ['SOLVENT_TOKENS', '[]'],
  ['SOLVENT_CONTRACTS', '{"0x12":"safe"}'],
  ['SOLVENT_CONTRACTS', 'hidden'],
])('%s = %s: the variable is named, never a value', (name, value) => {
  const read = () => readConfiguration({ ...good, [name]: value });
  expect(read).toThrow(expect.objectContaining({ code: 'CONFIG_ENVIRONMENT', kind: 'usage' }));
  expect(read).toThrow(name);
  for (const secret of [
    SECRET,
    PROVER_KEYS,
    'hidden',
    ...(value === undefined || value === '0' ? [] : [value]),
  ])
    expect(read).not.toThrow(secret);
});

test('where the database must be spoken to over TLS, an address that does not say so is refused', () => {
  const secure = { ...good, SOLVENT_DATABASE_TLS: 'true' };
  expect(() => readConfiguration(secure)).toThrow(expect.objectContaining({ code: 'CONFIG_ENVIRONMENT' }));
  const url = `${good.SOLVENT_DATABASE_URL}?sslmode=verify-full&sslrootcert=ca.crt`;
  expect(readConfiguration({ ...secure, SOLVENT_DATABASE_URL: url }).databaseUrl).toBe(url);
});
