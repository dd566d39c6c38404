import {
  encodePoints,
  hexBytes,
  G1_BASE,
  inverse,
  mod,
  OpeningChecks,
  R,
  toHex,
  type G1Point,
  type RandomBytes,
} from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  addTotalsCheck,
  challengesOf,
  parseManifest,
  sumsChallenge,
  totalsOpeningValue,
  verifyBatches,
  type BatchProof,
} from '@solvent-por/verifier';
import {
  SnapshotBuilder,
  testAccounts,
  testHeader,
  toBatches,
  type ProvedLine,
  type SmallSnapshot,
  type SnapshotSteps,
  BAD_POINTS,
  verifyFile,
} from '@solvent-por/dev/proofs';

/**
 * Totals that are not the sums of the accounts. Root, tree and signature are always those that go with them.
 */
const TOTALS = { valid: false, code: 'GLOBAL_TOTALS' };
const kzg = nativeVerifier();
const modes = ['aggregate', 'spot', 'margin'] as const;
const built = new Map<string, { builder: SnapshotBuilder; lines: ProvedLine[]; honest: SmallSnapshot }>();

beforeAll(async () => {
  for (const mode of modes) {
    const header = testHeader(mode, mode === 'aggregate' ? 1 : 2, 2);
    const builder = await SnapshotBuilder.load(header);
    const lines = builder.proveAll(toBatches(testAccounts(header, 3), 2));
    built.set(mode, { builder, lines, honest: builder.finalise(lines) });
  }
});

const snapshot = (mode: string, steps: SnapshotSteps = {}) => {
  const { builder, lines } = built.get(mode)!;
  return builder.finalise(lines, steps);
};
const plus = (changes: readonly bigint[]) => (totals: readonly bigint[]) =>
  totals.map((total, v) => total + (changes[v] ?? 0n));

describe.each(modes)('%s', (mode) => {
  test('the honest totals are proved', async () => {
    expect(await verifyFile(built.get(mode)!.honest.file)).toMatchObject({ valid: true });
  });

  test('a total off by one, up and down, each total by itself', async () => {
    const width = built.get(mode)!.builder.layout.published.length;
    for (let v = 0; v < width; v++)
      for (const change of [1n, -1n]) {
        const changes = Array.from({ length: width }, (_, i) => (i === v ? change : 0n));
        const totals = plus(changes)(built.get(mode)!.honest.totals);
        const best = snapshot(mode, { totals: () => totals, totalsOpening: () => bestOpening(mode, totals) });
        expect(await verifyFile(best.file)).toMatchObject(TOTALS);
      }
  });

  test('a total off by one under the opening of the true ones', async () => {
    const { honest } = built.get(mode)!;
    const cheat = snapshot(mode, {
      totals: plus([1n]),
      totalsOpening: () => hexBytes(honest.manifest.totalsOpening, 48),
    });
    expect(await verifyFile(cheat.file)).toMatchObject(TOTALS);
  });

  test('two totals exchanged, and one moved to another', async () => {
    if (built.get(mode)!.builder.layout.published.length < 2) return;
    const swap = snapshot(mode, { totals: ([x, y, ...rest]) => [y!, x!, ...rest] });
    expect(await verifyFile(swap.file)).toMatchObject(TOTALS);
    expect(await verifyFile(snapshot(mode, { totals: plus([-1n, 1n]) }).file)).toMatchObject(TOTALS);
  });

  test('one batch left out of the totals', async () => {
    expect(await verifyFile(snapshot(mode, { summed: ([first]) => [first!] }).file)).toMatchObject(TOTALS);
    expect(await verifyFile(snapshot(mode, { summed: ([x, y]) => [x!, y!, y!] }).file)).toMatchObject(TOTALS);
  });
});

test('gross equity and debt understated together, net kept', async () => {
  for (const [mode, changes] of [
    ['aggregate', [-100n, -100n]],
    ['margin', [-100n, 0n, -100n, 0n]],
  ] as const) {
    const { honest } = built.get(mode)!;
    expect(honest.totals.every((total, v) => total + (changes[v] ?? 0n) >= 0n)).toBe(true);
    expect(await verifyFile(snapshot(mode, { totals: plus(changes) }).file)).toMatchObject(TOTALS);
  }
});

