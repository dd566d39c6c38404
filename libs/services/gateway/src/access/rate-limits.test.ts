import type { Caller } from './caller';
import { RateLimits } from './rate-limits';

const RATES = {
  lookup: { address: 3, key: 5 },
  verification: { address: 2, key: 2 },
  other: { address: 0, key: 1 },
};
const from = (address: string, keyId?: string): Caller => ({
  role: keyId ? 'PARTNER' : 'ANONYMOUS',
  keyId,
  address,
});

async function taken(take: () => Promise<void>): Promise<number> {
  for (let count = 0; ; count++)
    try {
      await take();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'RATE_LIMITED',
        details: { retryAfter: expect.any(Number) as number },
      });
      return count;
    }
}

test('an address has an allowance a class, a key one of its own wherever it is used from', async () => {
  const limits = new RateLimits(RATES);
  expect(await taken(() => limits.take(from('10.0.0.1'), 'lookup'))).toBe(3);
  expect(await taken(() => limits.take(from('10.0.0.1'), 'verification'))).toBe(2);
  expect(await taken(() => limits.take(from('10.0.0.2'), 'lookup'))).toBe(3);
  let address = 0;
  expect(await taken(() => limits.take(from(`10.0.1.${address++}`, 'key'), 'lookup'))).toBe(5);
  expect(await taken(() => limits.take(from('10.0.0.1', 'other key'), 'lookup'))).toBe(5);
});

test('0 is without limit', async () => {
  const limits = new RateLimits(RATES);
  for (let i = 0; i < 1000; i++) await limits.take(from('10.0.0.1'), 'other');
  expect(await taken(() => limits.take(from('10.0.0.1', 'key'), 'other'))).toBe(1);
});

test('large bodies and wrong keys are counted by address', async () => {
  const limits = new RateLimits(RATES);
  expect(await taken(() => limits.takeLarge('10.0.0.1'))).toBe(2);
  expect(await taken(() => limits.takeLarge('10.0.0.2'))).toBe(2);
  expect(await taken(() => limits.takeWrongKey('10.0.0.1'))).toBe(30);
});

test('whoever counts refusals is told of the operation', async () => {
  const told: string[] = [];
  const limits = new RateLimits(RATES, (operation) => void told.push(operation));
  await taken(() => limits.take(from('10.0.0.1'), 'lookup'));
  expect(told).toEqual(['lookup']);
});
