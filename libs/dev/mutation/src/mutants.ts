import ts from 'typescript';
import { changesOf } from './operators';

/** One small change of one file that a test ought to notice. */
export interface Mutant {
  /** From the repository's root, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly operator: string;
  /** Characters of the file that are replaced. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** The expression or statement that must be reached for the change to matter. */
  readonly reached: Reached;
}

export interface Reached {
  readonly start: number;
  readonly end: number;
  readonly statement: boolean;
}

/** All mutants of a file, in its order. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const mutants: Mutant[] = [];
  const visit = (node: ts.Node): void => {
    if (isForTheCompiler(node)) return;
    for (const { operator, at, replacement, reached: part = at } of changesOf(node, source)) {
      const reached = wholeChain(part);
      const start = at.getStart(source);
      mutants.push({
        file,
        line: source.getLineAndCharacterOfPosition(start).line + 1,
        operator,
        start,
        end: at.end,
        replacement,
        reached: { start: reached.getStart(source), end: reached.end, statement: ts.isStatement(reached) },
      });
    }
    const messages = messagesOf(node);
    ts.forEachChild(node, (child) => {
      if (!messages.includes(child)) visit(child);
    });
  };
  visit(source);
  return mutants;
}

/** The file with the change in it. */
export function mutate(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** All of `a?.b.c`: with parentheses around a part of it, the rest would go on without an `a`. */
function wholeChain(node: ts.Node): ts.Node {
  let whole = node;
  while (ts.isOptionalChain(whole) && ts.isOptionalChain(whole.parent) && whole.parent.expression === whole)
    whole = whole.parent;
  return whole;
}

/** So much of what differs is shown. */
const SHOWN = 60;

/** One line for people: what stood there, and what stands there now. */
export function describeMutant(text: string, mutant: Mutant): string {
  const { operator } = mutant;
  const changed = mutate(text, mutant);
  let { start, end } = mutant;
  const last = changed.length - text.length;
  // An operator's token stands whole.
  const trims = operator !== 'operator';
  while (trims && start < end && start < end + last && text[start] === changed[start]) start++;
  while (trims && start < end && start < end + last && text[end - 1] === changed[end + last - 1]) end--;
  // Whole words and numbers.
  const word = /[\w']/;
  while (start > 0 && word.test(text[start - 1]!)) start--;
  while (end < text.length && word.test(text[end]!)) end++;
  const flat = (code: string) => code.replace(/\s+/g, ' ');
  const shown = (code: string) => {
    const line = flat(code).trim();
    return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line || 'nothing';
  };
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const after = text.slice(end).split('\n', 1)[0]!;
  const change = `⟦${shown(text.slice(start, end))} → ${shown(changed.slice(start, end + last))}⟧`;
  return `${operator}: ${flat(before).trimStart()}${change}${flat(after)}`;
}

/** Types, imports and exports: gone before anything runs. */
function isForTheCompiler(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}

/** Where each kind of call has the sentences that it says to people: first and last argument, from 0. */
const MESSAGES: Readonly<Record<string, readonly [number, number]>> = {
  SolventError: [2, 2],
  Error: [0, 0],
  RangeError: [0, 0],
  TypeError: [0, 0],
  invalid: [1, 1],
  malformed: [1, 1],
  fail: [1, 1],
  '#fail': [1, 1],
};

/** Arguments of a call that are sentences for people: tests need not pin them. */
function messagesOf(node: ts.Node): readonly ts.Node[] {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return [];
  const callee = node.expression;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
  const range = Object.hasOwn(MESSAGES, name) ? MESSAGES[name] : undefined;
  return range ? (node.arguments ?? []).slice(range[0], range[1] + 1) : [];
}