test('totals chosen so that they fold to the true value under the challenge of the true ones', async () => {
  // With γ drawn before the totals, (δ, −γ·δ) would change nothing; nobody needs to find small ones to see
  // that γ must depend on both.
  const { honest, builder } = built.get('aggregate')!;
  const [equity, debt] = honest.totals as [bigint, bigint];
  const { gamma, columns } = honest;
  const challenge = (totals: readonly bigint[]) => sumsChallenge(builder.digest, 2, columns, totals);
  expect(challenge([equity, debt])).toBe(gamma);
  const forged = [mod(equity + gamma), mod(debt - 1n)];
  expect(totalsOpeningValue(gamma, forged)).toBe(totalsOpeningValue(gamma, honest.totals));
  for (const changed of [forged, [forged[0]!, debt], [equity, forged[1]!]]) {
    expect(challenge(changed)).not.toBe(gamma);
    const checks = new OpeningChecks();
    addTotalsCheck(honest.tree.top.sum, challenge(changed), changed, decoded(openingOf(honest)), checks);
    expect(checks.holds(kzg)).toBe(false);
  }
});

test('a totals opening of another file, of another γ, and infinity', async () => {
  const { honest, lines, builder } = built.get('spot')!;
  const openings = [
    hexBytes(built.get('margin')!.honest.manifest.totalsOpening, 48),
    builder.openTotals(
      lines.flatMap(({ stored }) => stored),
      honest.gamma + 1n,
      honest.totals,
    ),
    hexBytes(`0xc0${'00'.repeat(47)}`, 48),
  ];
  for (const opening of openings)
    expect(await verifyFile(snapshot('spot', { totalsOpening: () => opening }).file)).toMatchObject(TOTALS);
});

test.each(Object.entries(BAD_POINTS))('a totals opening %s', async (_name, point) => {
  await expect(verifyFile(snapshot('spot', { totalsOpening: () => point }).file)).rejects.toMatchObject({
    code: 'POINT_MALFORMED',
    kind: 'malformed',
  });
});

describe('totals that are no totals, signed by the operator', () => {
  const texts: [string, (total: bigint) => unknown][] = [
    ['negative', () => '-5'],
    ['empty', () => ''],
    ['hexadecimal', () => '0x10'],
    ['a leading space', (total) => ` ${total}`],
    ['a final line break', (total) => `${total}\n`],
    ['an exponent', () => '1e3'],
    ['a fraction', (total) => `${total}.0`],
    ['a plus sign', (total) => `+${total}`],
    ['a leading zero', (total) => `0${total}`],
    ['grouped digits', () => '1_000'],
    ['other digits', () => '١٢'],
    ['the true one minus r', (total) => String(total - R)],
    ['2^96', () => String(1n << 96n)],
    ['a number', (total) => Number(total)],
    ['null', () => null],
  ];
  test.each(texts)('%s', async (_name, text) => {
    const { honest } = built.get('spot')!;
    const cheat = snapshot('spot', {
      manifest: (manifest) => ({
        ...manifest,
        totals: [text(honest.totals[0]!), ...manifest.totals.slice(1)],
      }),
    });
    const refusal = { code: 'MANIFEST_MALFORMED', details: { member: 'totals[0]' } };
    await expect(verifyFile(cheat.file)).rejects.toMatchObject({ ...refusal, kind: 'malformed' });
    expect(() => parseManifest(cheat.document)).toThrow(expect.objectContaining(refusal));
  });

  test('the true one plus r, which satisfies the equation', async () => {
    const cheat = snapshot('spot', { totals: plus([R]) });
    const checks = new OpeningChecks();
    addTotalsCheck(cheat.tree.top.sum, cheat.gamma, cheat.totals, decoded(openingOf(cheat)), checks);
    expect(checks.holds(kzg)).toBe(true);
    await expect(verifyFile(cheat.file)).rejects.toMatchObject({ code: 'MANIFEST_MALFORMED' });
  });

  test('too few, too many', async () => {
    for (const totals of [['1'], ['1', '2', '3'], []])
      await expect(
        verifyFile(snapshot('spot', { manifest: (manifest) => ({ ...manifest, totals }) }).file),
      ).rejects.toMatchObject({ code: 'MANIFEST_MALFORMED', details: { member: 'totals' } });
  });
});

