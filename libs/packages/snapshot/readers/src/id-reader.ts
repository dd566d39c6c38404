import { SolventError, hexBytes } from '@solvent-por/kzg';
import { KEY_BYTES, MAX_IDENTIFIER_BYTES, accountKey, hasHiddenCharacters } from '@solvent-por/verifier';
import {
  RowRefusal,
  readTokens,
  totalRows,
  type AccountRow,
  type SnapshotConfig,
  weaknessOf,
} from '@solvent-por/snapshot';

const NIBBLES = new Int8Array(256).fill(-1);
for (const digits of ['0123456789abcdef', '0123456789ABCDEF'])
  for (let nibble = 0; nibble < 16; nibble++) NIBBLES[digits.charCodeAt(nibble)] = nibble;

/** Most bytes that an id may take in a file: every character of an identifier could be written as \\u0000. */
export const MAX_ID_BYTES = 6 * MAX_IDENTIFIER_BYTES;

/** Account keys as they stand in a file: themselves, or identifiers that they are made from (section 5). */
export class IdReader {
  /** Files hold identifiers, to be hashed into keys. */
  readonly plain: boolean;
  /** Where ids are plain: the identifier that was read last. */
  identifier = '';
  private readonly operatorKey: Uint8Array;
  private readonly acceptsWeak: boolean;
  private readonly accepted: ReadonlySet<string>;
  private readonly isTotalRow: (identifier: string) => boolean;

  constructor(config: SnapshotConfig) {
    const { accountIds, operator, acceptWeakIds, acceptIds } = config;
    this.plain = accountIds === 'plain';
    this.operatorKey = hexBytes(operator, 32);
    this.acceptsWeak = acceptWeakIds === true;
    this.accepted = new Set(acceptIds);
    this.isTotalRow = totalRows([...readTokens(config), ...('unit' in config ? [config.unit] : [])]);
  }

  /**
   * 64 hex digits of any case, with or without 0x.
   * @throws RowRefusal ROW_ID_MALFORMED
   */
  readHashed(bytes: Uint8Array, start: number, end: number, row: AccountRow): void {
    const { key } = row;
    const first =
      end - start === 66 && bytes[start] === 0x30 && bytes[start + 1] === 0x78 ? start + 2 : start;
    let bad = end - first === 64 ? 0 : -1;
    if (bad === 0) {
      for (let i = 0; i < KEY_BYTES; i++) {
        const high = NIBBLES[bytes[first + 2 * i]!]!;
        const low = NIBBLES[bytes[first + 2 * i + 1]!]!;
        bad |= high | low;
        key[i] = (high << 4) | low;
      }
    }
    if (bad < 0)
      throw new RowRefusal(
        'ROW_ID_MALFORMED',
        this.isTotalRow(Buffer.from(bytes.subarray(start, end)).toString('utf8'))
          ? 'the id must be 64 hex digits, and this is a row of totals: remove it'
          : 'the id must be 64 hex digits, with or without 0x before them (for other identifiers: "accountIds": "plain")',
      );
    row.hasKey = true;
  }

  /**
   * A plain identifier, neither trimmed nor case-folded.
   * @throws RowRefusal ROW_ID_MALFORMED, ROW_ID_WEAK, ROW_TOTAL
   */
  readPlain(identifier: string, row: AccountRow): void {
    if (hasHiddenCharacters(identifier))
      throw new RowRefusal(
        'ROW_ID_MALFORMED',
        'the identifier holds a line break, another control character, or one that turns the direction of writing: correct it',
      );
    if (!this.accepted.has(identifier)) this.refuseDoubtful(identifier);
    this.identifier = identifier;
    try {
      row.key.set(accountKey(this.operatorKey, identifier));
      row.hasKey = true;
    } catch (error) {
      if (!(error instanceof SolventError)) throw error;
      throw new RowRefusal('ROW_ID_MALFORMED', error.message);
    }
  }

  private refuseDoubtful(identifier: string): void {
    if (this.isTotalRow(identifier))
      throw new RowRefusal(
        'ROW_TOTAL',
        'this is a row of totals by its identifier: counted as an account it would double what is owed. Remove the row; where an account is really called so, list it in acceptIds',
      );
    if (this.acceptsWeak || identifier === '') return;
    const weakness = weaknessOf(identifier);
    if (weakness !== undefined)
      throw new RowRefusal(
        'ROW_ID_WEAK',
        `the identifier ${weakness}. Its hash, the account key, is what the balance is looked up by. \`solvent ids\` joins each identifier with a secret code; "acceptWeakIds": true accepts them as they are`,
      );
  }
}

/** UTF-8, refusing what is not. @throws RowRefusal ROW_ID_MALFORMED */
export function decodeIdentifier(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RowRefusal('ROW_ID_MALFORMED', 'the identifier is not UTF-8');
  }
}
