import { Allowances } from './allowances';
import type { Caller } from './caller';
import { RateLimits, type Limited } from './rate-limits';

const RATES = {
  request: { address: 4, key: 6 },
  lookup: { address: 3, key: 5 },
  verification: { address: 2, key: 2 },
  proving: { address: 1, key: 2 },
  other: { address: 0, key: 1 },
};
const from = (address: string, keyId?: string): Caller => ({
  role: keyId ? 'PARTNER' : 'ANONYMOUS',
  keyId,
  address,
});

let host = 1;

/** In one minute, which does not end. */
function limitsAt(onRefused?: (what: Limited) => void): RateLimits {
  return new RateLimits(RATES, onRefused, new Allowances(undefined, undefined, () => 90_000));
}

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
  const limits = limitsAt();
  expect(await taken(() => limits.take(from('10.0.0.1'), 'lookup'))).toBe(3);
  expect(await taken(() => limits.take(from('10.0.0.1'), 'verification'))).toBe(2);
  expect(await taken(() => limits.take(from('10.0.0.2'), 'lookup'))).toBe(3);
  let address = 0;
  expect(await taken(() => limits.take(from(`10.0.1.${address++}`, 'key'), 'lookup'))).toBe(5);
  expect(await taken(() => limits.take(from('10.0.0.1', 'other key'), 'lookup'))).toBe(5);
});

test('0 is without limit', async () => {
  const limits = limitsAt();
  for (let i = 0; i < 1000; i++) await limits.take(from('10.0.0.1'), 'other');
  expect(await taken(() => limits.take(from('10.0.0.1', 'key'), 'other'))).toBe(1);
});

test('large bodies and tries of keys are counted by address', async () => {
  const limits = limitsAt();
  expect(await taken(() => limits.takeLarge('10.0.0.1'))).toBe(2);
  expect(await taken(() => limits.takeLarge('10.0.0.2'))).toBe(2);
  expect(await taken(() => limits.takeKeyTry('10.0.0.1'))).toBe(30);
});

test('whoever counts refusals is told of the operation', async () => {
  const told: string[] = [];
  const limits = limitsAt((operation) => void told.push(operation));
  await taken(() => limits.take(from('10.0.0.1'), 'lookup'));
  expect(told).toEqual(['lookup']);
});

test('every request counts, by its address as long as its key is not known to be good', async () => {
  const limits = limitsAt();
  expect(await taken(() => limits.takeRequest(undefined, '10.0.0.1'))).toBe(4);
  expect(await taken(() => limits.takeRequest('key', '10.0.0.1'))).toBe(6);
});

test('of IPv6 a customer is a /64, and a site of 65,536 of these has no more than eight have', async () => {
  const limits = limitsAt();
  expect(await taken(() => limits.takeRequest(undefined, `2001:db8:1:1::${(host++).toString(16)}`))).toBe(4);
  let network = 2;
  expect(await taken(() => limits.takeRequest(undefined, `2001:db8:1:${(network++).toString(16)}::1`))).toBe(
    28,
  );
  await limits.takeRequest(undefined, '2001:db8:2:1::1');
});

test('a good key costs no try', async () => {
  const limits = limitsAt();
  for (let i = 0; i < 100; i++) {
    await limits.takeKeyTry('10.0.0.1');
    limits.giveBackKeyTry('10.0.0.1');
  }
});
