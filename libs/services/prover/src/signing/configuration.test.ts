import { availableParallelism } from 'node:os';
import { deriveKeys } from '@solvent-por/snapshot/readers';
import { readConfiguration } from './configuration';

const SECRET = `0x${'01'.repeat(32)}`;
const KEYS = deriveKeys(new Uint8Array(32).fill(1));
const good = {
  SOLVENT_DATABASE_URL: 'postgresql://solvent:hidden@127.0.0.1:5432/solvent',
  SOLVENT_KAFKA_BROKERS: '127.0.0.1:9092',
  SOLVENT_WITNESS_KEYS: `k1:0x${'11'.repeat(32)}`,
  SOLVENT_REQUEST_KEY: SECRET,
  SOLVENT_MASTER_KEY: SECRET,
};

test('the defaults, and of the keys no more than signing needs', () => {
  const { operator, signing, blinding } = KEYS;
  const configuration = readConfiguration(good);
  expect(configuration).toMatchObject({
    workers: availableParallelism(),
    http: { host: '127.0.0.1', port: 4003 },
    logLevel: 'info',
    tracesEndpoint: undefined,
  });
  expect(configuration.keys).toEqual({ operator, signing, blinding });
  expect(readConfiguration({ ...good, SOLVENT_WORKERS: '3' }).workers).toBe(3);
  expect(configuration.formerManifest).toBeUndefined();
  const former = readConfiguration({ ...good, SOLVENT_FORMER_MANIFEST: `0x${'ab'.repeat(32)}` });
  expect(former.formerManifest).toEqual(new Uint8Array(32).fill(0xab));
  expect(configuration).toMatchObject({ claimKeys: undefined, claimDevelopment: false });
  const claims = { SOLVENT_CLAIM_KEYS: '/claim-keys', SOLVENT_CLAIM_DEVELOPMENT: 'true' };
  expect(readConfiguration({ ...good, ...claims })).toMatchObject({
    ...{ claimKeys: '/claim-keys', claimDevelopment: true },
  });
});

test.each([
  ['SOLVENT_WORKERS', '0'],
  ['SOLVENT_WORKERS', 'many'],
  ['SOLVENT_FORMER_MANIFEST', `0x${'AB'.repeat(32)}`],
  ['SOLVENT_REQUEST_KEY', '0x1234567890'],
  ['SOLVENT_MASTER_KEY', '0x1234567890'],
  ['SOLVENT_MASTER_KEY', undefined],
  ['SOLVENT_WITNESS_KEYS', 'k1-without-key'],
  ['SOLVENT_KAFKA_BROKERS', undefined],
])('%s = %s: the variable is named, never a value', (name, value) => {
  const read = () => readConfiguration({ ...good, [name]: value });
  expect(read).toThrow(expect.objectContaining({ code: 'CONFIG_ENVIRONMENT', kind: 'usage' }));
  expect(read).toThrow(name);
  for (const secret of [SECRET, 'hidden', ...(value === undefined || value === '0' ? [] : [value])])
    expect(read).not.toThrow(secret);
});

test('where the database must be spoken to over TLS, an address that does not say so is refused', () => {
  const secure = { ...good, SOLVENT_DATABASE_TLS: 'true' };
  expect(() => readConfiguration(secure)).toThrow(expect.objectContaining({ code: 'CONFIG_ENVIRONMENT' }));
  const url = `${good.SOLVENT_DATABASE_URL}?sslmode=verify-full&sslrootcert=ca.crt`;
  expect(readConfiguration({ ...secure, SOLVENT_DATABASE_URL: url }).databaseUrl).toBe(url);
});