describe('errors of two openings that cancel under a shared factor (section 7)', () => {
  /** Broken on purpose: one factor for every claim. */
  const shared: RandomBytes = (length) => new Uint8Array(length).fill(7);

  /**
   * The totals are off by δ. Its equation then lacks (δ/n)·γ^v on the left; a batch's π_ζ is moved by D =
   * that / ζ, which adds ζ·D on the left and D on the right, and the totals' opening by −D, which takes the D
   * away on the right: every error is the prover's to choose.
   */
  function forge(mode: string): { forged: SmallSnapshot; proof: BatchProof } {
    const { builder, lines } = built.get(mode)!;
    const truth = builder.finalise(lines);
    const totals = plus([1n])(truth.totals);
    const { gamma } = builder.finalise(lines, { totals: () => totals });
    const missing = mod(totalsOpeningValue(gamma, totals) - totalsOpeningValue(gamma, truth.totals));
    const [first, ...rest] = lines as [ProvedLine, ...ProvedLine[]];
    const { zeta } = challengesOf(first.proof, builder.digest);
    const shift = kzg.multiScalar([G1_BASE], [mod(missing * inverse(zeta))]);
    const moved = (point: Uint8Array, by: G1Point) => encodePoints([decoded(point).add(by)])[0]!;
    const proof = {
      ...first.proof,
      openings: { ...first.proof.openings, zeta: moved(first.proof.openings.zeta, shift) },
    };
    const forged = builder.finalise([{ ...first, proof }, ...rest], {
      totals: () => totals,
      totalsOpening: () => moved(bestOpening(mode, totals), shift.negate()),
    });
    expect(toHex(forged.columns)).toBe(toHex(truth.columns));
    return { forged, proof };
  }

  function checksOf(
    mode: string,
    proof: BatchProof,
    forged: SmallSnapshot,
    random?: RandomBytes,
  ): OpeningChecks {
    const { builder } = built.get(mode)!;
    const checks = new OpeningChecks(random);
    verifyBatches(proof, { layout: builder.layout, headerDigest: builder.digest, kzg }, checks);
    addTotalsCheck(forged.tree.top.sum, forged.gamma, forged.totals, decoded(openingOf(forged)), checks);
    return checks;
  }

  test.each(['aggregate', 'spot'])('%s: batch and totals', async (mode) => {
    const { forged, proof } = forge(mode);
    expect(checksOf(mode, proof, forged, shared).holds(kzg)).toBe(true);
    expect(checksOf(mode, proof, forged).holds(kzg)).toBe(false);
    expect(await verifyFile(forged.file)).toMatchObject({ valid: false, code: 'PROOF_INVALID' });
    // Even the untouched proof in its place does not save it.
    const rest = snapshot(mode, { totals: () => forged.totals, totalsOpening: () => openingOf(forged) });
    expect(await verifyFile(rest.file)).toMatchObject(TOTALS);
  });
});

/** The true sums opened to their true value under the γ of false totals: right but for the value. */
function bestOpening(mode: string, totals: readonly bigint[]): Uint8Array {
  const { builder, lines, honest } = built.get(mode)!;
  return builder.openTotals(
    lines.flatMap(({ stored }) => stored),
    builder.finalise(lines, { totals: () => totals }).gamma,
    totals,
    honest.totals,
  );
}

function decoded(point: Uint8Array): G1Point {
  return kzg.decodePoints([point])[0]!;
}

function openingOf({ manifest }: SmallSnapshot): Uint8Array {
  return hexBytes(manifest.totalsOpening, 48);
}
