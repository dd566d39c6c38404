import { concat, nobleVerifier, utf8 } from '@solvent-por/kzg';
import { maxProofLineBytes, proofLine, proofToJson, type SummedProof } from '@solvent-por/verifier';
import {
  documentOf,
  endless,
  inPieces,
  joinLines,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  toBatches,
  type ProvedLine,
  verifyFile,
} from '@solvent-por/dev/proofs';

/**
 * global-proof.ndjson as a file (section 11): cut off, lengthened, and lines that are not their own canonical
 * form.
 */
const header = testHeader('spot', 1, 2);
let builder: SnapshotBuilder;
let a: ProvedLine, b: ProvedLine;
let summed: readonly SummedProof[];
let file: Uint8Array, manifest: Uint8Array, lineA: Uint8Array, lineB: Uint8Array;

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  [a, b] = builder.proveAll(toBatches(testAccounts(header, 4), 2)) as [ProvedLine, ProvedLine];
  const snapshot = builder.finalise([a, b]);
  ({ document: manifest, file } = snapshot);
  summed = snapshot.summed;
  [lineA, lineB] = snapshot.summed.map(proofLine) as [Uint8Array, Uint8Array];
});

const LF = Uint8Array.of(10);
const refused = (parts: readonly Uint8Array[], code: string) =>
  expect(verifyFile(concat(...parts))).rejects.toMatchObject({ code, kind: 'malformed' });

test('a manifest by itself is called that, not cut off', () => refused([manifest], 'PROOFS_MISSING'));

describe.each([1, 7, 4096])('a file read in pieces of %d bytes', (size) => {
  test('valid', async () => {
    const progress: number[] = [];
    const verdict = await verifyFile(inPieces(file, size), {
      onProgress: ({ bytes }) => progress.push(bytes),
    });
    expect(verdict).toMatchObject({
      valid: true,
      proofs: 2,
      manifest: { totals: builder.finalise([a, b]).totals.map(String) },
    });
    expect(progress).toEqual([file.length - lineB.length - 1, file.length]);
  });

  test('refused where the whole is refused', async () => {
    const swapped = joinLines(manifest, lineB, lineA);
    expect(await verifyFile(inPieces(swapped, size))).toMatchObject({ valid: false, code: 'GLOBAL_ORDER' });
    await expect(verifyFile(inPieces(file.subarray(0, -1), size))).rejects.toMatchObject({
      code: 'FILE_CUT_OFF',
    });
  });
});

test('pure JavaScript agrees', async () => {
  expect(await verifyFile(file, { kzg: nobleVerifier() })).toMatchObject({ valid: true });
  expect(await verifyFile(joinLines(manifest, lineB, lineA), { kzg: nobleVerifier() })).toMatchObject({
    code: 'GLOBAL_ORDER',
  });
});

describe('cut off', () => {
  const places: [string, () => number][] = [
    ['before its first byte', () => 0],
    ['after one byte', () => 1],
    ['in the middle of the manifest', () => manifest.length >> 1],
    ['after the manifest', () => manifest.length + 1],
    ['after one byte of the first proof', () => manifest.length + 2],
    ['in the middle of the first proof', () => manifest.length + (lineA.length >> 1)],
    ['before the line feed of the first proof', () => manifest.length + 1 + lineA.length],
    ['after the first proof', () => manifest.length + 2 + lineA.length],
    ['in the middle of the last proof', () => file.length - (lineB.length >> 1)],
    ['before its last brace', () => file.length - 2],
    ['before its final line feed', () => file.length - 1],
  ];
  test.each(places)('%s', async (_name, length) => {
    await refused([file.subarray(0, length())], 'FILE_CUT_OFF');
  });
});

describe('lengthened', () => {
  test('by an empty line: in the middle, at the end, at the beginning', async () => {
    await refused([joinLines(manifest, lineA, new Uint8Array(0), lineB)], 'DOCUMENT_MALFORMED');
    await refused([file, LF], 'DOCUMENT_MALFORMED');
    await refused([LF, file], 'DOCUMENT_MALFORMED');
  });

  test.each([
    ['a space', ' '],
    ['a zero byte', '\0'],
    ['a letter', 'x'],
    ['a carriage return', '\r'],
  ])('by %s after the last line feed', async (_name, text) => {
    await refused([file, utf8(text)], 'FILE_CUT_OFF');
    await refused([file, utf8(text), LF], 'DOCUMENT_MALFORMED');
  });

  test('by a line that is no proof', async () => {
    await refused([file, utf8('{}\n')], 'PROOF_MALFORMED');
    await refused([file, utf8('null\n')], 'PROOF_MALFORMED');
    await refused([file, file], 'PROOF_MALFORMED');
  });

  test('by the last proof again', async () => {
    expect(await verifyFile(concat(file, lineB, LF))).toMatchObject({ valid: false, code: 'GLOBAL_ORDER' });
  });

  test('by a byte order mark', async () => {
    await refused([Uint8Array.of(0xef, 0xbb, 0xbf), file], 'DOCUMENT_MALFORMED');
    await refused(
      [joinLines(manifest, concat(Uint8Array.of(0xef, 0xbb, 0xbf), lineA), lineB)],
      'DOCUMENT_MALFORMED',
    );
  });
});

