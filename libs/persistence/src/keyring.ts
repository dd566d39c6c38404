import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { fromHex, SolventError, utf8 } from '@solvent/algebra';

/**
 * - WITNESS_KEYS_MALFORMED (usage): not `id:0x<64 hex digits>`, one or more, separated by commas
 * - WITNESS_KEY_UNKNOWN (usage): sealed under a key that is not configured
 * - WITNESS_SEAL_BROKEN (invalid): altered, of another place, or under another key of the same name
 */
export type KeyringCode = 'WITNESS_KEYS_MALFORMED' | 'WITNESS_KEY_UNKNOWN' | 'WITNESS_SEAL_BROKEN';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD = NONCE_BYTES + TAG_BYTES;

export interface Sealed {
  readonly keyId: string;
  /** 12-byte nonce ‖ ciphertext ‖ 16-byte tag. */
  readonly sealed: Uint8Array;
}

/**
 * The keys under which private columns and jobs are sealed: AES-256-GCM (NIST SP 800-38D), a random nonce each, far fewer than 2^32 seals a key. The first key seals; the
 * others open what was sealed before, until the rotation is done.
 */
export class WitnessKeyring {
  private constructor(
    readonly currentId: string,
    private readonly keys: ReadonlyMap<string, Uint8Array>,
  ) {}

  /** @param text `id:0x…[,id:0x…]`, the current key first. @throws SolventError WITNESS_KEYS_MALFORMED; it never repeats the text */
  static parse(text: string): WitnessKeyring {
    const keys = new Map<string, Uint8Array>();
    for (const part of text.trim().split(',')) {
      const [, id, hex] = /^\s*([A-Za-z0-9._-]{1,64}):(0x[0-9a-f]{64})\s*$/.exec(part) ?? [];
      if (id === undefined || keys.has(id))
        throw new SolventError(
          'WITNESS_KEYS_MALFORMED',
          'usage',
          'the witness keys must be id:0x and 64 lower-case hex digits, several separated by commas, each id once',
        );
      keys.set(id, fromHex(hex, 32)!);
    }
    return new WitnessKeyring([...keys.keys()][0]!, keys);
  }

  /** @param context where it will stand: what is sealed for one place does not open in another */
  seal(plain: Uint8Array, context: string): Sealed {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.keys.get(this.currentId)!, nonce);
    cipher.setAAD(utf8(context));
    const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return { keyId: this.currentId, sealed };
  }

  /** @throws SolventError WITNESS_KEY_UNKNOWN | WITNESS_SEAL_BROKEN */
  open(sealed: Uint8Array, keyId: string, context: string): Uint8Array {
    const key = this.keys.get(keyId);
    if (!key)
      throw new SolventError(
        'WITNESS_KEY_UNKNOWN',
        'usage',
        `the witness key ${JSON.stringify(keyId)} is not configured: add it behind the current one in SOLVENT_WITNESS_KEYS`,
      );
    const broken = () =>
      new SolventError(
        'WITNESS_SEAL_BROKEN',
        'invalid',
        'sealed data does not open: it was altered, or belongs elsewhere',
      );
    if (sealed.length < OVERHEAD) throw broken();
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(utf8(context));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    try {
      return Buffer.concat([
        decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)),
        decipher.final(),
      ]);
    } catch {
      throw broken();
    }
  }
}

/** What a look-up finds an account by: SHA-256("solvent/v1/lookup" ‖ id), 32 bytes. The id itself, a capability, stands only in the sealed witness. */
export function accountKey(id: Uint8Array): Buffer {
  return createHash('sha256').update('solvent/v1/lookup').update(id).digest();
}

/** Contexts under which things are sealed. */
export const sealContext = {
  job: (snapshotId: string, attempt: number, first: number) => `job:${snapshotId}:${attempt}:${first}`,
  witness: (snapshotId: string, batch: number) => `witness:${snapshotId}:${batch}`,
  inclusion: (snapshotId: string, key: Uint8Array) =>
    `inclusion:${snapshotId}:${Buffer.from(key).toString('hex')}`,
};
