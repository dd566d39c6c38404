import {
  concat,
  encodePoints,
  G1_BASE,
  G1_ZERO,
  mod,
  OpeningChecks,
  ROWS,
  toBytes,
  u32be,
  type RandomBytes,
} from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  accountId,
  accountLeaf,
  addSumCheck,
  addTotalsCheck,
  climbAccounts,
  ColumnsDigest,
  foldValues,
  headerDigest,
  lineContext,
  sumsChallenge,
  sumWeights,
  Transcript,
  verifyInclusion,
  verifyProofLine,
  proofLine,
} from '@solvent-por/verifier';
import {
  SnapshotBuilder,
  testAccounts,
  testHeader,
  testKey,
  toBatches,
  verifyFile,
  type ProvedLine,
  type SnapshotSteps,
} from '@solvent-por/dev/proofs';
import { BatchProver } from '../batch-prover';

/**
 * γ depends on everything that anybody claims (section 8): nothing may be chosen when it is known, and no sum
 * be of anything else.
 */
const kzg = nativeVerifier();
const header = testHeader('aggregate', 1, 2);
let builder: SnapshotBuilder;
let lines: ProvedLine[];
let pair: ProvedLine;

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  const batches = toBatches(testAccounts(header, 6), 2);
  lines = builder.proveAll(batches);
  pair = builder.prove(0, batches.slice(0, 2));
});

const verdict = (steps: SnapshotSteps, given = lines) => verifyFile(builder.finalise(given, steps).file);
const PROOF = { valid: false, code: 'PROOF_INVALID' };
const COLUMNS = { valid: false, code: 'GLOBAL_COLUMNS' };

describe('γ drawn by a prover from less, or from something else', () => {
  /** The transcript of section 8 but for one step. */
  const without = (left: string): bigint => {
    const { columns, totals } = builder.finalise(lines);
    const transcript = new Transcript('sums');
    const absorb = (label: string, ...data: Uint8Array[]) => {
      if (label !== left) transcript.absorb(label, ...data);
    };
    absorb('header', builder.digest);
    absorb('batches', u32be(lines.length));
    absorb('columns', columns);
    absorb('totals', ...totals.map((total) => toBytes(total)));
    return transcript.challenge('gamma');
  };

  test('the transcript with every step is the verifier’s', async () => {
    expect(without('nothing')).toBe(builder.finalise(lines).gamma);
    expect(await verdict({ gamma: () => without('nothing') })).toMatchObject({ valid: true });
  });

  test.each(['header', 'batches', 'columns', 'totals'])('without %s', async (left) => {
    expect(await verdict({ gamma: () => without(left) })).toMatchObject(PROOF);
  });

  test.each<[string, (gamma: bigint) => bigint]>([
    ['0', () => 0n],
    ['1', () => 1n],
    ['one more', (gamma) => mod(gamma + 1n)],
  ])('%s', async (_, gamma) => {
    expect(await verdict({ gamma })).toMatchObject(PROOF);
  });

  test('of other totals: those that are published were chosen afterwards', async () => {
    const { columns, totals } = builder.finalise(lines);
    const before = sumsChallenge(builder.digest, lines.length, columns, [totals[0]! + 1n, totals[1]!]);
    expect(await verdict({ gamma: () => before })).toMatchObject(PROOF);
  });

  test('before the header stood: of one with another time', async () => {
    const { columns, totals } = builder.finalise(lines);
    const other = headerDigest({ ...header, takenAt: '2026-10-30T00:00:00Z' });
    const before = sumsChallenge(other, lines.length, columns, totals);
    expect(await verdict({ gamma: () => before })).toMatchObject(PROOF);
  });

  test('before the last batch was there: of fewer batches, with or without its columns', async () => {
    const whole = builder.finalise(lines);
    const fewer = builder.finalise(lines.slice(0, 2));
    for (const before of [
      fewer.gamma,
      sumsChallenge(builder.digest, 2, whole.columns, whole.totals),
      sumsChallenge(builder.digest, 3, fewer.columns, whole.totals),
    ])
      expect(await verdict({ gamma: () => before })).toMatchObject(PROOF);
    // Under the columns that γ was drawn from as well: then those of the file are others.
    const cheat = { columns: () => fewer.columns };
    expect(await verdict(cheat)).toMatchObject(COLUMNS);
  });

  test('of other account trees: those of the file were made afterwards, to fit', async () => {
    const [a, ...rest] = lines as [ProvedLine, ...ProvedLine[]];
    const genuine = builder.finalise(lines);
    const fitted = { ...a, proof: { ...a.proof, accounts: [new Uint8Array(32).fill(9)] } };
    // Under the old columns and γ: the trees in the file are not those of `columns`, and every proof's own
    // challenges depend on them.
    const steps = { columns: () => genuine.columns, gamma: () => genuine.gamma };
    expect(await verdict(steps, [fitted, ...rest])).toMatchObject(PROOF);
    expect(await verdict({}, [fitted, ...rest])).toMatchObject(PROOF);
    // What it would be good for: values that fold to what the column holds, for any γ that is known.
    const values = [5n, 7n];
    const chosen = [mod(5n + genuine.gamma), 6n];
    expect(foldValues(genuine.gamma, chosen)).toBe(foldValues(genuine.gamma, values));
  });
});

