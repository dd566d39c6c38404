/** No document of the protocol nests deeper than 5. */
const MOST_DEPTH = 32;

/**
 * Whether the JSON text of a value may have so few characters: looks at no more of it than it takes to say no.
 * @returns false also for what nests deeper than any document of ours
 */
export function fitsInto(value: unknown, characters: number): boolean {
  let left = characters;
  const fits = (one: unknown, depth: number): boolean => {
    // Brackets and quotes, a comma: what an escape adds is left to whoever writes the text.
    left -= typeof one === 'string' ? one.length + 2 : 1;
    if (left < 0 || depth > MOST_DEPTH) return false;
    if (Array.isArray(one)) return one.every((member) => fits(member, depth + 1));
    if (typeof one !== 'object' || one === null) return true;
    for (const name in one) {
      left -= name.length + 3;
      if (left < 0 || !fits((one as Readonly<Record<string, unknown>>)[name], depth + 1)) return false;
    }
    return true;
  };
  return fits(value, 1);
}
