import { nobleVerifier, utf8 } from '@solvent/algebra';
import { inPieces, loadVectors } from '@solvent/testing';
import { lineContext, verifyGlobalProof, type LineVerifier } from './global-proof';
import type { Manifest } from './manifest';
import { verifyProofLine } from './proof-line';
import { invalid } from './verdict';

/** What the vectors of `global` (libs/testing) do not say: lines that are verified elsewhere, and a source that is let go. */
const { file } = loadVectors('global').find(({ name }) => name === 'spot')!.input as { file: string };
const kzg = nobleVerifier();

/** Lines are done when they are told to, the last one first. */
function backwards(
  verify: (line: Uint8Array, manifest: Manifest, index: number) => ReturnType<LineVerifier['verify']>,
  concurrency: number,
): LineVerifier & { readonly most: () => number } {
  let [underWay, most, begun] = [0, 0, 0];
  return {
    concurrency,
    most: () => most,
    async verify(line, manifest) {
      const index = begun++;
      most = Math.max(most, ++underWay);
      const turns = 40 - 10 * index;
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      underWay--;
      return verify(line, manifest, index);
    },
  };
}

test.each([1, 2, 3])(
  'lines may be verified elsewhere, %i at once, and count in the order of the file',
  async (count) => {
    const lines = backwards(
      (line, manifest) => Promise.resolve(verifyProofLine(line, lineContext(manifest, kzg))),
      count,
    );
    const progress: object[] = [];
    const verdict = await verifyGlobalProof(inPieces(utf8(file)), {
      kzg,
      lines,
      onProgress: (told) => progress.push(told),
    });
    expect(verdict).toMatchObject({ valid: true, proofs: 3 });
    expect(lines.most()).toBe(count);
    expect(progress.map((told) => (told as { batches: number }).batches)).toEqual([1, 2, 3]);
    expect(progress.at(-1)).toEqual({ batches: 3, batchCount: 3, bytes: utf8(file).length });
  },
);

test('what is wrong with one line is not hidden by what is wrong with the next, found before', async () => {
  const refused = invalid('PROOF_INVALID', 'the first one');
  const lines = backwards(
    (_line, _manifest, index) =>
      index === 0 ? Promise.resolve(refused) : Promise.reject(new Error('the second one')),
    2,
  );
  expect(await verifyGlobalProof(inPieces(utf8(file)), { kzg, lines })).toMatchObject(refused);
});

test('nor by a file that is cut off further on', async () => {
  const refused = invalid('PROOF_INVALID', 'the first one');
  const lines = backwards(() => Promise.resolve(refused), 3);
  const verifying = verifyGlobalProof(inPieces(utf8(file.slice(0, -1))), { kzg, lines });
  expect(await verifying).toMatchObject(refused);
});

test('the source is let go as soon as the file is refused', async () => {
  const options = { operator: new Uint8Array(32).fill(1) };
  for (const refusing of [
    options,
    { lines: backwards(() => Promise.resolve(invalid('PROOF_INVALID', '')), 1) },
  ]) {
    const onEnd = jest.fn();
    const reading = source(onEnd);
    expect(await verifyGlobalProof(reading, { kzg, ...refusing })).toMatchObject({ valid: false });
    expect(onEnd).toHaveBeenCalledTimes(1);
    expect(await reading.next()).toMatchObject({ done: true });
  }
});

/** The file piece by piece; says when nobody reads on. */
async function* source(onEnd: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* inPieces(utf8(file), 1000);
  } finally {
    onEnd();
  }
}