test('an account tree made after γ, and the batch proved again with it: nothing but `columns` refuses it', async () => {
  const [a, ...rest] = lines as [ProvedLine, ...ProvedLine[]];
  const genuine = builder.finalise(lines);
  const [honest, row] = [a.stored[0]!, 0];
  // Somebody else's id in the row, whose values are known to fold to what the column holds.
  const ids = honest.accounts.ids.slice();
  const key = testKey('shown the row of another');
  ids.set(accountId(builder.digest, key), 32 * row);
  const stored = { ...honest, accounts: { ...honest.accounts, ids } };
  const { id, salt, values, accountPath } = builder.include(genuine, stored, row);
  const root = climbAccounts(accountLeaf(id, salt, values), accountPath, row);
  class SecondTree extends BatchProver {
    protected override accountsRoot = () => root;
  }
  const { proof } = builder.prove(0, [honest.accounts], builder.prover(SecondTree));
  expect(proof.accounts).toEqual([root]);
  expect(proof.commitments.limbs).toEqual(a.proof.commitments.limbs);

  const again = [{ proof, stored: a.stored }, ...rest];
  const forged = builder.finalise(again, { columns: () => genuine.columns });
  expect(forged.gamma).toBe(genuine.gamma);
  expect(await verifyFile(forged.file)).toMatchObject(COLUMNS);
  // Each line holds, and so does the file of the row: who did not verify the global proof is deceived.
  const context = lineContext(forged.manifest, kzg);
  for (const line of forged.summed)
    expect(verifyProofLine(proofLine(line), context)).toMatchObject({ valid: true });
  const shown = builder.include(forged, stored, row);
  expect(verifyInclusion(shown, { manifest: forged.manifest, key }, kzg)).toMatchObject({ valid: true });
  // Under the γ that the second tree gives it is an honest snapshot, of another account.
  expect(await verdict({}, again)).toMatchObject({ valid: true });
});

describe('`columns`', () => {
  const digestOf = (...given: readonly ProvedLine[]) => builder.columnsOf(...given.map(({ proof }) => proof));

  test.each<[string, () => Uint8Array]>([
    ['of other batches', () => digestOf(lines[0]!, lines[1]!, lines[1]!)],
    ['in another order', () => digestOf(lines[1]!, lines[0]!, lines[2]!)],
    ['of fewer batches', () => digestOf(lines[0]!, lines[1]!)],
    ['of no batch', () => digestOf()],
    ['of another header', () => new ColumnsDigest(new Uint8Array(32)).digest()],
  ])('%s', async (_, columns) => {
    expect(await verdict({ columns })).toMatchObject(COLUMNS);
  });

  test('of the limbs without the account trees, and of the trees without the limbs', async () => {
    const hashed = (parts: (line: ProvedLine) => Uint8Array[]) =>
      sha256(
        concat(
          Uint8Array.of(5),
          builder.digest,
          ...lines.map((line) => sha256(concat(Uint8Array.of(6), ...parts(line)))),
        ),
      );
    const whole = ({ proof }: ProvedLine) => [proof.accounts[0]!, ...proof.commitments.limbs];
    expect(hashed(whole)).toEqual(digestOf(...lines));
    for (const parts of [
      (line: ProvedLine) => whole(line).slice(1),
      (line: ProvedLine) => whole(line).slice(0, 1),
    ])
      expect(await verdict({ columns: () => hashed(parts) })).toMatchObject(COLUMNS);
  });
});

