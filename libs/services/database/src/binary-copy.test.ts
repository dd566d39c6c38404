import { BinaryRows } from './binary-copy';

test('two rows as the manual describes them', () => {
  const rows = new BinaryRows();
  rows.row(4).text('né').int4(-2).int2(258).null();
  rows.row(1).bytes(Uint8Array.of(0xde, 0xad));
  const expected = [
    ...[...Buffer.from('PGCOPY\n'), 0xff, 0x0d, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ...[0, 4],
    ...[0, 0, 0, 3, 0x6e, 0xc3, 0xa9],
    ...[0, 0, 0, 4, 0xff, 0xff, 0xff, 0xfe],
    ...[0, 0, 0, 2, 1, 2],
    ...[0xff, 0xff, 0xff, 0xff],
    ...[0, 1],
    ...[0, 0, 0, 2, 0xde, 0xad],
    ...[0xff, 0xff],
  ];
  expect([...rows.end()]).toEqual(expected);
});

test('pieces that are taken make the same bytes as the whole', () => {
  const write = (rows: BinaryRows, i: number) =>
    rows
      .row(2)
      .int4(i)
      .bytes(Buffer.alloc(i * 977, i));
  const [whole, pieces] = [new BinaryRows(), new BinaryRows()];
  const taken: Buffer[] = [];
  for (let i = 0; i < 120; i++) {
    write(whole, i);
    write(pieces, i);
    if (i % 7 === 0) taken.push(pieces.take());
  }
  expect(Buffer.concat([...taken, pieces.end()]).equals(whole.end())).toBe(true);
});

test('a number that does not fit is refused, not cut', () => {
  expect(() => new BinaryRows().int2(40_000)).toThrow(/out of range/);
  expect(() => new BinaryRows().int4(2 ** 31)).toThrow(/out of range/);
});
