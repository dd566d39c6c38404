import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** An inclusion document, ready to be answered: canonical JSON, whose characters are all ASCII. */
export interface InclusionDocument {
  readonly text: string;
  /** SHA-256 of its bytes: 0x and 64 hex digits. */
  readonly digest: string;
}

/** What an entry needs beside its text: key, digest, the list's own nodes. */
const ENTRY_BYTES = 512;

export function inclusionDocument(bytes: Uint8Array): InclusionDocument {
  const digest = createHash('sha256').update(bytes).digest('hex');
  return {
    text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'),
    digest: `0x${digest}`,
  };
}

/**
 * The documents asked for last, bounded in bytes. They are forgotten after a while, so that what retention
 * dropped from the database does not live on in a gateway's memory.
 */
export class DocumentCache {
  readonly #kept: LRUCache<string, InclusionDocument>;

  constructor(options: { readonly bytes: number; readonly seconds: number }) {
    this.#kept = new LRUCache({
      maxSize: Math.max(1, options.bytes),
      sizeCalculation: ({ text }, key) => text.length + key.length + ENTRY_BYTES,
      ttl: options.seconds * 1000,
      // One look at the clock a second is enough.
      ttlResolution: 1000,
    });
  }

  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  get(key: string): InclusionDocument | undefined {
    return this.#kept.get(key);
  }

  set(key: string, document: InclusionDocument): void {
    this.#kept.set(key, document);
  }
}
