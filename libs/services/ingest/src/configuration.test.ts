import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceKeysText } from '@solvent-por/snapshot/readers';
import { readConfiguration } from './configuration';
import { KEYS } from '../testing/balance-files';

const SECRET = `0x${'01'.repeat(32)}`;
const INGEST_KEYS = serviceKeysText('ingest', KEYS);
const good = {
  SOLVENT_DATABASE_URL: 'postgresql://solvent:hidden@127.0.0.1:5432/solvent',
  SOLVENT_KAFKA_BROKERS: '127.0.0.1:9092',
  SOLVENT_WITNESS_KEYS: `k1:0x${'11'.repeat(32)}`,
  SOLVENT_REQUEST_KEY: SECRET,
  SOLVENT_INGEST_KEYS: INGEST_KEYS,
  SOLVENT_SOURCE_DIR: '/srv/balances/',
};

test('the defaults, and of the keys no more than ingest needs', () => {
  const configuration = readConfiguration(good);
  expect(configuration).toMatchObject({
    sourceDirectory: '/srv/balances',
    expectedWorkers: 2,
    http: { host: '127.0.0.1', port: 4001 },
    logLevel: 'info',
    tracesEndpoint: undefined,
  });
  expect(configuration.keys).toEqual({ operator: KEYS.operator, placement: KEYS.placement });
  expect(configuration.keyring.currentId).toBe('k1');
});

test('its keys may come from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'solvent-secret-'));
  try {
    writeFileSync(join(folder, 'keys'), `${INGEST_KEYS}\n`);
    const { SOLVENT_INGEST_KEYS: _, ...rest } = good;
    const environment = { ...rest, SOLVENT_INGEST_KEYS_FILE: join(folder, 'keys') };
    expect(readConfiguration(environment).keys.operator).toBe(KEYS.operator);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['SOLVENT_SOURCE_DIR', 'relative/folder'],
  ['SOLVENT_EXPECTED_WORKERS', '0'],
  ['SOLVENT_EXPECTED_WORKERS', 'many'],
  ['SOLVENT_REQUEST_KEY', '0x1234567890'],
  ['SOLVENT_REQUEST_KEY', undefined],
  ['SOLVENT_INGEST_KEYS', SECRET],
  ['SOLVENT_INGEST_KEYS', serviceKeysText('prover', KEYS)],
  ['SOLVENT_WITNESS_KEYS', 'k1-without-key'],
  ['SOLVENT_SOURCE_DIR', undefined],
])('%s = %s: the variable is named, never a value', (name, value) => {
  const read = () => readConfiguration({ ...good, [name]: value });
  expect(read).toThrow(expect.objectContaining({ code: 'CONFIG_ENVIRONMENT', kind: 'usage' }));
  expect(read).toThrow(name);
  for (const secret of [
    SECRET,
    INGEST_KEYS,
    'hidden',
    ...(value === undefined || value === '0' ? [] : [value]),
  ])
    expect(read).not.toThrow(secret);
});
