import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { SolventError } from '@solvent-por/kzg';
import { hasHiddenCharacters } from '@solvent-por/verifier';
import { apiKeyText, parseApiKey } from '@solvent-por/services/contracts';
import { owned } from './bytes';
import type { Database } from './database';
import type { ApiKey } from './generated/prisma/client';
import type { ApiRole } from './generated/prisma/enums';

/** A key without its secret's hash. */
export type ApiKeyRecord = Omit<ApiKey, 'secretHash'>;

/** Who sent a key. */
export interface AuthenticatedKey {
  readonly id: string;
  readonly role: ApiRole;
  /** Names that it may ask for private claims in. */
  readonly partners: readonly string[];
}

const SECRET_BYTES = 32;
const MAX_NAME = 100;
const MOST_PARTNERS = 16;
/** Of UTF-8: as long as the scope of a claim takes them. */
const MAX_PARTNER_BYTES = 256;
/** PostgreSQL fails on years that are written with more digits. */
const LATEST_EXPIRY = Date.parse('9999-12-31T23:59:59.999Z');
/** Last use is written no more often than this. */
const LAST_USED_MS = 60_000;
/** Compared with when there is no such key, so that an unknown id takes as long as a wrong secret. */
const NOBODY = randomBytes(32);

/**
 * Keys of the API. Only SHA-256 of the secret is kept: it has 256 random
 * bits, so there is nothing to guess and nothing that a slow hash would add.
 */
export class ApiKeyRepository {
  constructor(private readonly db: Database) {}

  /**
   * @param key.createdBy id of the operator's key, or `cli`
   * @param key.partners names that it may ask for private claims in: no other key's holder can use them, or burn
   *   what is taken once in their scopes
   * @returns the key; it cannot be shown again
   * @throws SolventError API_KEY_NAME | API_KEY_EXPIRY | API_KEY_PARTNER (usage)
   */
  async create(key: {
    readonly name: string;
    readonly role: ApiRole;
    readonly expiresAt?: Date | undefined;
    readonly partners?: readonly string[] | undefined;
    readonly createdBy: string | null;
  }): Promise<{ readonly id: string; readonly key: string }> {
    const name = key.name.trim();
    if (name.length === 0 || name.length > MAX_NAME || hasHiddenCharacters(name))
      throw new SolventError(
        'API_KEY_NAME',
        'usage',
        `a key needs a name of 1 to ${MAX_NAME} characters, none of them control or bidirectional ones`,
      );
    const ends = key.expiresAt?.getTime() ?? LATEST_EXPIRY;
    if (!(ends > Date.now() && ends <= LATEST_EXPIRY))
      throw new SolventError(
        'API_KEY_EXPIRY',
        'usage',
        'a key must expire in the future, in the year 9999 at the latest',
      );
    const partners = partnerNames(key.partners ?? []);
    const [id, secret] = [randomBytes(8).toString('hex'), randomBytes(SECRET_BYTES)];
    await this.db.prisma.apiKey.create({
      data: {
        ...{ id, name, role: key.role, partners, createdBy: key.createdBy },
        secretHash: owned(hashOf(secret)),
        expiresAt: key.expiresAt ?? null,
      },
    });
    return { id, key: apiKeyText({ id, secret: secret.toString('base64url') }) };
  }

  /** @returns null for a key that is malformed, unknown, wrong, expired or revoked: which, is not said */
  async authenticate(key: string): Promise<AuthenticatedKey | null> {
    const parts = parseApiKey(key);
    if (!parts) return null;
    const { id, secret } = parts;
    const record = await this.db.prisma.apiKey.findUnique({ where: { id } });
    const matches = timingSafeEqual(hashOf(Buffer.from(secret, 'base64url')), record?.secretHash ?? NOBODY);
    const now = Date.now();
    if (!record || !matches || record.revokedAt || (record.expiresAt && record.expiresAt.getTime() <= now))
      return null;
    if (!record.lastUsedAt || now - record.lastUsedAt.getTime() >= LAST_USED_MS)
      await this.db.prisma.apiKey.updateMany({
        // Of many requests at once one writes.
        where: { id, lastUsedAt: record.lastUsedAt },
        data: { lastUsedAt: new Date(now) },
      });
    return { id, role: record.role, partners: record.partners };
  }

  /** @returns false when there is no such key, or it is revoked already */
  async revoke(id: string): Promise<boolean> {
    const { count } = await this.db.prisma.apiKey.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return count === 1;
  }

  /** Newest first, revoked ones too. */
  async list(): Promise<ApiKeyRecord[]> {
    return this.db.prisma.apiKey.findMany({
      omit: { secretHash: true },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    });
  }
}

/**
 * As the scope of a claim takes them, in NFC, each once.
 * @throws SolventError API_KEY_PARTNER (usage)
 */
function partnerNames(given: readonly string[]): string[] {
  const names = given.map((name) => name.normalize('NFC'));
  const fits = (name: string) =>
    name.trim() === name &&
    name !== '' &&
    Buffer.byteLength(name) <= MAX_PARTNER_BYTES &&
    !/\p{Surrogate}/u.test(name) &&
    !hasHiddenCharacters(name);
  if (names.length <= MOST_PARTNERS && names.every(fits)) return [...new Set(names)];
  throw new SolventError(
    'API_KEY_PARTNER',
    'usage',
    `a key takes up to ${MOST_PARTNERS} names of partners, each of 1 to ${MAX_PARTNER_BYTES} bytes of UTF-8, without blanks around it, control and bidirectional characters`,
  );
}

function hashOf(secret: Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}
