import { DEFAULT_CONFIGURATION } from './configuration';
import { readGatewayEnvironment } from './environment';

const NEEDED = {
  SOLVENT_DATABASE_URL: 'postgresql://solvent:hunter22@127.0.0.1/solvent',
  SOLVENT_KAFKA_BROKERS: '127.0.0.1:9092',
  SOLVENT_WITNESS_KEYS: `k1:0x${'ab'.repeat(32)}`,
  SOLVENT_REQUEST_KEY: `0x${'cd'.repeat(32)}`,
};

test('what is not said has its default', () => {
  const { configuration, keyring, kafka } = readGatewayEnvironment(NEEDED);
  // Those who watch over it have a port of their own.
  const probes = { host: '127.0.0.1', port: 4010 };
  expect(configuration).toEqual({ ...DEFAULT_CONFIGURATION, probes });
  expect(keyring.currentId).toBe('k1');
  expect(kafka.brokers).toEqual(['127.0.0.1:9092']);
});

test('what is said', () => {
  const { configuration } = readGatewayEnvironment({
    ...NEEDED,
    SOLVENT_HTTP_HOST: '0.0.0.0',
    SOLVENT_PUBLIC_URL: 'https://proofs.example/por/',
    SOLVENT_OPERATOR: `0x${'11'.repeat(32)}`,
    SOLVENT_CORS_ORIGINS: 'https://a.example, http://localhost:5173',
    SOLVENT_FRAME_ANCESTORS: 'https://www.example, https://app.example:8443',
    SOLVENT_INTROSPECTION: 'true',
    SOLVENT_TRUST_PROXY: '10.0.0.0/8, 192.168.1.1,fd00::/8',
    SOLVENT_CLAIM_KEYS: '/claim-keys',
    SOLVENT_CLAIM_DEVELOPMENT: 'true',
    SOLVENT_CLAIM_PROVING: 'true',
    SOLVENT_RATE_PROVING: '5',
    SOLVENT_CACHE_MIB: '2',
    SOLVENT_PROBE_PORT: '9100',
    SOLVENT_RATE_REQUEST: '77',
    SOLVENT_RATE_LOOKUP: '0',
    SOLVENT_RATE_OTHER_KEY: '7',
  });
  expect(configuration).toMatchObject({
    http: { host: '0.0.0.0', port: 4000 },
    probes: { host: '0.0.0.0', port: 9100 },
    publicUrl: 'https://proofs.example/por',
    claimKeys: '/claim-keys',
    ...{ claimDevelopment: true, claimProving: true, claimSeconds: 20 },
    corsOrigins: ['https://a.example', 'http://localhost:5173'],
    framedBy: ['https://www.example', 'https://app.example:8443'],
    introspection: true,
    trustProxy: ['10.0.0.0/8', '192.168.1.1', 'fd00::/8'],
    cacheBytes: 2 * 1024 * 1024,
    rates: {
      request: { address: 77 },
      lookup: { address: 0, key: 6000 },
      other: { address: 600, key: 7 },
      proving: { address: 5, key: 30 },
    },
  });
  expect(readGatewayEnvironment({ ...NEEDED, SOLVENT_TRUST_PROXY: '2' }).configuration.trustProxy).toBe(2);
});

test('a gateway for the world does not start before somebody has decided which proxies stand before it', () => {
  const read = (SOLVENT_PUBLIC_URL: string, SOLVENT_TRUST_PROXY?: string) =>
    readGatewayEnvironment({ ...NEEDED, SOLVENT_PUBLIC_URL, SOLVENT_TRUST_PROXY }).configuration.trustProxy;
  for (const url of [
    'https://proofs.example',
    'http://10.0.0.1:4000',
    'https://localhost.example',
    'http://127.0.0.1.example',
  ])
    for (const undecided of [undefined, ''])
      expect(() => read(url, undecided)).toThrow(/SOLVENT_TRUST_PROXY must be set/);
  expect(read('https://proofs.example', '0')).toBe(false);
  expect(read('https://proofs.example', '1')).toBe(1);
  for (const url of ['http://127.0.0.1:4000', 'http://localhost:4000/por', 'http://[::1]:4000'])
    expect(read(url)).toBe(false);
});

test.each([
  ['SOLVENT_OPERATOR', '0xabc'],
  ['SOLVENT_PUBLIC_URL', 'ftp://x'],
  ['SOLVENT_PUBLIC_URL', 'https://user:secret@x'],
  ['SOLVENT_CORS_ORIGINS', 'https://a.example/path'],
  ['SOLVENT_CORS_ORIGINS', 'https://*.example'],
  ['SOLVENT_FRAME_ANCESTORS', '*'],
  ['SOLVENT_FRAME_ANCESTORS', "https://a.example; script-src 'unsafe-inline'"],
  ['SOLVENT_TRUST_PROXY', 'true'],
  ['SOLVENT_TRUST_PROXY', '0.0.0.0/0'],
  ['SOLVENT_TRUST_PROXY', '10.0.0.0/33'],
  ['SOLVENT_QUERY_COST', '1'],
  ['SOLVENT_RATE_LOOKUP', '-1'],
  ['SOLVENT_INCLUSION_WORKERS', '0'],
])('%s=%s is refused by name', (name, value) => {
  const read = () => readGatewayEnvironment({ ...NEEDED, [name]: value });
  expect(read).toThrow(expect.objectContaining({ code: 'CONFIG_ENVIRONMENT' }) as Error);
  expect(read).toThrow(name);
  if (value.length >= 4) expect(read).not.toThrow(value);
});

test('nothing that opens the keys of the operator is read', () => {
  expect(
    JSON.stringify(readGatewayEnvironment({ ...NEEDED, SOLVENT_MASTER_KEY: `0x${'5e'.repeat(32)}` })),
  ).not.toContain('5e5e');
});
