import { Callers, mayActAs, ROLES, type Caller, type KnownKey } from './caller';

const KEY = `slv_0123456789abcdef_${'A'.repeat(43)}`;

function harness(known: KnownKey | null) {
  const asked: string[] = [];
  const state = { known };
  const callers = new Callers(async (key) => {
    asked.push(key);
    return state.known;
  });
  return { callers, asked, state };
}

test('without a header the caller is anonymous', async () => {
  const { callers, asked } = harness(null);
  for (const header of [undefined, ''])
    expect(await callers.from(header, '10.0.0.1')).toEqual({
      role: 'ANONYMOUS',
      keyId: undefined,
      address: '10.0.0.1',
    });
  expect(asked).toEqual([]);
});

test('a key is asked for once, remembered a while, and forgotten when told', async () => {
  const { callers, asked, state } = harness({ id: 'abc', role: 'PARTNER' });
  for (const scheme of ['Bearer', 'bearer', 'Bearer '])
    expect(await callers.from(`${scheme} ${KEY}`, 'a')).toEqual({
      role: 'PARTNER',
      keyId: 'abc',
      address: 'a',
    });
  expect(asked).toEqual([KEY]);
  state.known = null;
  callers.forget();
  await expect(callers.from(`Bearer ${KEY}`, 'a')).rejects.toMatchObject({ code: 'API_KEY_INVALID' });
});

test('what is no key is refused without asking; never taken for nobody', async () => {
  const { callers, asked } = harness({ id: 'abc', role: 'OPERATOR' });
  for (const header of [
    KEY,
    `Basic ${KEY}`,
    'Bearer',
    'Bearer ',
    `Bearer ${KEY} ${KEY}`,
    `Bearer ${KEY}x`,
    `Bearer slv_0123_${'A'.repeat(42)}`,
    `Bearer ${'x'.repeat(100_000)}`,
  ])
    await expect(callers.from(header, 'a')).rejects.toMatchObject({ code: 'API_KEY_INVALID' });
  expect(asked).toEqual([]);
});

test('the same refusal for every wrong key', async () => {
  const { callers } = harness(null);
  const wrong = await callers.from(`Bearer ${KEY}`, 'a').catch((error: Error) => error.message);
  const malformed = await callers.from('Bearer x', 'a').catch((error: Error) => error.message);
  expect(wrong).toBe(malformed);
});

test('each role may do what those before it may', () => {
  ROLES.forEach((role, i) =>
    ROLES.forEach((wanted, j) =>
      expect(mayActAs({ role, keyId: 'k', address: 'a' } satisfies Caller, wanted)).toBe(i >= j),
    ),
  );
});
