import type { InclusionToKeep } from '@solvent-por/services/database';
import { DocumentKeeper } from './document-keeper';

const proof = (n: number): InclusionToKeep => ({
  ...{ snapshotId: 'october', attempt: 1, lookupKey: Uint8Array.of(n), record: Uint8Array.of(n) },
});

function harness(options: { mostWaiting?: number } = {}) {
  const stored: (readonly InclusionToKeep[])[] = [];
  const notKept: unknown[] = [];
  const state = { store: async () => undefined as void };
  const keeper = new DocumentKeeper({
    async store(proofs) {
      await state.store();
      stored.push(proofs);
    },
    onNotKept: (error) => notKept.push(error),
    ...options,
  });
  return { keeper, stored, notKept, state };
}

test('what comes while a statement runs goes with the next; end waits for all', async () => {
  const { keeper, stored } = harness();
  const proofs = Array.from({ length: 200 }, (_, n) => proof(n));
  for (const one of proofs) keeper.keep(one);
  await keeper.end();
  expect(stored.map(({ length }) => length)).toEqual([1, 128, 71]);
  expect(stored.flat()).toEqual(proofs);
  keeper.keep(proof(0));
  await keeper.end();
  expect(stored).toHaveLength(3);
});

test('what cannot be kept is reported, and the next is kept', async () => {
  const { keeper, stored, notKept, state } = harness();
  state.store = () => Promise.reject(new Error('disk full'));
  keeper.keep(proof(1));
  await new Promise((resolve) => setImmediate(resolve));
  expect(notKept).toEqual([new Error('disk full')]);
  state.store = async () => undefined;
  keeper.keep(proof(2));
  await keeper.end();
  expect(stored).toEqual([[proof(2)]]);
});

test('a database that stands still does not fill the memory', async () => {
  const { keeper, stored, state } = harness({ mostWaiting: 10 });
  let release!: () => void;
  const standing = new Promise<void>((resolve) => (release = resolve));
  state.store = () => standing;
  for (let n = 0; n < 100; n++) keeper.keep(proof(n));
  release();
  await keeper.end();
  expect(stored.flat()).toHaveLength(11);
});
