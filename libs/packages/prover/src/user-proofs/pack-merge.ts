import { utf8 } from '@solvent-por/kzg';
import { packLine, packEntries, readPackEntries, type PackHead } from './pack-index';

export interface MergedEntries {
  readonly count: number;
  /** As `writePackIndex` takes them. */
  readonly lines: () => AsyncGenerator<Uint8Array>;
}

/**
 * The entries of a folder's index once others are added: those that it has and that were not made anew, then
 * the others, whose names are kept in memory.
 * @param added the others, as often as asked
 */
export async function mergedEntries(
  folder: string,
  before: PackHead | undefined,
  added: { readonly count: number; readonly lines: () => AsyncGenerator<Uint8Array> },
): Promise<MergedEntries> {
  if (!before) return added;
  const names = new Set<string>();
  for await (const { name } of packEntries(added.lines())) names.add(name);
  async function* kept() {
    for await (const entry of readPackEntries(folder)) if (!names.has(entry.name)) yield entry;
  }
  let count = added.count;
  for await (const _ of kept()) count++;
  return {
    count,
    lines: async function* () {
      for await (const entry of kept()) yield utf8(packLine(entry));
      yield* added.lines();
    },
  };
}
