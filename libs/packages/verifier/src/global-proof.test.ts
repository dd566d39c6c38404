import { nobleVerifier, utf8 } from '@solvent-por/kzg';
import { inPieces, loadVectors } from '@solvent-por/dev/proofs';
import { lineContext, verifyGlobalProof, type LineVerifier } from './global-proof';
import type { Manifest } from './manifest';
import { verifyProofLine } from './proof-line';
import { invalid } from './verdict';

/**
 * What the vectors of `global` (libs/dev/proofs) do not say: lines that are verified elsewhere, and a source
 * that is let go.
 */
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

test('of a file whose manifest is not trusted nothing more is read, and nothing told', async () => {
  const [onManifest, onProgress] = [jest.fn(), jest.fn()];
  const lines: LineVerifier = { concurrency: 1, verify: jest.fn() };
  const bytes = inPieces(utf8(file), 1);
  const options = { kzg, lines, onManifest, onProgress };
  const verdict = await verifyGlobalProof(bytes, { ...options, operator: new Uint8Array(32).fill(1) });
  expect(verdict).toMatchObject({ valid: false, manifest: { batchCount: 3 } });
  expect(bytes.taken).toBe(file.indexOf('\n') + 1);
  for (const told of [onManifest, onProgress, lines.verify]) expect(told).not.toHaveBeenCalled();
});

test('a misspelt option is the caller’s mistake, named as such', async () => {
  const options = { kzg, operators: new Uint8Array(32) };
  await expect(verifyGlobalProof(inPieces(utf8(file)), options)).rejects.toMatchObject({
    code: 'TRUSTED_MALFORMED',
    kind: 'usage',
    details: { member: 'options.operators' },
  });
});

test('a manifest that is trusted is told of once, before the proofs', async () => {
  const told: string[] = [];
  const verdict = await verifyGlobalProof(inPieces(utf8(file)), {
    kzg,
    onManifest: ({ header }) => told.push(header.snapshot),
    onProgress: ({ batches }) => told.push(String(batches)),
  });
  expect(verdict.valid).toBe(true);
  expect(told).toEqual(['test-spot', '1', '2', '3']);
});

describe('what stands in place of a manifest is told', () => {
  const [head, ...proofs] = file.split('\n') as [string, ...string[]];
  const indented = JSON.stringify(JSON.parse(head), null, 1);
  const inclusion = (
    loadVectors('inclusion').find(({ kind }) => kind === 'correct')!.input as { document: string }
  ).document;
  const short = head.replace(/,"root":"0x[0-9a-f]+"/, '');
  test.each<[string, string, string, string]>([
    [
      'an indented manifest',
      [indented, ...proofs].join('\n'),
      'DOCUMENT_MALFORMED',
      'line 1 is no whole manifest',
    ],
    [
      'the same behind a blank',
      [` ${indented}`, ...proofs].join('\n'),
      'DOCUMENT_MALFORMED',
      'line 1 is no whole manifest',
    ],
    [
      'an inclusion proof',
      `${inclusion}\n`,
      'MANIFEST_MALFORMED',
      'this is an inclusion proof, not a global proof',
    ],
    [
      'an inclusion proof without a line feed',
      inclusion,
      '',
      'this is an inclusion proof, not a global proof',
    ],
    ['a text', `hello [1]\n`, 'DOCUMENT_MALFORMED', 'not JSON'],
    ['a manifest without a root', `${short}\n`, 'MANIFEST_MALFORMED', 'manifest.root'],
    ['the same, alone and without a line feed', short, 'MANIFEST_MALFORMED', 'manifest.root'],
    ['a manifest alone and without a line feed', head, 'PROOFS_MISSING', ''],
    ['the first half of a manifest', head.slice(0, 99), 'FILE_CUT_OFF', ''],
    ['a manifest, and then another document without its line feed', `${head}\n${head}`, 'FILE_CUT_OFF', ''],
  ])('%s', async (_what, text, code, message) => {
    await expect(verifyGlobalProof(inPieces(utf8(text)), { kzg })).rejects.toMatchObject({
      kind: 'malformed',
      ...(code === '' ? {} : { code }),
      message: expect.stringContaining(message) as unknown,
    });
  });
});

/** The file piece by piece; says when nobody reads on. */
async function* source(onEnd: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* inPieces(utf8(file), 1000);
  } finally {
    onEnd();
  }
}
