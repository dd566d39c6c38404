import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { SolventError } from '@solvent/algebra';
import type { Database } from './database';
import type { ApiKey } from './generated/prisma/client';
import type { ApiRole } from './generated/prisma/enums';

export interface NewApiKey {
  /** What people call it: 1 to 100 characters. */
  readonly name: string;
  readonly role: ApiRole;
  readonly expiresAt?: Date | undefined;
  /** Id of the key that made it, or `cli`. */
  readonly createdBy?: string | undefined;
}

/** An API key as it may be shown: without its secret. */
export type ApiKeyRecord = Omit<ApiKey, 'secretHash'>;

const ID_BYTES = 6;
const SECRET_BYTES = 32;
const FORM = /^slv_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;
/** `lastUsedAt` is this exact, so that a look-up writes nothing most of the time. */
const USE_NOTED_EVERY = 60_000;

/** Keys of the API: `slv_<12 hex digits>_<43 characters base64url>`. The secret has 256 random bits, so its plain SHA-256 can be stored. */
export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  /**
   * @returns `key` is shown to nobody again
   * @throws SolventError API_KEY_NAME (usage), API_KEY_EXPIRED (usage): the expiry is in the past
   */
  async create({
    name,
    role,
    expiresAt,
    createdBy,
  }: NewApiKey): Promise<{ readonly id: string; readonly key: string }> {
    if (name.length < 1 || name.length > 100)
      throw new SolventError('API_KEY_NAME', 'usage', "a key's name has 1 to 100 characters");
    if (expiresAt && !(expiresAt.getTime() > Date.now()))
      throw new SolventError('API_KEY_EXPIRED', 'usage', 'the expiry must be in the future');
    const id = randomBytes(ID_BYTES).toString('hex');
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    await this.database.prisma.apiKey.create({
      data: {
        id,
        name,
        role,
        secretHash: Uint8Array.from(hash(secret)),
        expiresAt: expiresAt ?? null,
        createdBy: createdBy ?? null,
      },
    });
    return { id, key: `slv_${id}_${secret}` };
  }

  /** Whose key this is; null when it is malformed, unknown, expired or revoked: nothing tells which. */
  async authenticate(
    key: string,
  ): Promise<{ readonly id: string; readonly role: ApiRole; readonly name: string } | null> {
    const [, id, secret] = FORM.exec(key) ?? [];
    if (id === undefined || secret === undefined) return null;
    const row = await this.database.prisma.apiKey.findUnique({ where: { id } });
    // Compared with something also where there is no such key, so that the time tells nothing.
    const matches = timingSafeEqual(hash(secret), row?.secretHash ?? NOBODY);
    if (!row || !matches || row.revokedAt || (row.expiresAt && row.expiresAt.getTime() <= Date.now()))
      return null;
    if (!row.lastUsedAt || Date.now() - row.lastUsedAt.getTime() > USE_NOTED_EVERY)
      await this.database.prisma.apiKey.update({ where: { id }, data: { lastUsedAt: new Date() } });
    return { id, role: row.role, name: row.name };
  }

  /** @returns false when there is no such key; revoking it again changes nothing */
  async revoke(id: string): Promise<boolean> {
    await this.database.prisma.apiKey.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return (await this.database.prisma.apiKey.count({ where: { id } })) > 0;
  }

  list(): Promise<ApiKeyRecord[]> {
    return this.database.prisma.apiKey.findMany({
      omit: { secretHash: true },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
  }
}

const NOBODY = Buffer.alloc(32);

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