describe('lines that are not their canonical form', () => {
  test('CRLF, in the manifest or in a proof', async () => {
    const cr = Uint8Array.of(13);
    await refused([joinLines(concat(manifest, cr), lineA, lineB)], 'DOCUMENT_NOT_CANONICAL');
    await refused([joinLines(manifest, concat(lineA, cr), lineB)], 'DOCUMENT_NOT_CANONICAL');
  });

  test('a space, members in another order, upper-case hex, a doubled member', async () => {
    const text = new TextDecoder().decode(lineA);
    const changed = [
      text.replace(':', ': '),
      text.replace(/^\{(.*),("first":0),(.*)\}$/, '{$2,$1,$3}'),
      text.replace('"first":0', '"first":0,"first":0'),
      text.replace('"first":0', '"first":0.0'),
      text.replace('"first":0', '"first":-0'),
      text.replace('"first":0', '"first":0e0'),
    ];
    for (const line of changed) {
      expect(line).not.toBe(text);
      await refused([joinLines(manifest, utf8(line), lineB)], 'DOCUMENT_NOT_CANONICAL');
    }
    const upper = text.replace(/[a-f](?=[^"]*"\])/, (digit) => digit.toUpperCase());
    expect(upper).not.toBe(text);
    await refused([joinLines(manifest, utf8(upper), lineB)], 'PROOF_MALFORMED');
  });

  type Json = Record<string, Record<string, unknown>>;
  const parts = ['commitments', 'evaluations', 'openings'] as const;
  const altered = (change: (json: Json) => unknown) => {
    const json = JSON.parse(new TextDecoder().decode(documentOf(proofToJson(summed[0]!)))) as Json;
    return joinLines(manifest, documentOf((change(json) ?? json) as object), lineB);
  };

  test('unknown members', async () => {
    await refused([altered((json) => ({ ...json, note: 1 }))], 'PROOF_MALFORMED');
    for (const part of parts)
      await refused([altered((json) => void (json[part]!.note = '0x'))], 'PROOF_MALFORMED');
  });

  test('missing members', async () => {
    await refused([altered(({ first: _, ...json }) => json)], 'PROOF_MALFORMED');
    for (const part of parts)
      for (const member of Object.keys((proofToJson(summed[0]!) as Json)[part]!))
        await refused([altered((json) => void delete json[part]![member])], 'PROOF_MALFORMED');
  });

  test('lists of another length', async () => {
    for (const part of ['commitments', 'evaluations'] as const)
      for (const [member, list] of Object.entries((proofToJson(summed[0]!) as Json)[part]!))
        if (Array.isArray(list)) {
          await refused(
            [altered((json) => void (json[part]![member] = [...list, list[0]]))],
            'PROOF_MALFORMED',
          );
          await refused([altered((json) => void (json[part]![member] = list.slice(1)))], 'PROOF_MALFORMED');
        }
  });

  test('`first` that is no index of a batch', async () => {
    for (const first of [-1, 0.5, 65_536, '0', null])
      await refused([altered((json) => ({ ...json, first }))], 'PROOF_MALFORMED');
  });
});

describe('100 MB on one line are not read', () => {
  const PIECE = 4096;
  const garbage = async (head: Uint8Array, filler: string, limit: number) => {
    const source = endless(head, filler.charCodeAt(0), 100_000_000, PIECE);
    await expect(verifyFile(source)).rejects.toMatchObject({ code: 'LINE_TOO_LONG', kind: 'malformed' });
    expect(source.taken).toBeLessThanOrEqual(head.length + limit + PIECE);
  };

  test('the manifest', async () => {
    await garbage(new Uint8Array(0), '[', 262_144);
    await garbage(utf8('{"batchCount":"'), '0', 262_144);
  });

  test('a proof: first, second, and one too many', async () => {
    const limit = maxProofLineBytes(builder.layout);
    expect(limit).toBeLessThan(300_000);
    await garbage(joinLines(manifest), '{', limit);
    await garbage(joinLines(manifest, lineA), ' ', limit);
    await garbage(file, '\0', limit);
  });

  test('the limit is exact, and nothing after a refusal is read', async () => {
    const limit = maxProofLineBytes(builder.layout);
    await refused([joinLines(manifest, new Uint8Array(limit))], 'DOCUMENT_MALFORMED');
    await refused([joinLines(manifest, new Uint8Array(limit + 1))], 'LINE_TOO_LONG');
    await refused([joinLines(new Uint8Array(262_144))], 'DOCUMENT_MALFORMED');
    await refused([joinLines(new Uint8Array(262_145))], 'LINE_TOO_LONG');

    const source = inPieces(concat(joinLines(manifest, lineB), new Uint8Array(10_000_000)), 1024);
    expect(await verifyFile(source)).toMatchObject({ code: 'GLOBAL_ORDER' });
    expect(source.taken).toBeLessThan(file.length + 2048);
  });
});
