import { ROWS } from '../domain';
import { inverse, mod } from '../field';
import { createKernels, type Vector } from '../kernels';
import { type BlindColumn } from './group-quotient';
import { numbers } from '../../testing/kernel-references';

const ACCOUNT_ROWS = 4080;
const kernels = createKernels();
const quotient = kernels.groupQuotient();
const alpha = numbers(71n, 1)[0]!;

interface Group {
  readonly limbs: readonly (readonly bigint[])[];
  readonly helper: readonly bigint[];
  readonly weight: bigint;
}

/** An honest group of any limbs: h = Σ (1/(α + l) − 1/α) in account rows, anything in the reserved ones. */
function group(seed: bigint, limbs: readonly (readonly bigint[])[]): Group {
  const known = new Map<bigint, bigint>();
  const term = (l: bigint): bigint => {
    if (!known.has(l)) known.set(l, mod(inverse(alpha + l) - inverse(alpha)));
    return known.get(l)!;
  };
  const random = numbers(seed, ROWS + 1);
  const helper = random
    .slice(0, ROWS)
    .map((x, i) => (i < ACCOUNT_ROWS ? mod(limbs.reduce((sum, column) => sum + term(column[i]!), 0n)) : x));
  return { limbs, helper, weight: random[ROWS]! };
}

const random = (seed: bigint): bigint[] => numbers(seed, ROWS);
const small = (seed: bigint): bigint[] =>
  numbers(seed, ROWS).map((x, i) => (i < ACCOUNT_ROWS ? x % 2048n : x));
const constant = (seed: bigint, value: bigint): bigint[] =>
  numbers(seed, ROWS).map((x, i) => (i < ACCOUNT_ROWS ? value : x));

const column = (rows: readonly bigint[]): Vector => {
  const vector = kernels.allocate(ROWS);
  kernels.load(vector, 0, rows);
  return vector;
};

/** The four cosets as the kernels give them group by group. */
function expected(groups: readonly Group[]): bigint[] {
  const accumulators = kernels.allocate(4 * ROWS);
  kernels.fill(accumulators, 4 * ROWS, 0n);
  for (const { limbs, helper, weight } of groups) {
    const columns = [helper, ...limbs].map(column);
    for (const vector of columns) kernels.interpolate(vector, vector);
    for (let j = 0; j < 4; j++) {
      const [h, ...rest] = columns.map((vector) => {
        const values = kernels.allocate(ROWS);
        kernels.coset(values, vector, j);
        return values;
      }) as [Vector, ...Vector[]];
      kernels.accumulateGroup(kernels.at(accumulators, j * ROWS), h, rest, alpha, weight);
    }
  }
  return kernels.read(accumulators, 0, 4 * ROWS);
}

const blind = ({ limbs, helper, weight }: Group): [BlindColumn[], bigint[], bigint] => [
  limbs.map((rows) => ({ value: rows[0]!, reserved: rows.slice(ACCOUNT_ROWS) })),
  helper.slice(ACCOUNT_ROWS),
  weight,
];

let mark: number;
beforeEach(() => (mark = kernels.mark()));
afterEach(() => kernels.release(mark));

const add = ({ limbs, helper, weight }: Group): void =>
  quotient.add(
    [helper, ...limbs].map(column),
    [helper, ...limbs].map(() => kernels.allocate(ROWS)),
    weight,
  );

const dense: [string, Group[]][] = [
  ['full-size limbs', [group(1n, [random(2n), random(3n), random(4n)])]],
  ['one and two limbs: no top coefficients', [group(5n, [small(6n)]), group(7n, [small(8n), small(9n)])]],
  [
    'several groups of all sizes',
    [
      group(10n, [small(11n), small(12n), small(13n)]),
      group(14n, [small(15n), constant(16n, 0n), constant(17n, 5n)]),
      group(18n, [small(19n)]),
    ],
  ],
];

test.each(dense)('three cosets give the fourth: %s', (_, groups) => {
  const values = expected(groups);
  quotient.start(alpha);
  groups.forEach(add);
  expect(kernels.read(quotient.finish(), 0, 4 * ROWS)).toEqual(values);
});

const blinds: [string, Group[]][] = [
  ['zeros', [group(20n, [constant(21n, 0n), constant(22n, 0n), constant(23n, 0n)])]],
  ['other values', [group(24n, [constant(25n, 2047n), constant(26n, 0n), constant(27n, 77n)])]],
  [
    'one and two limbs',
    [group(28n, [constant(29n, 3n)]), group(30n, [constant(31n, 0n), constant(32n, 9n)])],
  ],
];

test.each(blinds)('groups of one value need no transforms: %s', (_, groups) => {
  const values = expected(groups);
  quotient.start(alpha);
  groups.forEach((one) => quotient.addBlind(...blind(one)));
  expect(kernels.read(quotient.finish(), 0, 4 * ROWS)).toEqual(values);
});

test('both kinds together, and one proof after another', () => {
  const [a, b] = [dense[2]![1], blinds[1]![1]];
  const values = expected([...a, ...b]);
  for (let i = 0; i < 2; i++) {
    quotient.start(alpha);
    quotient.addBlind(...blind(b[0]!));
    a.forEach(add);
    expect(kernels.read(quotient.finish(), 0, 4 * ROWS)).toEqual(values);
  }
});

test('nothing is zero', () => {
  quotient.start(alpha);
  expect(kernels.read(quotient.finish(), 0, 4 * ROWS)).toEqual(new Array<bigint>(4 * ROWS).fill(0n));
});

test('a witness that is not honest does not get by: the fourth coset differs', () => {
  const honest = group(40n, [small(41n), small(42n), small(43n)]);
  const helper = honest.helper.map((x, i) => (i === 7 ? mod(x + 1n) : x));
  const values = expected([{ ...honest, helper }]);
  quotient.start(alpha);
  add({ ...honest, helper });
  const result = kernels.read(quotient.finish(), 0, 4 * ROWS);
  expect(result.slice(0, 3 * ROWS)).toEqual(values.slice(0, 3 * ROWS));
  expect(result.slice(3 * ROWS)).not.toEqual(values.slice(3 * ROWS));
});
