import { createHash } from 'node:crypto';
import { SolventError } from '@solvent-por/kzg';
import { parseApiKey } from '@solvent-por/services/contracts';
import { LRUCache } from 'lru-cache';
import { addressGroup } from './address-group';

/** Who may do what; each may do all that those before it may. */
export const ROLES = ['ANONYMOUS', 'PARTNER', 'AUDITOR', 'OPERATOR'] as const;
export type Role = (typeof ROLES)[number];

export interface Caller {
  readonly role: Role;
  /** Undefined for the anonymous. */
  readonly keyId: string | undefined;
  /** Where the request came from, as far as the proxies configured as trustworthy say. */
  readonly address: string;
}

export function mayActAs(caller: Caller, role: Role): boolean {
  return ROLES.indexOf(caller.role) >= ROLES.indexOf(role);
}

/** As whom a caller takes turns with others: each key is one, and without one each address. */
export function turnOf({ keyId, address }: Caller): string {
  return keyId === undefined ? `address ${addressGroup(address)}` : `key ${keyId}`;
}

export interface KnownKey {
  readonly id: string;
  readonly role: Role;
}

export type Authenticate = (key: string) => Promise<KnownKey | null>;

/**
 * What wrong keys cost whoever sends them, however they are sent: over GraphQL, with a download, on a
 * WebSocket.
 */
export interface KeyTries {
  /** @throws SolventError RATE_LIMITED while wrong ones were too many */
  mayTryKey(address: string): Promise<void>;
  /** @throws SolventError RATE_LIMITED */
  takeWrongKey(address: string): Promise<void>;
}

/** So long an answer of the database holds: a key revoked at another gateway works here a little longer. */
const REMEMBERED_MILLISECONDS = 10_000;

/** Turns `authorization: Bearer slv_…` into a caller. */
export class Callers {
  /** By digest: the key itself stays nowhere. */
  readonly #known = new LRUCache<string, { readonly key: KnownKey | null }>({
    max: 10_000,
    ttl: REMEMBERED_MILLISECONDS,
    ttlResolution: 100,
  });

  constructor(
    private readonly authenticate: Authenticate,
    private readonly tries: KeyTries,
  ) {}

  /**
   * @throws SolventError API_KEY_INVALID, RATE_LIMITED after too many of these; a request with a wrong key is
   * never treated as one without
   */
  async from(authorization: string | undefined, address: string): Promise<Caller> {
    if (authorization === undefined || authorization === '')
      return { role: 'ANONYMOUS', keyId: undefined, address };
    const text = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
    const key = parseApiKey(text) ? await this.#find(text, address) : null;
    if (!key) {
      await this.tries.takeWrongKey(address);
      throw new SolventError(
        'API_KEY_INVALID',
        'usage',
        'the API key is unknown, expired or revoked; it is sent as `authorization: Bearer slv_…`',
      );
    }
    return { role: key.role, keyId: key.id, address };
  }

  /** Forgets what was remembered: a key was just revoked here. */
  forget(): void {
    this.#known.clear();
  }

  async #find(text: string, address: string): Promise<KnownKey | null> {
    const digest = createHash('sha256').update(text).digest('base64');
    const known = this.#known.get(digest);
    if (known) return known.key;
    await this.tries.mayTryKey(address);
    const key = await this.authenticate(text);
    this.#known.set(digest, { key });
    return key;
  }
}
