import type { JudgedLine, Level, Reason, Reserves } from '@solvent-por/reserves';
import { decimal } from './decimal';

/** One line of the list of addresses, as it is shown. */
export interface AddressRow {
  /** From 1, as in reserve-addresses.ndjson. */
  readonly line: number;
  readonly network: string;
  readonly asset: string;
  readonly token?: string;
  readonly address: string;
  /** Whole coins, exact. */
  readonly amount: string;
  readonly class: JudgedLine['class'];
  readonly level: Level['level'];
  readonly reason?: Reason;
}

export interface AddressQuery {
  /** Words that must all be found, in the address, network, asset, class, level or reason. */
  readonly search: string;
  readonly offset: number;
  readonly count: number;
}

export interface AddressPage {
  readonly rows: readonly AddressRow[];
  /** How many match. */
  readonly matches: number;
  /** How many are kept, of how many there were. */
  readonly kept: number;
  readonly of: number;
}

/** Lines that are kept to be looked up, of some 100 bytes each; those beyond are verified all the same. */
const MOST_LINES = 500_000;
const [LONGEST_SEARCH_CHARACTERS, MOST_ROWS] = [200, 200];

/** The judged lines of one publication, to be searched; kept in a worker, a page of them shown at a time. */
export class AddressBook {
  readonly #addresses: string[] = [];
  readonly #amounts: string[] = [];
  /** Index of the holding, and of what was said of the line. */
  readonly #holdings: number[] = [];
  readonly #said: number[] = [];
  readonly #kinds: { readonly class: JudgedLine['class']; readonly level: Level }[] = [];
  readonly #kindOf = new Map<string, number>();
  #of = 0;

  constructor(
    private readonly reserves: Reserves,
    private readonly levelOf: (line: JudgedLine) => Level,
    private readonly most = MOST_LINES,
  ) {}

  add(lines: readonly JudgedLine[]): void {
    for (const line of lines) {
      this.#of++;
      if (this.#addresses.length >= this.most) continue;
      this.#addresses.push(line.address);
      this.#amounts.push(line.amount.toString());
      this.#holdings.push(line.holding);
      this.#said.push(this.#kind(line));
    }
  }

  get kept(): number {
    return this.#addresses.length;
  }

  find({ search, offset, count }: AddressQuery): AddressPage {
    const words = search.slice(0, LONGEST_SEARCH_CHARACTERS).toLowerCase().split(/\s+/).filter(Boolean);
    const rows: AddressRow[] = [];
    const wanted = Math.min(count, MOST_ROWS);
    let matches = 0;
    for (let i = 0; i < this.#addresses.length; i++) {
      if (words.length > 0 && !this.#matches(i, words)) continue;
      if (matches >= offset && rows.length < wanted) rows.push(this.#row(i));
      matches++;
    }
    return { rows, matches, kept: this.#addresses.length, of: this.#of };
  }

  #matches(i: number, words: readonly string[]): boolean {
    const { network, asset, token = '' } = this.reserves.holdings[this.#holdings[i]!]!;
    const { class: of, level } = this.#kinds[this.#said[i]!]!;
    const reason = 'reason' in level ? level.reason : '';
    const text =
      `${this.#addresses[i]} ${network} ${asset} ${token} ${of} ${level.level} ${reason}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }

  #row(i: number): AddressRow {
    const { network, asset, token, decimals } = this.reserves.holdings[this.#holdings[i]!]!;
    const { class: of, level } = this.#kinds[this.#said[i]!]!;
    return {
      ...{ line: i + 1, network, asset, address: this.#addresses[i]!, class: of, ...level },
      ...(token !== undefined && { token }),
      amount: decimal(BigInt(this.#amounts[i]!), decimals),
    };
  }

  #kind(line: JudgedLine): number {
    const level = this.levelOf(line);
    const key = `${line.class} ${level.level} ${'reason' in level ? level.reason : ''}`;
    const known = this.#kindOf.get(key) ?? this.#kinds.length;
    if (known === this.#kinds.length) this.#kinds.push({ class: line.class, level });
    this.#kindOf.set(key, known);
    return known;
  }
}

/** Where an exchange says that an address can be looked at; nothing is asked of it until somebody goes there. */
export function explorerLink(
  explorers: Readonly<Record<string, string>> | undefined,
  { network, address }: Pick<AddressRow, 'network' | 'address'>,
): string | undefined {
  const template = explorers && Object.hasOwn(explorers, network) ? explorers[network] : undefined;
  return template?.replace('{address}', () => encodeURIComponent(address));
}
