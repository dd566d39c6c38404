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
const MOST_EXPLAINED = 8 * 1024 * 1024;

/**
 * Why bytes are not a document byte for byte, for people: was it re-formatted, is it another system's, another kind of file, or cut off? Only what begins
 * as JSON and then ends is called cut off.
 * @param what names the document that was expected: `manifest`, `inclusion proof`
 */
export function explainDocument(bytes: Uint8Array, what: string): string {
  if (bytes.length === 0) return 'is empty';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'is compressed (gzip): unpack it first';
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'is an archive (ZIP): unpack it first';
  if (bytes.length > MOST_EXPLAINED) return 'is too long for one';
  const loose = looseText(bytes);
  if (!loose) return 'is not UTF-8: it is another kind of file, or damaged; download it again';
  const start = loose.text.trimStart();
  if (start === '') return 'is empty';
  if (start.startsWith('<')) return 'is a web page or XML, not JSON: download the file itself';
  if (!/^[{[]/.test(start)) return 'is not JSON: it is another kind of file';
  let value: unknown;
  try {
    value = JSON.parse(loose.text);
  } catch {
    return 'is not JSON, or is cut off: download it again';
  }
  const kind = documentKind(value);
  if (kind === undefined)
    return `is JSON, but not ours: no ${what} has such members; it is another exchange's or another program's file`;
  const changes = [...loose.changes, ...spacing(loose.text)];
  const how = changes.length > 0 ? ` (${changes.join(', ')})` : '';
  return `was re-formatted${how}: this is not byte for byte what the exchange published; download it again, or restore its canonical form with \`solvent normalise FILE\``;
}

function spacing(text: string): string[] {
  const body = text.trimEnd();
  return [
    ...(text.includes('\r\n') ? ['CRLF line ends'] : []),
    ...(/[\r\n]/.test(body) ? ['indented'] : /^\s*\{\s|": /.test(body) ? ['blanks between members'] : []),
    ...(body !== text && !text.endsWith('\r\n') ? ['a line break or blanks at the end'] : []),
  ];
}
