import type { Mutant } from './mutants';

/** The name under which instrumented code finds what counts. */
export const HIT = '__solventMutantReached';

/**
 * The file with a note at every place of a mutant: when it is reached, the mutant's number is told to the
 * global function HIT. What the code does stays the same.
 * @param numbered mutants of this file with their numbers
 */
export function instrument(text: string, numbered: readonly (readonly [number, Mutant])[]): string {
  const places = new Map<string, { mutant: Mutant; ids: number[] }>();
  for (const [id, mutant] of numbered) {
    const { start, end } = mutant.reached;
    const place = places.get(`${start}-${end}`);
    if (place) place.ids.push(id);
    else places.set(`${start}-${end}`, { mutant, ids: [id] });
  }
  const insertions: { at: number; text: string; rank: number }[] = [];
  for (const { mutant, ids } of places.values()) {
    const { start, end, statement } = mutant.reached;
    const note = `${HIT}(${ids.join()})`;
    // Of insertions at one place, what ends stands before what begins, inner ends first, outer beginnings
    // first.
    insertions.push({ at: start, text: statement ? `{${note};` : `(${note},`, rank: 1e9 - (end - start) });
    insertions.push({ at: end, text: statement ? '}' : ')', rank: end - start - 1e9 });
  }
  insertions.sort((a, b) => a.at - b.at || a.rank - b.rank);
  let [result, from] = ['', 0];
  for (const { at, text: inserted } of insertions) {
    result += text.slice(from, at) + inserted;
    from = at;
  }
  return result + text.slice(from);
}
