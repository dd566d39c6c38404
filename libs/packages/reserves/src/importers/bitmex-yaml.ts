import { malformed } from '../failure';

/** Text, a list, or members; nothing is read as a number, for amounts and scripts are text here. */
export type Plain = string | readonly Plain[] | { readonly [name: string]: Plain };

/**
 * Reads the part of YAML that BitMEX's file is written in: members, lists of `- …`, and `{…}` and `[…]` on
 * one line; blocks by indentation. No anchors, tags, quotes within text or texts over several lines.
 * @throws SolventError FILE_MALFORMED
 */
export function parsePlainYaml(text: string): Plain {
  const lines = text
    .split(/\r?\n/)
    .map((raw, i) => ({
      number: i + 1,
      indent: raw.search(/\S/),
      text: raw.replace(/(?:^|\s)#.*$/s, '').trim(),
    }))
    .filter((line) => line.text !== '' && line.text !== '---');
  const reader = new BlockReader(lines);
  const value = reader.block(0);
  reader.refuseRest();
  return value;
}

interface Line {
  readonly number: number;
  readonly indent: number;
  readonly text: string;
}

class BlockReader {
  private at = 0;
  constructor(private readonly lines: readonly Line[]) {}

  /** A list or members, all of one indentation of at least `minimum`. */
  block(minimum: number): Plain {
    const first = this.lines[this.at];
    if (!first || first.indent < minimum) return '';
    return first.text.startsWith('- ') || first.text === '-'
      ? this.list(first.indent)
      : this.members(first.indent);
  }

  refuseRest(): void {
    const line = this.lines[this.at];
    if (line) refuse(line, 'does not belong to what is above it');
  }

  private list(indent: number): readonly Plain[] {
    const items: Plain[] = [];
    for (let line = this.here(indent); line && /^-(?: |$)/.test(line.text); line = this.here(indent)) {
      const rest = line.text.slice(1).trim();
      const inner = indent + line.text.length - rest.length;
      if (rest === '' || MEMBER.test(rest)) {
        // The members of this item begin on its own line.
        if (rest === '') this.at++;
        else (this.lines as Line[])[this.at] = { ...line, indent: inner, text: rest };
        items.push(this.block(indent + 1));
      } else {
        items.push(flow(line, rest));
        this.at++;
      }
    }
    return items;
  }

  private members(indent: number): Plain {
    const members: Record<string, Plain> = {};
    for (let line = this.here(indent); line; line = this.here(indent)) {
      const match = MEMBER.exec(line.text);
      if (!match) return refuse(line, 'is no member');
      const [, name = '', rest = ''] = match;
      if (Object.hasOwn(members, name)) refuse(line, `has the member ${name} twice`);
      this.at++;
      // A list may stand as far left as the member that it belongs to.
      const isList = this.lines[this.at]?.text.startsWith('- ') === true;
      members[name] = rest === '' ? this.block(isList ? indent : indent + 1) : flow(line, rest);
    }
    return members;
  }

  private here(indent: number): Line | undefined {
    const line = this.lines[this.at];
    return line?.indent === indent ? line : undefined;
  }
}

const MEMBER = /^([A-Za-z_][\w-]*):(?:\s+(.*))?$/s;

/** `{a: b, …}`, `[a, …]` or text. */
function flow(line: Line, text: string): Plain {
  const inner = text.slice(1, -1);
  if (/^\{.*\}$/.test(text)) {
    const members: Record<string, Plain> = {};
    for (const part of parts(inner)) {
      const match = /^([A-Za-z_][\w-]*):\s*(.*)$/s.exec(part);
      if (!match || Object.hasOwn(members, match[1]!))
        return refuse(line, 'has a member that cannot be read, or twice');
      members[match[1]!] = scalar(line, match[2]!);
    }
    return members;
  }
  if (/^\[.*\]$/.test(text)) return parts(inner).map((part) => scalar(line, part));
  return scalar(line, text);
}

function parts(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.split(',').map((part) => part.trim());
}

function scalar(line: Line, text: string): string {
  if (/[{}[\]&*!|>]/.test(text)) refuse(line, 'is of a form that is not read');
  return text.replace(
    /^"(.*)"$|^'(.*)'$/,
    (_, double: string | undefined, single: string | undefined) => double ?? single ?? '',
  );
}

function refuse(line: Line, problem: string): never {
  return malformed('FILE_MALFORMED', `line ${line.number} ${problem}`);
}
