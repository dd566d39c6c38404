import { PassThrough } from 'node:stream';
import { READS_ZSTD, unzstd } from './zstd-frames';

/** Made by zstd 1.5: `first` with its size and a checksum; the same without size; 88 times `a`, whose block is compressed. */
const FIRST = Buffer.from('28b52ffd2406310000' + '66697273740a' + 'c316ad2c', 'hex');
const SIZELESS = Buffer.from('28b52ffd0458310000' + '66697273740a' + 'c316ad2c', 'hex');
const MANY = Buffer.from('28b52ffd00584d0000186161' + '0a01003301' + '2c', 'hex');
/** `aaaa` as one byte repeated, in a last block of its own kind. */
const REPEATED = Buffer.from('28b52ffd2004' + '230000' + '61', 'hex');
const SKIPPED = Buffer.from('5a2a4d18' + '03000000' + '010203', 'hex');

const refuse = (cutOff: boolean, reason: string) => new Error(`${cutOff ? 'cut off' : 'damaged'}: ${reason}`);

/** Each frame's bytes, in pieces as a file may come. */
async function framesOf(bytes: Uint8Array, piece: number): Promise<string[]> {
  async function* pieces() {
    await Promise.resolve();
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
  const frames: Buffer[][] = [];
  const started = () => {
    frames.push([]);
    return new PassThrough();
  };
  for await (const part of unzstd(pieces(), refuse, started)) frames.at(-1)!.push(Buffer.from(part));
  return frames.map((parts) => Buffer.concat(parts).toString('hex'));
}

test.each([1, 3, 1000])('frames of a zstd file are told apart, in pieces of %d bytes', async (piece) => {
  const file = Buffer.concat([FIRST, SKIPPED, SIZELESS, MANY, REPEATED]);
  const expected = [FIRST, SIZELESS, MANY, REPEATED].map((frame) => frame.toString('hex'));
  expect(await framesOf(file, piece)).toEqual(expected);
});

test('a zstd file that is cut off anywhere, or followed by other bytes, is not read as whole', async () => {
  const file = Buffer.concat([FIRST, MANY]);
  for (let length = 1; length < file.length; length++)
    if (length !== FIRST.length)
      await expect(framesOf(file.subarray(0, length), 5)).rejects.toThrow('cut off');
  await expect(framesOf(Buffer.concat([file, Buffer.from('more')]), 5)).rejects.toThrow('damaged');
  const reserved = Buffer.from(FIRST);
  reserved[6]! |= 6;
  await expect(framesOf(reserved, 5)).rejects.toThrow('damaged');
});

test('what follows the first frame is decompressed too, where this Node.js can', async () => {
  async function* file() {
    yield await Promise.resolve(Buffer.concat([FIRST, SIZELESS, MANY, REPEATED]));
  }
  if (!READS_ZSTD) return;
  const parts: Uint8Array[] = [];
  for await (const part of unzstd(file(), refuse)) parts.push(part);
  expect(Buffer.concat(parts).toString()).toMatch(/^first\nfirst\na+\na{4}$/);
});
