import { hexBytes, utf8 } from '@solvent-por/kzg';
import type { BatchPlace } from '@solvent-por/prover';
import {
  canonicalJson,
  decodeEntry,
  encodeEntry,
  inclusionToJson,
  parseInclusion,
  plainBytes,
  sizeOf,
  type Manifest,
} from '@solvent-por/verifier';

export interface KeptRecordPorts {
  readonly published: (
    snapshotId: string,
  ) => Promise<{ readonly manifest: Manifest; readonly digest: string } | undefined>;
  readonly place: (snapshotId: string, batch: number, batchCount: number) => Promise<BatchPlace>;
}

/**
 * What is kept of inclusion documents: the compact record of the specification's section 15, what of a
 * document belongs to its account alone. It has one length in a snapshot, whoever's it is: a document's
 * decimal amounts would tell through the seal how many digits a balance has.
 */
export class KeptRecords {
  constructor(private readonly ports: KeptRecordPorts) {}

  /** @throws SolventError INCLUSION_MALFORMED | DOCUMENT_*: what was computed is no document */
  recordOf(document: Uint8Array): Uint8Array {
    return encodeEntry(parseInclusion(document));
  }

  /**
   * The same document again, byte for byte, from its record, the snapshot's manifest and its tree.
   *
   * @param id of the account, 32 bytes
   * @returns undefined where the record is not one of this snapshot's layout
   */
  async documentOf(snapshotId: string, id: Uint8Array, record: Uint8Array): Promise<Uint8Array | undefined> {
    const published = await this.ports.published(snapshotId);
    if (!published) return undefined;
    const { manifest, digest } = published;
    const values = sizeOf(manifest.header).published;
    if (record.length !== plainBytes(values)) return undefined;
    const account = decodeEntry(record, values);
    if (account.batch >= manifest.batchCount) return undefined;
    const place = await this.ports.place(snapshotId, account.batch, manifest.batchCount);
    return utf8(canonicalJson(inclusionToJson({ ...account, ...place, id, manifest: hexBytes(digest, 32) })));
  }
}
