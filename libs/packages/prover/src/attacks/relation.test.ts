import { OpeningChecks } from '@solvent-por/kzg';
import { layoutOf, verifyBatches, type Header } from '@solvent-por/verifier';
import {
  contextOf,
  EMPTY_ROW,
  failingClaims,
  Forger,
  testHeader,
  type Forgery,
} from '@solvent-por/dev/proofs';

/**
 * `margin`: net value at the published prices is not negative (section 3's relation, checked on commitments
 * for each batch).
 */

const header = testHeader('margin', 1, 2);
const layout = layoutOf(header);
const price = BigInt(header.assets[0]!.price!);
const [equity, debt, net] = layout.bases.map(({ firstLimb }) => firstLimb) as [number, number, number];
const row = EMPTY_ROW;

let forger: Forger;
let honest: Forgery;
beforeAll(async () => {
  forger = await Forger.open();
  honest = forger.forge(header, {});
});

test('the honest proof holds', () => {
  expect(honest).toMatchObject({ failing: [], violations: [] });
});

describe('an account that owes 10 and has 4', () => {
  const owes = [
    { limb: equity, row, add: 4n },
    { limb: debt, row, add: 10n },
  ];

  test('with its net value wrapped: the relation holds, the limb is not in the table', () => {
    const limbs = [...owes, { limb: net, row, add: -6n * price }];
    expect(forger.forge(header, { limbs })).toMatchObject({ failing: ['zero'], violations: [] });
  });

  test('with its net value written as 0: all limbs are in the table, the relation does not hold', () => {
    expect(forger.forge(header, { limbs: owes })).toMatchObject({
      failing: ['relation 0'],
      violations: [],
    });
  });

  test('in the second batch of a proof', () => {
    const limbs = owes.map((change) => ({ ...change, limb: layout.limbs + change.limb }));
    expect(forger.forge(header, { limbs }, 2)).toMatchObject({ failing: ['relation 1'], violations: [] });
  });

  test('made up by another account of the same batch', () => {
    const limbs = [...owes, { limb: net, row: row + 1, add: 6n * price }];
    expect(forger.forge(header, { limbs })).toMatchObject({ failing: ['relation 0'], violations: [] });
  });

  test('made up by another batch of the same proof: passes only where relations share a factor', () => {
    const limbs = [
      ...owes,
      { limb: layout.limbs + equity, row, add: 10n },
      { limb: layout.limbs + debt, row, add: 4n },
    ];
    const { proof, context, ...forgery } = forger.forge(header, { limbs }, 2);
    expect(forgery).toMatchObject({ failing: ['relation 0', 'relation 1'], violations: [] });

    const careless = new OpeningChecks((length) => new Uint8Array(length).fill(1));
    verifyBatches(proof, context, careless);
    expect(careless.holds(context.kzg)).toBe(true);
  });
});

test('a relation that fails in reserved rows only, with pairs that cancel', () => {
  const limbs = [
    { limb: net, row: 4080, add: 5n },
    { limb: net, row: 4081, add: -5n },
  ];
  expect(forger.forge(header, { limbs })).toMatchObject({ failing: ['relation 0'], violations: [] });
});

describe('prices altered after proving', () => {
  const dearer: Header = {
    ...header,
    assets: header.assets.map((asset) => ({ ...asset, price: String(price + 1n) })),
  };

  test('another header has other challenges: nothing holds but the lookup sum', () => {
    expect(failingClaims(honest.proof, contextOf(dearer))).toEqual(['zeta', 'omegaZeta', 'relation 0']);
  });

  test('even with the old digest in the transcript, the relation alone refuses it', () => {
    const patched = { ...contextOf(dearer), headerDigest: honest.context.headerDigest };
    expect(failingClaims(honest.proof, patched)).toEqual(['relation 0']);
  });
});
