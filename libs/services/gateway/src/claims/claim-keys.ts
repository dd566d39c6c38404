import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  MAX_ARTEFACT_BYTES,
  MAX_VERIFYING_KEY_BYTES,
  parseVerifyingKey,
  type VerifyingKey,
} from '@solvent-por/claims';
import { SolventError } from '@solvent-por/kzg';
import { LRUCache } from 'lru-cache';
import { SingleFlight } from '../lookup/single-flight';

/** What is held of all files together. */
const HELD_BYTES = 2 * MAX_ARTEFACT_BYTES;
const PIECE = 1 << 20;
const DIGEST = /^0x[0-9a-f]{64}$/;

/** A file whose digest was checked. */
export interface CheckedFile {
  /** SHA-256 of its bytes: 0x and 64 hex digits. */
  readonly digest: string;
  readonly bytes: Buffer;
  readonly modifiedAt: Date;
}

export interface ServedKey extends CheckedFile {
  readonly key: VerifyingKey;
}

/** What provers need beside the verifying key, which names both by digest. */
export type Artefact = 'zkey' | 'wasm';

/**
 * Keys of private claims from a folder of the operator's, as `solvent ceremony export` writes them:
 * `<digest>.json`, `<digest>.zkey`, `<digest>.wasm`. Each is held once its digest was checked: what stands on
 * disk afterwards changes nothing of what is served.
 */
export class ClaimKeyFiles {
  readonly #held = new LRUCache<string, CheckedFile>({
    maxSize: HELD_BYTES,
    sizeCalculation: ({ bytes }) => Math.max(1, bytes.length),
  });
  readonly #reading = new SingleFlight<CheckedFile | undefined>();
  readonly #keys = new WeakMap<CheckedFile, ServedKey>();

  /**
   * @param folder undefined: there are none
   * @param onDamaged is told of each that is not what its name says
   */
  constructor(
    private readonly folder: string | undefined,
    private readonly onDamaged: (name: string, error: unknown) => void,
  ) {}

  /**
   * @param digest of the document, as manifests name it
   * @returns undefined where the folder has no such key
   * @throws SolventError CLAIM_KEY_DAMAGED (internal)
   */
  async find(digest: string): Promise<ServedKey | undefined> {
    const file = await this.#file(digest, 'json', MAX_VERIFYING_KEY_BYTES);
    if (!file) return undefined;
    const known = this.#keys.get(file);
    if (known) return known;
    const served = { ...file, key: readKey(file) };
    this.#keys.set(file, served);
    return served;
  }

  /** What is proved with under a key. @returns, @throws as find */
  async artefact(digest: string, kind: Artefact): Promise<CheckedFile | undefined> {
    const served = await this.find(digest);
    return served && this.#file(served.key.document.files[kind], kind, MAX_ARTEFACT_BYTES);
  }

  async #file(digest: string, extension: string, maxBytes: number): Promise<CheckedFile | undefined> {
    const { folder } = this;
    // No other path ever reaches the disk.
    if (folder === undefined || !DIGEST.test(digest)) return undefined;
    const name = `${digest}.${extension}`;
    const held = this.#held.get(name);
    if (held) return held;
    try {
      const read = await this.#reading.run(name, () => readChecked(join(folder, name), digest, maxBytes));
      if (read) this.#held.set(name, read);
      return read;
    } catch (error) {
      this.onDamaged(name, error);
      throw error;
    }
  }
}

function readKey({ bytes, digest }: CheckedFile): VerifyingKey {
  try {
    return parseVerifyingKey(new Uint8Array(bytes));
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw damaged(`${digest}.json`, `is no verifying key: ${error.message}`);
  }
}

/** @returns undefined where there is no such file */
async function readChecked(path: string, digest: string, maxBytes: number): Promise<CheckedFile | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > maxBytes)
      throw damaged(digest, `is no file of at most ${maxBytes} bytes`);
    const bytes = Buffer.alloc(stat.size);
    const hash = createHash('sha256');
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await file.read(bytes, at, Math.min(PIECE, bytes.length - at), at);
      if (bytesRead === 0) throw damaged(digest, 'became shorter while it was read');
      hash.update(bytes.subarray(at, at + bytesRead));
      at += bytesRead;
    }
    if (`0x${hash.digest('hex')}` !== digest) throw damaged(digest, 'has another digest than its name');
    return { digest, bytes, modifiedAt: stat.mtime };
  } finally {
    await file.close();
  }
}

function damaged(name: string, how: string): SolventError<'CLAIM_KEY_DAMAGED'> {
  return new SolventError(
    'CLAIM_KEY_DAMAGED',
    'internal',
    `${name} in the folder of claim keys ${how}: it is not served; put there what \`solvent ceremony export\` wrote`,
  );
}
