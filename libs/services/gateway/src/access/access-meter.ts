import type { Limited } from './rate-limits';

/** What is counted of who was not let in. */
export abstract class AccessMeter {
  /** Too many. */
  abstract limited(what: Limited): void;
  /** A wrong, expired or revoked key. */
  abstract keyRefused(): void;
  /** A key, or none, whose role does not reach. */
  abstract forbidden(): void;
}
