import { asciiUpper } from '@solvent-por/kzg';
import { readTokens, type SnapshotConfig } from '@solvent-por/snapshot';
import type { ReadName } from './record-reader';

/** Under which names of the input amounts were read; each name as it stands in the first file that has it. */
export interface NamesRead {
  /** Columns of CSV whose cells were not looked at: listed in `ignoreColumns`, or beside a pair. */
  readonly ignored: readonly string[];
  /** What several names were added up to: an asset, or the unit of `aggregate`. */
  readonly added: ReadonlyArray<{ readonly symbol: string; readonly names: readonly string[] }>;
}

/** Gathers names over all files of an input. */
export class NameCounter {
  private readonly ignored = new Set<string>();
  private readonly byToken = new Map<number, Set<string>>();

  constructor(private readonly config: SnapshotConfig) {}

  add(names: readonly ReadName[]): void {
    for (const { name, token } of names) {
      if (token === undefined) this.ignored.add(name);
      else this.byToken.set(token, (this.byToken.get(token) ?? new Set()).add(name));
    }
  }

  found(): NamesRead {
    return { ignored: [...this.ignored], added: this.added() };
  }

  private added(): { symbol: string; names: string[] }[] {
    const { config } = this;
    if (config.mode === 'aggregate') {
      const names = [...this.byToken].flatMap(([token, own]) =>
        token < config.tokens.length ? [...own] : [],
      );
      return [{ symbol: config.unit, names }];
    }
    const tokens = readTokens(config);
    return [...this.byToken].flatMap(([token, names]) =>
      // A pair of equity and debt is one name.
      basesOf(names).size > 1 ? [{ symbol: tokens[token]!, names: [...names] }] : [],
    );
  }
}

function basesOf(names: ReadonlySet<string>): Set<string> {
  return new Set([...names].map((name) => asciiUpper(name).replace(/^[ED]_/, '')));
}