describe('the sums of lines', () => {
  test.each<[string, SnapshotSteps['sums'] & object]>([
    ['of another batch', ([a, , c]) => [a!, a!, c!]],
    ['of two batches swapped', ([a, b, c]) => [b!, a!, c!]],
    ['of the first value alone', (sums, gamma) => sums.map((_, i) => sumOf(i, [1n, 0n], gamma))],
    [
      'with the second value left out, its power kept',
      (sums, gamma) => sums.map((_, i) => sumOf(i, [0n, 1n], gamma)),
    ],
    [
      'with γ squared',
      (_, gamma) => lines.map(({ proof }) => builder.leavesOf(proof, mod(gamma * gamma))[0]!.sum),
    ],
    ['negated', (sums) => sums.map((sum) => sum.negate())],
    ['infinity', (sums) => sums.map(() => G1_ZERO)],
    ['two errors that cancel', ([a, b, c]) => [a!.add(G1_BASE), b!.subtract(G1_BASE), c!]],
  ])('%s', async (_, sums) => {
    expect(await verdict({ sums })).toMatchObject(PROOF);
  });

  test('two errors that cancel in one line: pass where sums share a factor', async () => {
    const steps: SnapshotSteps = { sums: ([a, b]) => [a!.add(G1_BASE), b!.subtract(G1_BASE)] };
    const { summed, manifest, gamma } = builder.finalise([pair], steps);
    expect(verifyProofLine(proofLine(summed[0]!), lineContext(manifest, kzg))).toMatchObject(PROOF);
    const careless = new OpeningChecks((length) => new Uint8Array(length).fill(1));
    const K = builder.layout.limbs;
    const limbs = kzg.decodePoints(pair.proof.commitments.limbs);
    kzg
      .decodePoints(summed[0]!.sums)
      .forEach((sum, i) =>
        addSumCheck(limbs.slice(i * K, (i + 1) * K), sumWeights(builder.layout, gamma), sum, careless),
      );
    expect(careless.holds(kzg)).toBe(true);
  });

  test('an error of a sum and one of the totals: pass where both share a factor', async () => {
    // A sum that is e too high raises the top by e; totals that are 2·e·n too high then lack e, and the sum's
    // own equation has e too much.
    const e = 3n;
    const truth = builder.finalise(lines);
    const totals = [truth.totals[0]! + 2n * e * BigInt(ROWS), truth.totals[1]!];
    const cheat = builder.finalise(lines, {
      totals: () => totals,
      sums: ([a, ...rest]) => [a!.add(kzg.multiScalar([G1_BASE], [e])), ...rest],
      totalsOpening: (_, gamma) =>
        builder.openTotals(
          lines.flatMap(({ stored }) => stored),
          gamma,
          totals,
          truth.totals,
        ),
    });
    expect(await verifyFile(cheat.file)).toMatchObject(PROOF);

    const shared: RandomBytes = (length) => new Uint8Array(length).fill(7);
    const claims = (random?: RandomBytes) => {
      const checks = new OpeningChecks(random);
      const limbs = kzg.decodePoints(lines[0]!.proof.commitments.limbs);
      // The identity as a pairing: its sum opened to 0 by infinity, as a verifier does that puts both into
      // one.
      checks.add({
        commitment: {
          points: [...limbs, kzg.decodePoints([cheat.summed[0]!.sums[0]!])[0]!],
          scalars: [...sumWeights(builder.layout, cheat.gamma).map((x) => mod(-x)), 1n],
        },
        point: 0n,
        value: 0n,
        proof: G1_ZERO,
      });
      const [opening] = kzg.decodePoints([
        Uint8Array.from(Buffer.from(cheat.manifest.totalsOpening.slice(2), 'hex')),
      ]);
      addTotalsCheck(cheat.tree.top.sum, cheat.gamma, totals, opening!, checks);
      return checks.holds(kzg);
    };
    expect(claims(shared)).toBe(true);
    expect(claims()).toBe(false);
  });

  /** Σ factors[v]·γ^v·C(v-th published value) of a batch. */
  function sumOf(line: number, factors: readonly bigint[], gamma: bigint) {
    const { layout } = builder;
    const published = layout.published.map((value, v) => ({
      ...value,
      form: { terms: value.form.terms.map((term) => ({ ...term, coefficient: factors[v]! })) },
    }));
    const limbs = kzg.decodePoints(lines[line]!.proof.commitments.limbs);
    return kzg.multiScalar(limbs, sumWeights({ ...layout, published }, gamma));
  }
});

test('a line whose sums are those of another snapshot with the same batches', () => {
  const other = builder.finalise(lines, { totals: ([a, b]) => [a! + 1n, b!] });
  const here = builder.finalise(lines);
  expect(encodePoints([here.nodes[0]!.sum])).not.toEqual(encodePoints([other.nodes[0]!.sum]));
  expect(verifyProofLine(proofLine(other.summed[0]!), lineContext(here.manifest, kzg))).toMatchObject(PROOF);
  expect(verifyProofLine(proofLine(here.summed[0]!), lineContext(here.manifest, kzg))).toMatchObject({
    valid: true,
  });
});
