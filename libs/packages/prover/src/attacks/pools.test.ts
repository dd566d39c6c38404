import { encodePoints } from '@solvent-por/kzg';
import { provedSums } from '@solvent-por/prover';
import { proofLine, verifyProofLine } from '@solvent-por/verifier';
import {
  contextOf,
  Forger,
  POOL_FLAWS,
  POOLS,
  referenceFailures,
  smuggledInto,
  summed,
  testKey,
  toBatches,
} from '@solvent-por/dev/proofs';

/**
 * Several pools that count differently (section 3): each has percentages and widths of its own, and no
 * other's. Every account here owes more than counts, and is proved for a verifier with one flaw.
 */

const context = contextOf(POOLS);
const { layout } = context;
const REFUSED = { valid: false, code: 'PROOF_INVALID' };

let forger: Forger;
beforeAll(async () => {
  forger = await Forger.open();
});

test('the layout: three pools, two of them with rooms', () => {
  expect(layout.inputs.map(({ name }) => name)).toEqual([
    ...['POOLED free', 'POOLED margin', 'POOLED portfolio', 'WHOLE equity', 'TIERED equity'],
    ...['POOLED debt', 'WHOLE debt', 'TIERED debt'],
  ]);
  expect(layout.relations.map(({ constant }) => constant)).toEqual([-1000n, -500n, -700n, -2300n, 0n]);
});

test.each(POOL_FLAWS)('$name', ({ amounts, layout: lacking, relation }) => {
  const batches = toBatches([{ id: testKey('debtor'), amounts }]);
  const { proof } = forger.forgeBatches(POOLS, batches, { layout: lacking });
  expect(referenceFailures(proof, { ...context, layout: lacking })).toEqual([]);
  expect(referenceFailures(proof, context)).toEqual([`relation ${relation}`]);
  expect(verifyProofLine(proofLine(summed(proof, context)), context)).toMatchObject(REFUSED);
  expect(() => forger.forgeBatches(POOLS, batches, {})).toThrow(
    expect.objectContaining({ code: 'WITNESS_OUT_OF_RANGE', kind: 'invalid' }),
  );
});

describe('an unpaired value smuggled into a published sum, which reserved rows could then change', () => {
  test.each([
    ['a room in an equity', 0, 'room of POOLED margin tier 0'],
    ['a room in a pool', layout.published.length - 1, 'room of POOLED portfolio tier 0'],
    ['net in a debt', 3, 'net'],
  ])('%s', (_, at, name) => {
    const lacking = smuggledInto(at, name);
    const { proof } = forger.forge(POOLS, {});
    const sums = encodePoints(provedSums(proof, lacking, context.gamma, context.kzg));
    const line = proofLine({ ...proof, sums });
    expect(verifyProofLine(line, context)).toMatchObject(REFUSED);
    // A verifier with that layout takes it.
    expect(verifyProofLine(line, { ...context, layout: lacking })).toMatchObject({ valid: true });
  });
});
