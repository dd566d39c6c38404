import { posix } from 'node:path';

/** A file of this repository that a document points to, as it stands there. */
export interface Link {
  /** From the root; the document itself where a link only names a heading. */
  readonly path: string;
  /** Without `#`; undefined where the whole file is meant. */
  readonly heading?: string;
}

/** Links of a Markdown document to files beside it, pictures included; none to the web. */
export function linksOf(document: string, markdown: string): Link[] {
  return [...withoutBlocks(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', heading] = target.split('#');
      const from = path === '' ? document : posix.join(posix.dirname(document), path);
      return { path: from.replace(/\/$/, ''), ...(heading !== undefined && { heading }) };
    });
}

/** What a link may name of a document, in GitHub's form: lower case, hyphens, no punctuation. */
export function headingsOf(markdown: string): Set<string> {
  return new Set(
    [...withoutBlocks(markdown).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

/** Folders at the root in which a path that a text names begins. */
const TOP = 'apps|bin|circuits|docs|infra|libs|prisma|scripts|test-vectors|\\.ci|\\.github';
const PATH = new RegExp(`(?<![\\w./@-])(?:\\.{1,2}/)*((?:${TOP})/[\\w.@/*{},-]*[\\w*}])`, 'g');

/** Paths from the root that a text names, wherever they stand in it; what has `*` or `{` names many. */
export function pathsIn(text: string): string[] {
  return [...text.matchAll(PATH)].map(([, path]) => path!).filter((path) => !/[*{}]/.test(path));
}

/** The comments of a source file, a line each. */
export function commentsOf(source: string): string {
  return [...source.matchAll(/(?:^|\s)(?:\/\/|\/?\*|#) (.*)$/gm)].map(([, comment]) => comment!).join('\n');
}

/** Blocks that are fenced show what others print or write. */
function withoutBlocks(markdown: string): string {
  return markdown.replace(/^```.*?^```$/gms, '');
}
