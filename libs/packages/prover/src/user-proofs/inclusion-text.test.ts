import { utf8 } from '@solvent-por/kzg';
import { canonicalJson, inclusionToJson, type Inclusion } from '@solvent-por/verifier';
import { InclusionText } from './inclusion-text';

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

function inclusion(row: number, batch: Pick<Inclusion, 'manifest' | 'batch' | 'sum' | 'path'>): Inclusion {
  return {
    ...batch,
    row,
    id: bytes(32, row),
    salt: bytes(32, row + 1),
    values: [BigInt(row), 2n ** 66n],
    accountPath: Array.from({ length: 12 }, (_, i) => bytes(32, i)),
    openings: [bytes(48, 1), bytes(48, 2), bytes(48, row)],
  };
}

test('documents are canonical, whatever batch comes after which', () => {
  const node = { hash: bytes(32, 5), sum: bytes(48, 6) };
  const batches = [
    { manifest: bytes(32, 9), batch: 0, sum: bytes(48, 1), path: [] },
    { manifest: bytes(32, 9), batch: 65_535, sum: bytes(48, 2), path: [node, node] },
  ];
  const text = new InclusionText();
  for (const [batch, row] of [
    [0, 0],
    [0, 4079],
    [1, 3],
    [0, 3],
  ] as const) {
    const one = inclusion(row, batches[batch]!);
    expect(text.bytes(one)).toEqual(utf8(canonicalJson(inclusionToJson(one))));
  }
});
