/** A text that does not end is a token too: looked for anew from each of its quotes it would take quadratic time. */
const TOKEN = /"(?:[^"\\]|\\[^])*(?:"|\\?$)|-?[0-9][-+.0-9eE]*|:/g;

/**
 * Why the canonical form of a JSON text would not be what was published, for people; undefined where it is
 * told apart by its form alone. A member that stands twice, a number that would not be written again as it
 * was, half a character: nobody can say what stood there before.
 * @param value what JSON.parse made of the text
 */
export function unrestorable(text: string, value: unknown): string | undefined {
  let members = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === ':') members++;
    else if (!token.startsWith('"') && !isWhole(token))
      return `it has the number ${token.slice(0, 40)}, which is not written as a whole one below 2^53, in digits alone`;
  }
  if (members !== membersOf(value))
    return 'a member stands twice in it, and which of the two was published cannot be told';
  try {
    if (hasLoneSurrogate(JSON.stringify(value))) return 'it holds half a character (a lone \\ud8… escape)';
  } catch {
    return 'it nests deeper than any document of ours';
  }
  return undefined;
}

/**
 * RFC 8785 has no form for half a surrogate pair; JSON.stringify writes one as an escape, and only then
 * writes `\ud…`.
 */
export function hasLoneSurrogate(json: string): boolean {
  return /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/.test(json);
}

/**
 * Every number of our documents is a whole one; writing 9007199254740993 or 0.1 anew could change what it
 * says.
 */
function isWhole(token: string): boolean {
  return /^-?[0-9]+(?:\.0+)?$/.test(token) && Number.isSafeInteger(Number(token));
}

/** Members of all objects in a value. In a loop: a hostile one nests as deep as it is long. */
function membersOf(value: unknown): number {
  const open = [value];
  let members = 0;
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inside: readonly unknown[] = Object.values(next);
    if (!Array.isArray(next)) members += inside.length;
    for (const part of inside) open.push(part);
  }
  return members;
}
