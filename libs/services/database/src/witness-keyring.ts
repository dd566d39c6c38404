import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { SolventError } from '@solvent-por/kzg';
import { WITNESS_KEY, WITNESS_KEY_ID } from '@solvent-por/services/contracts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The keys under which witness columns, shard prefixes, kept cells and inclusion proofs, and jobs are sealed:
 * AES-256-GCM with a random nonce. The first is the current one, the others only open what was sealed before.
 *
 * A random nonce of 96 bits is good for 2^32 seals under one key (NIST SP 800-38D 8.3); a snapshot of 10
 * million accounts takes 7,500 and one a look-up.
 */
export class WitnessKeyring {
  readonly currentId: string;
  readonly #keys: ReadonlyMap<string, KeyObject>;

  private constructor(keys: ReadonlyMap<string, KeyObject>) {
    this.#keys = keys;
    this.currentId = [...keys.keys()][0]!;
  }

  /**
   * @param text `id:0x<64 hex digits in lower case>`, further ones after commas; the first is current
   * @throws SolventError WITNESS_KEYS_MALFORMED (usage); it never repeats what it read
   */
  static parse(text: string): WitnessKeyring {
    const keys = new Map<string, KeyObject>();
    for (const [at, entry] of text.trim().split(',').entries()) {
      const [, id, hex] = WITNESS_KEY.exec(entry.trim()) ?? [];
      if (id === undefined || hex === undefined)
        throw malformed(
          `key ${at + 1} is not id:0x and 64 hex digits in lower case (id: 1 to 64 characters of A-Z a-z 0-9 . _ -)`,
        );
      if (keys.has(id)) throw malformed(`key ${at + 1} repeats the id of an earlier one`);
      keys.set(id, createSecretKey(Buffer.from(hex, 'hex')));
    }
    return new WitnessKeyring(keys);
  }

  /**
   * @param context what is sealed and where it belongs; it is authenticated, not kept
   * @returns sealed: nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes)
   */
  seal(plain: Uint8Array, context: string): { readonly keyId: string; readonly sealed: Uint8Array } {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#keys.get(this.currentId)!, nonce, {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(Buffer.from(context, 'utf8'));
    const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return { keyId: this.currentId, sealed };
  }

  /**
   * @throws SolventError WITNESS_KEY_UNKNOWN (usage: the key is not in the ring), WITNESS_SEAL_BROKEN
   *   (invalid: other bytes, another key or another context)
   */
  open(sealed: Uint8Array, keyId: string, context: string): Uint8Array {
    const key = this.#keys.get(keyId);
    if (!key)
      throw new SolventError(
        'WITNESS_KEY_UNKNOWN',
        'usage',
        `the witness key ${printable(keyId)} is not in the ring: add it behind the current one`,
      );
    if (sealed.length < NONCE_BYTES + TAG_BYTES) throw broken();
    const end = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(sealed.subarray(end));
    const plain = decipher.update(sealed.subarray(NONCE_BYTES, end));
    try {
      decipher.final();
    } catch {
      plain.fill(0);
      throw broken();
    }
    return plain;
  }

  /**
   * A keyed hash of a text, the same wherever the current key is the same: HMAC-SHA256 under a key of its own
   * for each purpose, HMAC-SHA256(current key, "solvent/v1/tag/" ‖ purpose).
   * @returns 32 bytes
   */
  tag(purpose: string, text: string): Buffer {
    const own = createHmac('sha256', this.#keys.get(this.currentId)!).update(`solvent/v1/tag/${purpose}`);
    return createHmac('sha256', own.digest()).update(text).digest();
  }
}

/**
 * Contexts: what is sealed for one place cannot be passed off as another's, nor what an earlier attempt left
 * as this one's.
 */
export const sealContext = {
  job: (snapshotId: string, attempt: number, first: number) => `job:${snapshotId}:${attempt}:${first}`,
  witness: (snapshotId: string, attempt: number, batch: number) =>
    `witness:${snapshotId}:${attempt}:${batch}`,
  cells: (snapshotId: string, attempt: number, batch: number) => `cells:${snapshotId}:${attempt}:${batch}`,
  prefixes: (snapshotId: string, attempt: number, batch: number) =>
    `prefixes:${snapshotId}:${attempt}:${batch}`,
  digests: (snapshotId: string, attempt: number) => `digests:${snapshotId}:${attempt}`,
  reserves: (snapshotId: string, attempt: number) => `reserves:${snapshotId}:${attempt}`,
  claimRequest: (snapshotId: string, id: Uint8Array) =>
    `claim-request:${snapshotId}:${Buffer.from(id).toString('hex')}`,
  claim: (snapshotId: string, id: Uint8Array) => `claim:${snapshotId}:${Buffer.from(id).toString('hex')}`,
  inclusion: (snapshotId: string, attempt: number, lookupKey: Uint8Array) =>
    `inclusion:${snapshotId}:${attempt}:${Buffer.from(lookupKey).toString('hex')}`,
} as const;

function malformed(reason: string): SolventError<'WITNESS_KEYS_MALFORMED'> {
  return new SolventError('WITNESS_KEYS_MALFORMED', 'usage', `the witness keys are malformed: ${reason}`);
}

function broken(): SolventError<'WITNESS_SEAL_BROKEN'> {
  return new SolventError(
    'WITNESS_SEAL_BROKEN',
    'invalid',
    'sealed data was changed, belongs elsewhere, or was sealed under another key of the same id',
  );
}

/** A key id may come from a message. */
function printable(keyId: string): string {
  return WITNESS_KEY_ID.test(keyId) ? keyId : 'of a malformed id';
}
