import { toHex } from '@solvent-por/kzg';
import { deriveKeys, parseServiceKeys, serviceKeysText, SERVICE_ROLES } from './index';

const keys = deriveKeys(new Uint8Array(32).fill(1));
const { operator, placement, salt, blinding, claim } = keys;

test('ingest and provers get their own keys, and none that signs', () => {
  expect(parseServiceKeys('ingest', serviceKeysText('ingest', keys))).toEqual({ operator, placement });
  expect(parseServiceKeys('prover', serviceKeysText('prover', keys))).toEqual({
    ...{ operator, salt, blinding, claim },
  });
  for (const role of SERVICE_ROLES)
    for (const other of [keys.signing, keys.ids, new Uint8Array(32).fill(1)])
      expect(serviceKeysText(role, keys)).not.toContain(toHex(other).slice(2));
});

test('a prover’s keys that were written before there were private claims are still read', () => {
  const before = serviceKeysText('prover', keys).replace(/,claim:.*/, '');
  expect(parseServiceKeys('prover', before)).toEqual({ operator, salt, blinding });
});

test.each([
  ['another service’s', serviceKeysText('ingest', keys)],
  ['the master secret', `0x${'01'.repeat(32)}`],
  ['nothing', ''],
  ['a key less', `operator:${operator},salt:${toHex(salt)}`],
  ['a key more', `${serviceKeysText('prover', keys)},claim:${toHex(claim)}`],
  ['a claim key under another name', serviceKeysText('prover', keys).replace('claim:', 'signing:')],
  ['a key in capitals', serviceKeysText('prover', keys).toUpperCase()],
])('%s is refused, and not repeated', (_, text) => {
  const read = () => parseServiceKeys('prover', text);
  expect(read).toThrow(expect.objectContaining({ code: 'KEY_MALFORMED', kind: 'usage' }));
  if (text) expect(read).not.toThrow(text);
});
