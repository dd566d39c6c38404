import { once } from 'node:events';
import { SolventError } from '@solvent-por/kzg';
import fastify from 'fastify';
import { buildSchema } from 'graphql';
import WebSocket from 'ws';
import { Callers } from '../access/caller';
import { ErrorAnswers } from '../errors/answer-errors';
import { Documents } from './limits/documents';
import { registerSubscriptions } from './subscriptions';

const KEY = `slv_0123456789abcdef_${'A'.repeat(43)}`;

test('a key that is revoked elsewhere ends the connections it opened; one that cannot be asked about does not', async () => {
  const schema = buildSchema('type Query { none: Int } type Subscription { none: Int }');
  const state: { answer: 'known' | 'away' | 'revoked'; asked: number } = { answer: 'known', asked: 0 };
  const free = { takeKeyTry: async () => undefined, giveBackKeyTry: () => undefined };
  const callers = new Callers(async () => {
    state.asked++;
    if (state.answer === 'away') throw new SolventError('DATABASE_AWAY', 'internal', 'away');
    return state.answer === 'known' ? { id: 'k', role: 'PARTNER' } : null;
  }, free);
  const refused: string[] = [];
  const app = fastify();
  const limits = { depth: 5, cost: 100, length: 1000, tokens: 100 };
  await registerSubscriptions(app, {
    schema: () => schema,
    callers,
    limits: { take: async () => undefined, takeRequest: async () => undefined },
    answers: new ErrorAnswers(() => undefined),
    documents: new Documents(() => schema, limits, 'socket'),
    rules: [],
    onRefused: (why) => void refused.push(why),
    recheckEvery: 1,
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const open = async (authorization?: string) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws']);
    await once(socket, 'open');
    const acknowledged = once(socket, 'message');
    socket.send(
      JSON.stringify({ type: 'connection_init', ...(authorization && { payload: { authorization } }) }),
    );
    await acknowledged;
    return socket;
  };
  try {
    const anonymous = await open();
    const partner = await open(`Bearer ${KEY}`);
    const closed = once(partner, 'close');
    state.answer = 'away';
    callers.forget();
    const before = state.asked;
    while (state.asked < before + 3) await new Promise(setImmediate);
    expect([partner.readyState, refused]).toEqual([WebSocket.OPEN, []]);
    state.answer = 'revoked';
    expect((await closed)[0]).toBe(4403);
    expect(new Set(refused)).toEqual(new Set(['key']));
    expect(anonymous.readyState).toBe(WebSocket.OPEN);
  } finally {
    await app.close();
  }
});
