import * as zlib from 'node:zlib';
import { concat } from '@solvent-por/kzg';
import { headerDigest, manifestChallenge, type Inclusion } from '@solvent-por/verifier';
import { encodeClaimFile } from '@solvent-por/claims';
import { ClaimFileMaker } from '../claims/claim-file-maker';
import { packEntries, sealEntry } from '../sealed/seal-entry';
import { Staging } from '../sealed/staging';
import { FileWriter, type Made } from '../user-proofs/file-writer';
import { InclusionText } from '../user-proofs/inclusion-text';
import type { LinesCoding } from '../user-proofs/lines-coding';
import type { BatchRows, UserDocuments } from '../user-proofs/tasks';
import { WitnessDirectory } from '../witness-directory';
import { allRows, loadTools, proveRows, type OpeningData } from './opening-tools';

/** Accounts of one batch to write inclusion files for. */
export interface FilesTask extends BatchRows {
  /** How deep folders lie in each other. */
  readonly levels: number;
}

/** Accounts of one batch to give lines for. */
export interface LinesTask extends BatchRows {
  readonly coding: LinesCoding;
}

/** A batch to seal whole. */
export interface SealTask {
  readonly batch: number;
  /** Prefixes of its accounts' shards, row by row. */
  readonly prefixes: Uint16Array;
}

/** What every thread that opens rows of a folder is given. */
export interface WitnessFolderData extends OpeningData {
  readonly witness: string;
  /**
   * Folder of the files, or where entries are kept until they are sorted into shards; absent where lines are
   * given back.
   */
  readonly output?: string;
  /** What files and lines hold; nothing is opened for claim files. */
  readonly documents?: UserDocuments;
}

const LF = Uint8Array.of(10);

/** Opens rows of the batches in a witness folder. */
export async function start({ witness, output, documents = 'inclusions', ...data }: WitnessFolderData) {
  let tools = documents === 'claims' ? undefined : loadTools(data);
  const [directory] = await Promise.all([WitnessDirectory.open(witness), tools]);
  const { manifest, layout } = directory;
  let files: FileWriter | undefined;

  async function prove({ batch, rows }: BatchRows): Promise<readonly Inclusion[]> {
    const stored = await directory.readBatch(batch);
    const gamma = manifestChallenge(manifest, headerDigest(manifest.header));
    return proveRows(await (tools ??= loadTools(data)), manifest, {
      opened: { layout, stored, gamma },
      place: await directory.place(batch),
      rows: rows === 'all' ? allRows(stored.accounts.count) : rows,
    });
  }

  /** What each account's owner gets. */
  async function documentsOf({ batch, rows }: BatchRows): Promise<Made[]> {
    if (documents === 'inclusions') {
      const text = new InclusionText();
      return (await prove({ batch, rows })).map((one) => ({ id: one.id, bytes: text.bytes(one) }));
    }
    const stored = await directory.readBatch(batch);
    const maker = new ClaimFileMaker(manifest, stored, await directory.claims());
    const wanted = rows === 'all' ? allRows(stored.accounts.count) : rows;
    return wanted.map((row) => {
      const file = maker.make(row);
      return { id: file.id, bytes: encodeClaimFile(file) };
    });
  }

  return {
    /** Writes a file for each row, and gives the lines of the index for them. */
    async files({ levels, ...task }: FilesTask): Promise<string> {
      const made = await documentsOf(task);
      files ??= new FileWriter(output!);
      return files.write(made, levels);
    },

    /** The documents, each with a line feed after it. */
    async lines({ coding, ...task }: LinesTask): Promise<{ bytes: Uint8Array; accounts: number }> {
      const made = await documentsOf(task);
      const bytes = concat(...made.flatMap((one) => [one.bytes, LF]));
      return { bytes: compress(bytes, coding), accounts: made.length };
    },

    /** Seals every account of a batch into the staging folder of a bundle; returns how many. */
    async seal({ batch, prefixes }: SealTask): Promise<number> {
      const entries = (await prove({ batch, rows: 'all' })).map(sealEntry);
      const packed = packEntries(entries, prefixes, layout.published.length);
      await new Staging(output!, manifest).put(batch, packed);
      return entries.length;
    },
  };
}

function compress(bytes: Uint8Array, coding: LinesCoding): Uint8Array {
  switch (coding) {
    case 'none':
      return bytes;
    case 'gzip':
      return zlib.gzipSync(bytes);
    case 'zstd':
      // Since Node.js 22.15: who asks for it has looked that it is there.
      return (zlib as unknown as { zstdCompressSync(bytes: Uint8Array): Uint8Array }).zstdCompressSync(bytes);
  }
}
