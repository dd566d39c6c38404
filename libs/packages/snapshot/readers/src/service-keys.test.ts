import { toHex } from '@solvent-por/kzg';
import { deriveKeys, parseServiceKeys, serviceKeysText, SERVICE_ROLES } from './index';

const keys = deriveKeys(new Uint8Array(32).fill(1));
const { operator, placement, salt, blinding } = keys;

test('ingest and provers get their own keys, and none that signs', () => {
  expect(parseServiceKeys('ingest', serviceKeysText('ingest', keys))).toEqual({ operator, placement });
  expect(parseServiceKeys('prover', serviceKeysText('prover', keys))).toEqual({ operator, salt, blinding });
  for (const role of SERVICE_ROLES)
    for (const other of [keys.signing, keys.claim, keys.ids, new Uint8Array(32).fill(1)])
      expect(serviceKeysText(role, keys)).not.toContain(toHex(other).slice(2));
});

test.each([
  ['another service’s', serviceKeysText('ingest', keys)],
  ['the master secret', `0x${'01'.repeat(32)}`],
  ['nothing', ''],
  ['a key less', `operator:${operator},salt:${toHex(salt)}`],
  ['a key in capitals', serviceKeysText('prover', keys).toUpperCase()],
])('%s is refused, and not repeated', (_, text) => {
  const read = () => parseServiceKeys('prover', text);
  expect(read).toThrow(expect.objectContaining({ code: 'KEY_MALFORMED', kind: 'usage' }));
  if (text) expect(read).not.toThrow(text);
});
