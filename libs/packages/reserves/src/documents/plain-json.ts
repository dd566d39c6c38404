import { malformed } from '../failure';
import { MAX_DEPTH } from './reader';

/**
 * JSON that need not be canonical, from somebody's hand: nothing doubled in it, not deeper than documents
 * are.
 *
 * @param what names it in messages
 * @throws SolventError JSON_MALFORMED, kind malformed
 */
export function parsePlainJson(bytes: Uint8Array, maxBytes: number, what: string): unknown {
  const refuse = (problem: string): never => malformed('JSON_MALFORMED', `${what} ${problem}`);
  if (bytes.length > maxBytes) refuse(`is longer than ${maxBytes} bytes`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('is not UTF-8');
  }
  let problem: string | undefined;
  try {
    problem = doubledOrDeep(text);
    if (problem === undefined) return JSON.parse(text) as unknown;
  } catch {
    // No JSON, or one with a string of so many millions of characters that the engine has no room for it.
    problem = 'is not JSON';
  }
  return refuse(problem);
}

/**
 * Strings, and what opens, closes and separates; of text that is no JSON nothing is said. A string that never
 * ends goes to the end: looked for again from each of its quotes it would take time by the square of its length.
 */
const TOKENS = /"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}[\],:]/gs;

/** JSON.parse keeps the last of doubled members, and says nothing. */
function doubledOrDeep(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let before = '';
  let name: string | undefined;
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') {
      if (open.push(token === '{' ? new Set() : undefined) > MAX_DEPTH)
        return `nests deeper than ${MAX_DEPTH}`;
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && name !== undefined) {
      const members = open.at(-1);
      if (members?.has(name)) return `has the member ${name.slice(0, 40)} twice`;
      members?.add(name);
    }
    name = token.startsWith('"') && (before === '{' || before === ',') ? unescaped(token) : undefined;
    before = token;
  }
  return undefined;
}

function unescaped(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}
