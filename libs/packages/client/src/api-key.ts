/** The two parts of an API key. */
export interface ApiKeyParts {
  /** 16 hex digits in lower case; no secret. */
  readonly id: string;
  /** 32 random bytes as 43 characters of base64url. */
  readonly secret: string;
}

const PREFIX = 'slv';
const ID = '[0-9a-f]{16}';
const KEY = new RegExp(`^${PREFIX}_(${ID})_([A-Za-z0-9_-]{43})$`);
const KEY_ID = new RegExp(`^${ID}$`);

/**
 * What may be an API key, whole or cut, within a text: `$1` is its prefix and id, all else is to be hidden.
 * Wider than a key, for what is mistyped is nearly a secret too; wherever it begins, for in JSON a key after a
 * line break stands right behind the `n` of `\n`.
 */
export const LIKE_AN_API_KEY = new RegExp(`(${PREFIX}_[A-Za-z0-9]+)_[A-Za-z0-9_-]{16,}`, 'g');

/** `slv_<id>_<secret>` */
export function apiKeyText({ id, secret }: ApiKeyParts): string {
  return `${PREFIX}_${id}_${secret}`;
}

/** Undefined for a text that no API key can be. */
export function parseApiKey(text: string): ApiKeyParts | undefined {
  const [, id, secret] = KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Whether a text can be the id of an API key. */
export function isApiKeyId(text: string): boolean {
  return KEY_ID.test(text);
}
