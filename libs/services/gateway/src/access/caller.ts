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
  /** Names that the key may ask for private claims in; absent: none. */
  readonly partners?: readonly string[];
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
  readonly partners?: readonly string[];
}

export type Authenticate = (key: string) => Promise<KnownKey | null>;

/**
 * What wrong keys cost whoever sends them, however they are sent: over GraphQL, with a download, on a
 * WebSocket.
 */
export interface KeyTries {
  /** Before the key is looked at. @throws SolventError RATE_LIMITED while wrong ones were too many */
  takeKeyTry(address: string): Promise<void>;
  /** It was a good one. */
  giveBackKeyTry(address: string): void;
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

  /** Keys that the database is being asked about: one that comes a hundred times at once is asked for once. */
  readonly #asked = new Map<string, Promise<KnownKey | null>>();

  /** What is on its way when keys are forgotten is not remembered. */
  #generation = 0;

  /** @param onRefused is told of each wrong key */
  constructor(
    private readonly authenticate: Authenticate,
    private readonly tries: KeyTries,
    private readonly onRefused: () => void = () => undefined,
  ) {}

  /**
   * @throws SolventError API_KEY_INVALID, RATE_LIMITED after too many of these; a request with a wrong key is
   * never treated as one without
   */
  async from(authorization: string | undefined, address: string): Promise<Caller> {
    if (authorization === undefined || authorization === '')
      return { role: 'ANONYMOUS', keyId: undefined, address };
    const key = this.#remembered(authorization) ?? (await this.#tried(textOf(authorization), address));
    if (!key) {
      this.onRefused();
      throw new SolventError(
        'API_KEY_INVALID',
        'usage',
        'the API key is unknown, expired or revoked; it is sent as `authorization: Bearer slv_…`',
      );
    }
    const { role, id, partners = [] } = key;
    return { role, keyId: id, partners, address };
  }

  /** The key's id where the key is known to be good already; nothing is asked, nothing counted. */
  knownKeyId(authorization: string | undefined): string | undefined {
    return this.#remembered(authorization)?.id;
  }

  /** Forgets what was remembered: a key was just revoked here. */
  forget(): void {
    this.#generation++;
    this.#known.clear();
    this.#asked.clear();
  }

  #remembered(authorization: string | undefined): KnownKey | null | undefined {
    const text = authorization === undefined ? '' : textOf(authorization);
    return parseApiKey(text) && this.#known.get(digestOf(text))?.key;
  }

  /** One that is not known to be good; who comes while another is asked about the same waits for its answer. */
  async #tried(text: string, address: string): Promise<KnownKey | null> {
    const digest = digestOf(text);
    const asked = this.#asked.get(digest);
    const found = asked && (await asked);
    if (found) return found;
    const asking = this.#ask(text, digest, address);
    if (this.#asked.has(digest)) return asking;
    this.#asked.set(digest, asking);
    try {
      return await asking;
    } finally {
      if (this.#asked.get(digest) === asking) this.#asked.delete(digest);
    }
  }

  /** It costs, before anything is made of it. */
  async #ask(text: string, digest: string, address: string): Promise<KnownKey | null> {
    await this.tries.takeKeyTry(address);
    let wrong = false;
    try {
      const generation = this.#generation;
      const key = this.#known.get(digest)?.key ?? (parseApiKey(text) ? await this.authenticate(text) : null);
      if (generation === this.#generation) this.#known.set(digest, { key });
      wrong = key === null;
      return key;
    } finally {
      // A good one, or a database that is away.
      if (!wrong) this.tries.giveBackKeyTry(address);
    }
  }
}

function textOf(authorization: string): string {
  return /^Bearer {1,8}(\S{1,100}) {0,8}$/i.exec(authorization)?.[1] ?? '';
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
