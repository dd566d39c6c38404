import type { Published } from '../../check/source';

/** Whose claim it is, and about what. */
export interface ClaimAccount {
  readonly published: Published;
  /** The account's id in this snapshot: 0x and 64 hex digits. */
  readonly id: string;
  /** What the gateway gives its claim file for, made from the key as the id is; secret. */
  readonly access: string;
}
