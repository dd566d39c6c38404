import { SolventError } from '@solvent-por/kzg';
import { unrestorable } from './restorable';

/** A document of ours. `proof` is one line of a global proof. */
export type DocumentKind = 'manifest' | 'inclusion' | 'proof';

/** Members by which a document is told from everything else, whatever is wrong with it otherwise. */
const MEMBERS: readonly (readonly [DocumentKind, readonly string[]])[] = [
  ['manifest', ['header', 'batchCount', 'totals', 'signature']],
  // Without the members of one form or another: a file of another version is refused as what it is.
  ['inclusion', ['batch', 'row', 'id', 'salt', 'values', 'path']],
  ['proof', ['first', 'commitments']],
];

/** What a parsed JSON value is by its members alone; undefined where it is none of ours. */
export function documentKind(value: unknown): DocumentKind | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return MEMBERS.find(([, names]) => names.every((name) => Object.hasOwn(value, name)))?.[0];
}

/** A document that somebody expects, by its name in messages and paths. */
const EXPECTED: Readonly<
  Record<string, { readonly kind: DocumentKind; readonly a: string; readonly give: string }>
> = {
  manifest: {
    kind: 'manifest',
    a: 'a manifest',
    give: "give the snapshot's manifest.json",
  },
  inclusion: {
    kind: 'inclusion',
    a: 'an inclusion proof',
    give: "give the account's own file, as it was handed out",
  },
  proof: {
    kind: 'proof',
    a: 'a line of a global proof',
    give: 'give global-proof.ndjson as it was published',
  },
  'global proof': {
    kind: 'manifest',
    a: 'a global proof',
    give: 'give global-proof.ndjson; an account is verified by `solvent verify-user`',
  },
};

/**
 * What a value is instead of the document that was expected, by its members: `is a manifest, not an inclusion
 * proof: …`, `is a manifest in an older form …`. Undefined where it is that document, though members may be
 * missing or too many, and where no document of ours was expected.
 */
export function otherDocument(value: unknown, what: string): string | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return undefined;
  const expected = Object.hasOwn(EXPECTED, what) ? EXPECTED[what] : undefined;
  if (!expected) return undefined;
  const kind = documentKind(value);
  if (kind === expected.kind)
    return isOlder(kind, value)
      ? `is ${expected.a} in an older form of the protocol, which is not read any more: ask the exchange for a new one`
      : undefined;
  if (kind !== undefined) return `is ${EXPECTED[kind]!.a}, not ${expected.a}: ${expected.give}`;
  return likelyKind(value) === undefined ? notOurs(expected.a) : undefined;
}

/**
 * Whether a document is in the form before the present one, which had the same `protocol`: it has a member of
 * that form in place of today's. One that has both is neither, and was changed.
 */
function isOlder(kind: DocumentKind, value: object): boolean {
  const has = (name: string, of: object = value) => Object.hasOwn(of, name);
  switch (kind) {
    case 'manifest':
      return has('accountRoot') && !has('claimRoot') && !has('columns');
    case 'inclusion':
      return has('opening') && !has('openings') && !has('accountPath');
    case 'proof': {
      const { commitments } = value as { readonly commitments: unknown };
      return (
        !has('accounts') &&
        typeof commitments === 'object' &&
        commitments !== null &&
        has('tags', commitments)
      );
    }
  }
}

/**
 * The document of which a value has most of the telling members, and more than half: misspelt or cut down, it
 * is still one of ours.
 */
export function likelyKind(value: unknown): DocumentKind | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const share = (names: readonly string[]) =>
    names.filter((name) => Object.hasOwn(value, name)).length / names.length;
  const [[kind, names]] = [...MEMBERS].sort(([, a], [, b]) => share(b) - share(a)) as [
    (typeof MEMBERS)[number],
  ];
  return share(names) > 0.5 ? kind : undefined;
}

function notOurs(a: string): string {
  return `is JSON, but not ours: it has not the members of ${a}; it is another exchange's or another program's file`;
}

/** Text as some program saved it, with what that program did to it. */
export interface LooseText {
  /** Without a byte order mark. */
  readonly text: string;
  /** For people: `a byte order mark`, `UTF-16`, … */
  readonly changes: readonly string[];
}

/** Reads text in UTF-8, or in UTF-16 behind its byte order mark; undefined where it is neither. */
export function looseText(bytes: Uint8Array): LooseText | undefined {
  const [a, b] = bytes;
  const label = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
  let text;
  try {
    text = new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const marked = text.startsWith('\ufeff');
  return {
    text: marked ? text.slice(1) : text,
    changes: [
      ...(label === 'utf-8' ? [] : ['UTF-16 in place of UTF-8']),
      ...(marked ? ['a byte order mark'] : []),
    ],
  };
}

/** Longest text that is looked at for why it cannot be read. */
const MOST_EXPLAINED_BYTES = 8 * 1024 * 1024;

/**
 * Why bytes are not a document byte for byte, for people: was it re-formatted, changed, is it another one of
 * ours, another system's, another kind of file, or cut off? Only what begins as JSON and then ends is called
 * cut off.
 * @param what names the document that was expected: `manifest`, `inclusion proof`, `proof` (a line), `global
 *   proof`
 * @param check throws where the value's members are not as they must be: more than the form is wrong then
 */
export function explainDocument(
  bytes: Uint8Array,
  what: string,
  check?: (value: unknown) => unknown,
): string {
  const empty = what === 'proof' ? `is a blank line: it ${restorable('blank lines')}` : 'is empty';
  if (bytes.length === 0) return empty;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'is compressed (gzip): unpack it first';
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'is an archive (ZIP): unpack it first';
  if (bytes.length > MOST_EXPLAINED_BYTES) return 'is too long for one';
  const loose = looseText(bytes);
  if (!loose) return 'is not UTF-8: it is another kind of file, or damaged; download it again';
  const start = loose.text.trimStart();
  if (start === '') return empty;
  if (start.startsWith('<')) return 'is a web page or XML, not JSON: download the file itself';
  if (!/^[{[]/.test(start)) return 'is not JSON: it is another kind of file';
  let value: unknown;
  try {
    value = JSON.parse(loose.text);
  } catch {
    return 'is not JSON, or is cut off: download it again';
  }
  const other = otherDocument(value, what === 'inclusion proof' ? 'inclusion' : what);
  if (other !== undefined) return other;
  if (documentKind(value) === undefined)
    return likelyKind(value) === undefined
      ? notOurs(`a ${what}`)
      : 'was changed: members are missing or misspelt; download it again';
  const loss = unrestorable(loose.text, value) ?? (check && problemOf(() => check(value)));
  if (loss !== undefined)
    return `was changed: ${loss}; no program that only re-formats does that: download it again`;
  return restorable(...loose.changes, ...spacing(loose.text));
}

function restorable(...changes: readonly string[]): string {
  const how = changes.length > 0 ? ` (${changes.join(', ')})` : '';
  return `was re-formatted${how}: this is not byte for byte what the exchange published; download it again, or restore its canonical form with \`solvent normalise FILE\``;
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof SolventError) return error.message;
    throw error;
  }
}

function spacing(text: string): string[] {
  const body = text.trimEnd();
  return [
    ...(text.includes('\r\n') ? ['CRLF line ends'] : []),
    ...(/[\r\n]/.test(body) ? ['indented'] : /^\s*\{\s|": /.test(body) ? ['blanks between members'] : []),
    ...(body !== text && !text.endsWith('\r\n') ? ['a line break or blanks at the end'] : []),
  ];
}
