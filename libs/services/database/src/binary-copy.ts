import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** "PGCOPY\n\377\r\n\0" ‖ flags (int32 0) ‖ length of the header's extension (int32 0). */
const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const TRAILER = Buffer.from('ffff', 'hex');
const CHUNK_BYTES = 64 * 1024;
/** The last row of a chunk may pass its end. */
const BUFFER_BYTES = CHUNK_BYTES + 1024;

/**
 * Rows in the binary format of COPY (PostgreSQL's manual, "COPY", section "Binary Format"): a row is the
 * int16 number of its fields, a field its int32 length and its bytes, all big-endian; −1 for NULL. Fields are
 * written in the order of the columns.
 */
export class BinaryRows {
  #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #length = 0;

  constructor() {
    this.#put(HEADER);
  }

  get length(): number {
    return this.#length;
  }

  row(fields: number): this {
    this.#reserve(2);
    this.#length = this.#buffer.writeInt16BE(fields, this.#length);
    return this;
  }

  /** bytea; varchar and text take their UTF-8 the same way. */
  bytes(value: Uint8Array): this {
    this.#reserve(4);
    this.#length = this.#buffer.writeInt32BE(value.length, this.#length);
    return this.#put(value);
  }

  text(value: string): this {
    return this.bytes(Buffer.from(value, 'utf8'));
  }

  int2(value: number): this {
    this.#reserve(6);
    this.#length = this.#buffer.writeInt16BE(value, this.#buffer.writeInt32BE(2, this.#length));
    return this;
  }

  int4(value: number): this {
    this.#reserve(8);
    this.#length = this.#buffer.writeInt32BE(value, this.#buffer.writeInt32BE(4, this.#length));
    return this;
  }

  null(): this {
    this.#reserve(4);
    this.#length = this.#buffer.writeInt32BE(-1, this.#length);
    return this;
  }

  /** What was written since the last call. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    this.#length = 0;
    return taken;
  }

  end(): Buffer {
    this.#put(TRAILER);
    return this.take();
  }

  #put(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/**
 * COPY table (columns) FROM STDIN, binary; chunk by chunk, no faster than the server takes them. Within a
 * transaction it is all or nothing.
 *
 * @param table name as SQL, quoted where it must be
 */
export async function copyRows<T>(
  client: ClientBase,
  table: string,
  columns: readonly string[],
  items: Iterable<T>,
  write: (rows: BinaryRows, item: T) => void,
): Promise<void> {
  function* chunks(): Generator<Buffer> {
    const rows = new BinaryRows();
    for (const item of items) {
      write(rows.row(columns.length), item);
      if (rows.length >= CHUNK_BYTES) yield rows.take();
    }
    yield rows.end();
  }
  const copy = copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN WITH (FORMAT binary)`);
  await pipeline(Readable.from(chunks(), { objectMode: true, highWaterMark: 2 }), client.query(copy));
}
