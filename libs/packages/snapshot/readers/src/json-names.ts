import { asciiUpper } from '@solvent-por/kzg';
import { RowRefusal, inputNames, type InputName, type SnapshotConfig } from '@solvent-por/snapshot';
import { equityBeside, isRenamedPair, knownNames, netOrMore } from './net-beside';

/** The tokens that may stand in JSON records. */
export class JsonNames {
  readonly names: readonly InputName[];
  /**
   * Tokens that may count once more what others hold: with those that `columns` reads as equity beside them,
   * or none beside a pair of their own name.
   */
  private readonly doubtful = new Map<string, readonly string[]>();

  constructor(config: SnapshotConfig) {
    const known = knownNames(config);
    for (const input of inputNames(config)) {
      const { name, token, side } = input;
      const equity = equityBeside(input, known, known);
      if (equity.length > 0 || (side === 'net' && isRenamedPair(asciiUpper(name), known, known, token)))
        this.doubtful.set(name, equity);
    }
    // Columns of pools are CSV's.
    this.names = inputNames(config).filter(({ name, side }) => side !== 'pool' && !this.doubtful.has(name));
  }

  /** Why a token is refused that is none of `names`. */
  refusal(name: string): RowRefusal {
    const quoted = JSON.stringify(name);
    const equity = this.doubtful.get(name);
    if (equity === undefined)
      return new RowRefusal(
        'ROW_TOKEN_UNKNOWN',
        `the token ${quoted} is not in the configuration. Add it; or, where it is another one's balance, read it as that: ` +
          `"columns": { ${quoted}: "SYMBOL" }; or list it in unheldAssets, where every amount of it is 0`,
        name,
      );
    const reason =
      equity.length > 0
        ? netOrMore(name, name, equity, 'leave it out of the records')
        : `${quoted} is what remains of ${JSON.stringify(`e_${name}`)} and ${JSON.stringify(`d_${name}`)}, which "columns" reads, and would be counted twice: leave it out of the records`;
    return new RowRefusal('ROW_TOKEN_AMBIGUOUS', `the token ${reason}`, name);
  }
}

/**
 * What a file holds instead of the list that its name promises; said after its place.
 * @param head the first bytes that are no white space
 */
export function noList(head: string): string {
  if (/^\{\s*"(?:id|assets)"\s*:/.test(head))
    return 'holds records, and no list of them: call it .ndjson where one stands on a line';
  const member = /^\{\s*"([A-Za-z_][A-Za-z0-9_]{0,31})"\s*:\s*\[/.exec(head)?.[1];
  return `holds an object, in which the list of records may stand under a name: give the list alone (jq .${member ?? 'NAME'} FILE)`;
}

/** So much tells which. */
export const LIST_HEAD_BYTES = 256;
