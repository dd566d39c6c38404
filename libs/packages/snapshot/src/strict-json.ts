/**
 * JSON of a small document written by people: RFC 8259, and no member may stand twice in one object
 * (JSON.parse keeps the last one silently, so a file could show a reader another value than it gives the
 * program).
 *
 * @param text at most a few megabytes
 * @returns the parsed value; `__proto__` is an ordinary own member of it
 * @throws SyntaxError naming the position
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  refuseRepeatedMembers(text);
  return value;
}

const STRING = /"(?:[^"\\]|\\.)*"/y;

/**
 * Walks over text that is known to be JSON. A frame a bracket: the names seen in an object, null for an
 * array.
 */
function refuseRepeatedMembers(text: string): void {
  const frames: Array<Set<string> | null> = [];
  let expectsName = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      STRING.lastIndex = i;
      const literal = STRING.exec(text)![0];
      const names = frames.at(-1);
      if (expectsName && names) {
        const name = JSON.parse(literal) as string;
        if (names.has(name))
          throw new SyntaxError(`member ${JSON.stringify(name.slice(0, 40))} is repeated at position ${i}`);
        names.add(name);
        expectsName = false;
      }
      i += literal.length - 1;
    } else if (c === '{') {
      frames.push(new Set());
      expectsName = true;
    } else if (c === '[') {
      frames.push(null);
      expectsName = false;
    } else if (c === '}' || c === ']') {
      frames.pop();
      expectsName = false;
    } else if (c === ',') {
      expectsName = frames.at(-1) !== null;
    }
  }
}
