import type { Socket } from 'node:net';
import { Floods } from './floods';

const from = (remoteAddress: string) => ({ remoteAddress }) as Socket;

test('an address is a flood after 600 refusals in a minute, and no longer than that minute', () => {
  const clock = { now: 60_000 };
  const floods = new Floods(
    () => undefined,
    () => clock.now,
  );
  for (let i = 0; i < 599; i++) floods.refused(from('a'));
  expect(floods.isOne(from('a'))).toBe(false);
  floods.refused(from('a'));
  expect([floods.isOne(from('a')), floods.isOne(from('b'))]).toEqual([true, false]);
  clock.now = 120_000;
  expect(floods.isOne(from('a'))).toBe(false);
});
