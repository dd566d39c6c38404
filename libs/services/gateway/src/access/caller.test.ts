import type { SolventError } from '@solvent-por/kzg';
import { Callers, mayActAs, ROLES, type Caller, type KnownKey } from './caller';
import { RateLimits } from './rate-limits';

const FREE = { address: 0, key: 0 };
const KEY = `slv_0123456789abcdef_${'A'.repeat(43)}`;

function harness(known: KnownKey | null) {
  const asked: string[] = [];
  const state = { known };
  const callers = new Callers(
    async (key) => {
      asked.push(key);
      return state.known;
    },
    new RateLimits({ request: FREE, lookup: FREE, verification: FREE, proving: FREE, other: FREE }),
  );
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
  const { callers, asked, state } = harness({ id: 'abc', role: 'PARTNER', partners: ['lender.example'] });
  for (const scheme of ['Bearer', 'bearer', 'Bearer '])
    expect(await callers.from(`${scheme} ${KEY}`, 'a')).toEqual({
      role: 'PARTNER',
      keyId: 'abc',
      partners: ['lender.example'],
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

test('after too many wrong keys of one address the database is asked no more; others, and keys that are known, go on', async () => {
  const { callers, asked, state } = harness({ id: 'abc', role: 'PARTNER' });
  await callers.from(`Bearer ${KEY}`, 'a');
  state.known = null;
  const guess = (i: number) =>
    callers
      .from(`Bearer slv_${i.toString(16).padStart(16, '0')}_${'B'.repeat(43)}`, 'a')
      .catch((error: SolventError) => error.code);
  const codes: unknown[] = [];
  for (let i = 0; i < 40; i++) codes.push(await guess(i));
  expect([codes.indexOf('RATE_LIMITED'), codes.lastIndexOf('API_KEY_INVALID')]).toEqual([30, 29]);
  expect(asked).toHaveLength(1 + 30);
  expect(await callers.from(`Bearer ${KEY}`, 'a')).toMatchObject({ keyId: 'abc' });
  await expect(callers.from('Bearer x', 'b')).rejects.toMatchObject({ code: 'API_KEY_INVALID' });
});

test('a database that is away is nobody’s wrong key', async () => {
  let wrong = 0;
  const callers = new Callers(() => Promise.reject(new Error('away')), {
    takeKeyTry: async () => void wrong++,
    giveBackKeyTry: () => void wrong--,
  });
  await expect(callers.from(`Bearer ${KEY}`, 'a')).rejects.toThrow('away');
  expect(wrong).toBe(0);
});

test('wrong keys that come all at once reach the database no more often than one by one; a good one once', async () => {
  const { callers, asked, state } = harness(null);
  const all = await Promise.all(
    Array.from({ length: 500 }, (_, i) =>
      callers
        .from(`Bearer slv_${i.toString(16).padStart(16, '0')}_${'B'.repeat(43)}`, 'a')
        .catch((error: SolventError) => error.code),
    ),
  );
  expect(asked).toHaveLength(30);
  expect(all.filter((code) => code === 'RATE_LIMITED')).toHaveLength(470);
  state.known = { id: 'abc', role: 'PARTNER' };
  const good = Array.from({ length: 500 }, () => callers.from(`Bearer ${KEY}`, 'b'));
  for (const caller of await Promise.all(good)) expect(caller.keyId).toBe('abc');
  expect(asked).toHaveLength(31);
});

test('each role may do what those before it may', () => {
  ROLES.forEach((role, i) =>
    ROLES.forEach((wanted, j) =>
      expect(mayActAs({ role, keyId: 'k', address: 'a' } satisfies Caller, wanted)).toBe(i >= j),
    ),
  );
});
