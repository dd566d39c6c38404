import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Floods } from './floods';

const from = (remoteAddress: string) => ({ remoteAddress, destroy: () => undefined }) as unknown as Socket;

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

test('one address holds at most 512 connections, and one that ends makes room for another', () => {
  const dropped: Socket[] = [];
  const server = new EventEmitter();
  new Floods(() => undefined).guard(server as Server);
  const open = (remoteAddress: string): Socket => {
    const socket = Object.assign(new EventEmitter(), {
      remoteAddress,
      destroy: () => dropped.push(socket),
    }) as unknown as Socket;
    server.emit('connection', socket);
    return socket;
  };
  const all = Array.from({ length: 513 }, () => open('10.0.0.1'));
  open('10.0.0.2');
  expect(dropped).toEqual([all[512]]);
  all[0]!.emit('close');
  open('10.0.0.1');
  expect(dropped).toHaveLength(1);
});

test('what is no HTTP makes a flood as requests do; connections that broke off do not', () => {
  const server = new EventEmitter();
  const floods = new Floods(() => undefined);
  floods.guard(server as Server);
  for (let i = 0; i < 600; i++) {
    server.emit('clientError', { code: 'HPE_INVALID_METHOD' }, from('a'));
    server.emit('clientError', { code: 'ECONNRESET' }, from('b'));
  }
  expect([floods.isOne(from('a')), floods.isOne(from('b'))]).toEqual([true, false]);
});
