import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

/** A regular expression as it stands in a source. */
export interface FoundPattern {
  /** From the root of the repository, with `/`. */
  readonly file: string;
  /** Undefined where it is put together while the program runs, so that its source cannot tell. */
  readonly source: string | undefined;
  readonly flags: string;
}

/** Where text from outside is read: everything that ships. */
const SHIPPED = ['libs/packages', 'libs/services', 'libs/shared', 'apps'];
/** What reads our own text alone. */
const OWN = new Set(['node_modules', 'dist', 'generated', 'testing', 'assembly']);

/** Every regular expression of the sources that ship, found in their syntax trees. */
export function shippedPatterns(root: string): FoundPattern[] {
  return SHIPPED.flatMap((folder) => filesBelow(join(root, folder))).flatMap((path) =>
    patternsOf(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8')),
  );
}

/** Those of one file. */
export function patternsOf(file: string, text: string): FoundPattern[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const constants = constantsOf(tree);
  const found: FoundPattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ file, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    } else if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && isRegExp(node.expression)) {
      const [source, flags] = node.arguments ?? [];
      const knownFlags = flags ? textOf(flags, constants) : '';
      const known = knownFlags !== undefined && source ? textOf(source, constants) : undefined;
      found.push({ file, source: known, flags: knownFlags ?? '' });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function isRegExp(node: ts.Node): boolean {
  return ts.isIdentifier(node) && node.text === 'RegExp';
}

/** Names that stand for one text in the whole file. */
function constantsOf(tree: ts.SourceFile): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  for (const statement of tree.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      const text = initializer && textOf(initializer, constants);
      if (ts.isIdentifier(name) && text !== undefined) constants.set(name.text, text);
    }
  }
  return constants;
}

function textOf(node: ts.Expression, constants: ReadonlyMap<string, string>): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isIdentifier(node)) return constants.get(node.text);
  if (!ts.isTemplateExpression(node)) return undefined;
  let text = node.head.text;
  for (const { expression, literal } of node.templateSpans) {
    const part = textOf(expression, constants);
    if (part === undefined) return undefined;
    text += part + literal.text;
  }
  return text;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return OWN.has(entry.name) ? [] : filesBelow(path);
    return /\.[cm]?[jt]sx?$/.test(entry.name) && !/\.test\.[cm]?ts$/.test(entry.name) ? [path] : [];
  });
}
