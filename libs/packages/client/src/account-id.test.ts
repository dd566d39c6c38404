import { toHex, utf8 } from '@solvent-por/kzg';
import { accountId, canonicalJson, claimAccess, headerDigest } from '@solvent-por/verifier';
import { haircutHeader, testHeader, testKey } from '@solvent-por/dev/proofs';
import { accountIdOf, ownAccountOf } from './account-id';

const key = testKey('account');
const manifestOf = (header: object) => async () =>
  utf8(canonicalJson({ header, batchCount: 1, previous: null }));

test.each([
  ['spot', testHeader('spot', 2, 2)],
  ['margin', testHeader('margin', 2, 2)],
  ['haircuts and pools', haircutHeader()],
] as const)(
  'an id is made as the protocol says, for the header of its snapshot: %s',
  async (_what, header) => {
    const expected = toHex(accountId(headerDigest(header), key));
    expect(await accountIdOf(toHex(key), manifestOf(header))).toBe(expected);
    expect(await accountIdOf(` "${toHex(key).slice(2).toUpperCase()}"\n`, manifestOf(header))).toBe(expected);
    const other = { ...header, snapshot: 'other' };
    expect(await accountIdOf(toHex(key), manifestOf(other))).not.toBe(expected);
    expect(await ownAccountOf(toHex(key), manifestOf(header))).toEqual({
      accountId: expected,
      access: toHex(claimAccess(headerDigest(header), key)),
    });
  },
);

test.each([undefined, null, '', '0x12', key])(
  '%p is no key: nothing is asked, nothing repeated',
  async (given) => {
    const asked = jest.fn(manifestOf(testHeader('spot', 1, 1)));
    await expect(accountIdOf(given, asked)).rejects.toMatchObject({ code: 'KEY_MALFORMED' });
    expect(asked).not.toHaveBeenCalled();
  },
);

test.each(['', '{}', '{"header":null}', '[]', 'null', '<html>'])('%p is no manifest', async (text) => {
  await expect(accountIdOf(toHex(key), async () => utf8(text))).rejects.toMatchObject({
    code: 'RESPONSE_MALFORMED',
  });
});
