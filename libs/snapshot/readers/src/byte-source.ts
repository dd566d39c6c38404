import { open } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SolventError } from '@solvent/algebra';
import { malformedInput } from './input-error';
import type { SourceFile } from './source-files';

const CHUNK = 1 << 20;
const GZIP_CHUNK = 1 << 18;

/** Called with each piece of a file as it lies on disk. */
export type RawListener = (bytes: Uint8Array) => void;

/**
 * A file's content, decompressed where its name says so, in pieces of at most 1 MiB. A piece is valid until the next one is asked for.
 *
 * @throws SolventError INPUT_UNREADABLE (kind usage), INPUT_TRUNCATED, INPUT_MALFORMED (kind malformed, for gzip)
 */
export async function* contentOf(
  file: SourceFile,
  onRaw: RawListener,
): AsyncGenerator<Uint8Array, void, void> {
  if (!file.gzip) yield* rawChunks(file, onRaw, false);
  else yield* gunzipped(file, onRaw);
}

async function* rawChunks(
  file: SourceFile,
  onRaw: RawListener,
  fresh: boolean,
): AsyncGenerator<Uint8Array, void, void> {
  const handle = await open(file.path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code ?? 'unknown error';
    throw new SolventError('INPUT_UNREADABLE', 'usage', `cannot read ${file.path} (${reason})`, {
      file: file.name,
      reason,
    });
  });
  try {
    const buffer = Buffer.allocUnsafe(fresh ? 0 : CHUNK);
    for (;;) {
      // Decompression runs in another thread and may still be reading the piece before.
      const target = fresh ? Buffer.allocUnsafe(GZIP_CHUNK) : buffer;
      const { bytesRead } = await handle.read(target, 0, target.length);
      if (bytesRead === 0) return;
      const bytes = target.subarray(0, bytesRead);
      onRaw(bytes);
      yield bytes;
    }
  } finally {
    await handle.close();
  }
}

async function* gunzipped(file: SourceFile, onRaw: RawListener): AsyncGenerator<Uint8Array, void, void> {
  const gunzip = createGunzip({ chunkSize: GZIP_CHUNK });
  let raw = 0;
  const source = Readable.from(
    rawChunks(
      file,
      (bytes) => {
        raw += bytes.length;
        onRaw(bytes);
      },
      true,
    ),
  );
  pipeline(source, gunzip, () => {}); // errors arrive in the loop below
  try {
    for await (const bytes of gunzip) yield bytes as Buffer;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'Z_BUF_ERROR')
      throw malformedInput('INPUT_TRUNCATED', { file: file.name, row: 0 }, 'the gzip file is cut off');
    if (code?.startsWith('Z_'))
      throw malformedInput(
        'INPUT_MALFORMED',
        { file: file.name, row: 0 },
        `is not a sound gzip file (${code})`,
      );
    throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  // zlib ignores what follows the last member; a balance file in which bytes are ignored is not read at all.
  if (raw === 0 || gunzip.bytesWritten !== raw)
    throw malformedInput(
      raw === 0 ? 'INPUT_TRUNCATED' : 'INPUT_MALFORMED',
      { file: file.name, row: 0 },
      raw === 0 ? 'the gzip file is empty' : 'the gzip file is followed by other bytes',
    );
}
