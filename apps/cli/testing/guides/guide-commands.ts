import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(__dirname, '../../../..');

/** A command that a guide tells its reader to type. */
export interface GuideCommand {
  /** In the guide, from 1. */
  readonly line: number;
  readonly text: string;
  /** What the guide shows below as its output. */
  readonly shown?: string;
}

/** Whatever a stranger is given to type from: README.md and docs/guides. */
export function guides(): string[] {
  const folder = 'docs/guides';
  const names = readdirSync(join(project, folder)).filter((name) => name.endsWith('.md'));
  return ['README.md', ...names.map((name) => `${folder}/${name}`)];
}

export function readGuide(guide: string): string {
  return readFileSync(join(project, guide), 'utf8');
}

/**
 * The commands of all blocks that are fenced as `bash` or `sh`, in order; a `text` block that follows one
 * shows what its last command prints.
 */
export function guideCommands(markdown: string): GuideCommand[] {
  return [...markdown.matchAll(/^```(?:bash|sh)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms)].flatMap(
    ({ index, 1: block = '', 2: shown }) => {
      const first = markdown.slice(0, index).split('\n').length + 1;
      const commands = blockCommands(block, first);
      const last = commands.pop();
      return last ? [...commands, shown === undefined ? last : { ...last, shown }] : [];
    },
  );
}

/** What a guide shows as JSON. @param index of its blocks, from 0 */
export function shownJson(guide: string, index = 0): unknown {
  const blocks = [...readGuide(guide).matchAll(/^```json\n(.*?)^```$/gms)];
  return JSON.parse(blocks[index]![1]!);
}

/** A command a line; one that ends in a backslash goes on in the next. */
function blockCommands(block: string, first: number): GuideCommand[] {
  const commands: GuideCommand[] = [];
  let begun: GuideCommand | undefined;
  for (const [i, line] of block.split('\n').entries()) {
    begun = begun
      ? { ...begun, text: `${begun.text}\n${line}` }
      : /^\s*(?:#|$)/.test(line)
        ? undefined
        : { line: first + i, text: line };
    if (!begun || line.endsWith('\\')) continue;
    commands.push(begun);
    begun = undefined;
  }
  if (begun) throw new Error(`line ${begun.line}: nothing follows the last backslash`);
  return commands;
}

/**
 * Commands in running text, as `./solvent compare OLD NEW` or `npm run coverage`, without what surrounds
 * them.
 */
export function commandsInText(markdown: string): string[] {
  const text = markdown.replace(/^```.*?^```$/gms, '');
  return [...text.matchAll(/`((?:\.\/)?solvent [a-z][^`]*|npm (?:run [\w:]+|start|test)[^`]*)`/g)].map(
    ([, command]) => command!,
  );
}

/**
 * Whether what a command printed is what its guide shows, where `…` stands for anything in a line, and a line
 * of `…` alone for any lines.
 */
export function isShown(shown: string, printed: string): boolean {
  const pattern = shown
    .trim()
    .split('\n')
    .map((line) => (line.trim() === '…' ? '[^]*?' : line.trimEnd().split('…').map(escape).join('[^\\n]*')))
    .join('\\n');
  return new RegExp(`^${pattern}$`).test(printed.trim().replace(/[ \t]+$/gm, ''));
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
