import { SolventError } from '@solvent-por/kzg';
import type { BatchPlace } from '@solvent-por/prover';
import type { Manifest } from '@solvent-por/verifier';
import { BatchMaterials, type BatchMaterialPorts } from './batch-materials';

const CELLS = new Uint8Array(27_648).fill(1);
const MANIFEST = { batchCount: 9 } as Manifest;
const PLACE: BatchPlace = { sum: new Uint8Array(48), path: [] };

function harness(ports: Partial<BatchMaterialPorts> = {}) {
  const kept = new Map<string, Uint8Array>();
  const made: number[] = [];
  const notKept: unknown[] = [];
  const damaged: unknown[] = [];
  const all: BatchMaterialPorts = {
    manifest: async (id) => (id === 's' ? MANIFEST : undefined),
    place: async () => PLACE,
    witness: async (_id, batch) => (batch < 9 ? Uint8Array.of(batch) : null),
    cells: async (id, batch) => kept.get(`${id}/${batch}`) ?? null,
    keepCells: async (id, batch, cells) => void kept.set(`${id}/${batch}`, cells),
    makeCells: async ({ batch }) => {
      made.push(batch);
      return CELLS;
    },
    onNotKept: (error) => notKept.push(error),
    onDamaged: (_id, error) => damaged.push(error),
    ...ports,
  };
  return {
    all,
    materials: new BatchMaterials(all, { bytes: 1 << 20, seconds: 60 }),
    made,
    kept,
    notKept,
    damaged,
  };
}

test('cells are made once for all who wait, kept, and not made again by another gateway', async () => {
  const { all, materials, made, kept } = harness();
  const asked = await Promise.all(Array.from({ length: 50 }, () => materials.of('s', 3)));
  expect(new Set(asked).size).toBe(1);
  expect(asked[0]).toEqual({ manifest: MANIFEST, batch: 3, place: PLACE, cells: CELLS });
  expect(made).toEqual([3]);
  expect([...kept.keys()]).toEqual(['s/3']);
  await new BatchMaterials(all, { bytes: 1, seconds: 60 }).of('s', 3);
  expect(made).toEqual([3]);
});

test('kept cells that are damaged are told of, made anew and kept in place of them', async () => {
  const error = new SolventError('WITNESS_SEAL_BROKEN', 'invalid', 'changed');
  const repairs: boolean[] = [];
  const { materials, made, damaged } = harness({
    cells: async () => ({ damaged: error }),
    keepCells: async (_id, _batch, _cells, repair) => void repairs.push(repair),
  });
  expect((await materials.of('s', 3)).cells).toBe(CELLS);
  expect([made, damaged, repairs]).toEqual([[3], [error], [true]]);
});

test('cells that cannot be kept serve nevertheless', async () => {
  const { materials, notKept } = harness({ keepCells: () => Promise.reject(new Error('disk full')) });
  expect((await materials.of('s', 3)).cells).toBe(CELLS);
  expect(notKept).toEqual([new Error('disk full')]);
});

test('a failure is not kept: the next one tries again', async () => {
  let fail = true;
  const { materials } = harness({
    makeCells: async () => {
      if (fail) throw new Error('the worker died');
      return CELLS;
    },
  });
  await expect(materials.of('s', 3)).rejects.toThrow('the worker died');
  fail = false;
  expect((await materials.of('s', 3)).cells).toBe(CELLS);
});

test.each([
  ['lost', 3],
  ['s', 9],
])('what is gone is said: snapshot %s, batch %i', async (id, batch) => {
  await expect(harness().materials.of(id, batch)).rejects.toMatchObject({
    code: 'STORED_DATA_MISSING',
    kind: 'internal',
  });
});
