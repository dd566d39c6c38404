import { createHash } from 'node:crypto';
import { alteredFile, type FileDigests, type ProofReads } from '@solvent-por/services/database';
import { equalBytes } from '@solvent-por/kzg';
import type { ByteRange } from './byte-range';

/** Bytes are compared with their digests before they are handed out, or as they are stored. */
export type Trust = 'checked' | 'as stored';

/** Where the lines of stored proofs are read. */
export type LineStore = Pick<ProofReads, 'lengths' | 'lines'>;

/** So many bytes of lines are read from the database at once. */
const PIECE_BYTES = 256 * 1024;
const LINE_FEED = Uint8Array.of(10);

/**
 * The file global-proof.ndjson of a published snapshot: the same bytes as the CLI writes, put together from
 * the database and never held whole. Each line is compared with the digest that was kept when it was
 * published, before a byte of it is handed out.
 */
export class GlobalProofFile {
  /** Bytes of the whole file. */
  readonly size: number;
  /** SHA-256 of the lines' digests, in hex: it names this content and no other. */
  readonly digest: string;
  /** Where each proof's line begins, and its end at last. */
  readonly #starts: Float64Array;

  private constructor(
    private readonly store: LineStore,
    private readonly snapshotId: string,
    private readonly manifest: Uint8Array,
    private readonly digests: FileDigests,
    private readonly firsts: Uint32Array,
    lengths: readonly number[],
  ) {
    this.#starts = new Float64Array(lengths.length + 1);
    this.#starts[0] = manifest.length + 1;
    lengths.forEach((length, i) => (this.#starts[i + 1] = this.#starts[i]! + length + 1));
    this.size = this.#starts[lengths.length]!;
    const all = createHash('sha256').update(digests.manifest);
    for (const digest of digests.lines) all.update(digest);
    this.digest = all.digest('hex');
  }

  /**
   * @param manifest its JCS bytes, the first line
   * @throws SolventError PUBLISHED_FILE_ALTERED (internal): the manifest, or how many proofs there are
   */
  static async open(
    store: LineStore,
    snapshotId: string,
    manifest: Uint8Array,
    digests: FileDigests,
  ): Promise<GlobalProofFile> {
    if (!equalBytes(sha256(manifest), digests.manifest)) throw alteredFile(snapshotId, 'manifest.json');
    const lengths = await store.lengths(snapshotId);
    return new GlobalProofFile(
      store,
      snapshotId,
      manifest,
      digests,
      Uint32Array.from(lengths, ({ first }) => first),
      lengths.map(({ bytes }) => bytes),
    );
  }

  get proofs(): number {
    return this.firsts.length;
  }

  /**
   * The bytes of a range, in pieces; nothing is read that isn't asked for.
   * @throws SolventError PUBLISHED_FILE_ALTERED (internal) before an altered line
   */
  async *read(
    range: ByteRange = { start: 0, end: this.size },
    trust: Trust = 'checked',
  ): AsyncGenerator<Uint8Array> {
    const within = (piece: Uint8Array, at: number) =>
      piece.subarray(Math.max(0, range.start - at), Math.max(0, Math.min(piece.length, range.end - at)));
    if (range.start < this.#starts[0]!) yield within(Buffer.concat([this.manifest, LINE_FEED]), 0);
    for (let i = this.#lineAt(range.start); i < this.proofs && this.#starts[i]! < range.end;) {
      const count = this.#pieceFrom(i, range.end);
      const lines = await this.store.lines(this.snapshotId, this.firsts[i]!, count);
      const asBefore = ({ first, line }: (typeof lines)[number], n: number) =>
        first === this.firsts[i + n] && line.length + 1 === this.#starts[i + n + 1]! - this.#starts[i + n]!;
      if (lines.length !== count || !lines.every(asBefore))
        throw alteredFile(this.snapshotId, 'global-proof.ndjson');
      if (trust === 'checked') lines.forEach(({ line }, n) => this.#refuseAltered(line, i + n));
      yield within(Buffer.concat(lines.flatMap(({ line }) => [line, LINE_FEED])), this.#starts[i]!);
      i += count;
    }
  }

  #refuseAltered(line: Uint8Array, i: number): void {
    const digest = this.digests.lines[i];
    if (!digest || !equalBytes(sha256(line), digest))
      throw alteredFile(this.snapshotId, `line ${i + 2} of global-proof.ndjson`);
  }

  /** How many lines from i on make a piece. */
  #pieceFrom(i: number, end: number): number {
    let count = 1;
    while (
      i + count < this.proofs &&
      this.#starts[i + count]! < end &&
      this.#starts[i + count + 1]! - this.#starts[i]! <= PIECE_BYTES
    )
      count++;
    return count;
  }

  /** The first line that ends behind a position. */
  #lineAt(position: number): number {
    let [low, high] = [0, this.proofs];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle + 1]! <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
