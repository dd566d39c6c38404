import ts from 'typescript';

/** A change as an operator proposes it. */
export interface Change {
  readonly operator: string;
  /** What is replaced: a node, or an operator's token. */
  readonly at: ts.Node;
  readonly replacement: string;
  /** See `Mutant`; without it, what is replaced. */
  readonly reached?: ts.Node;
}

type Kind = ts.SyntaxKind;
const K = ts.SyntaxKind;

/**
 * What a binary operator is taken for. Each clause of `||`, `&&` and `??` is left out in turn, which says
 * more than swapping them.
 */
const BINARY: ReadonlyMap<Kind, readonly string[]> = new Map<Kind, readonly string[]>([
  [K.LessThanToken, ['<=', '>=']],
  [K.LessThanEqualsToken, ['<', '>']],
  [K.GreaterThanToken, ['>=', '<=']],
  [K.GreaterThanEqualsToken, ['>', '<']],
  [K.EqualsEqualsEqualsToken, ['!==']],
  [K.ExclamationEqualsEqualsToken, ['===']],
  [K.PlusToken, ['-']],
  [K.MinusToken, ['+']],
  [K.AsteriskToken, ['+']],
  [K.SlashToken, ['*']],
  [K.PercentToken, ['+']],
  [K.AsteriskAsteriskToken, ['*']],
  [K.LessThanLessThanToken, ['>>']],
  [K.GreaterThanGreaterThanToken, ['<<']],
  [K.AmpersandToken, ['|']],
  [K.BarToken, ['&']],
  [K.CaretToken, ['&']],
  [K.PlusEqualsToken, ['-=']],
  [K.MinusEqualsToken, ['+=']],
  [K.AsteriskEqualsToken, ['+=']],
  [K.LessThanLessThanEqualsToken, ['>>=']],
  [K.GreaterThanGreaterThanEqualsToken, ['<<=']],
]);

/** A method taken for its like. */
const LIKE: Readonly<Record<string, string>> = {
  every: 'some',
  some: 'every',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  reduce: 'reduceRight',
  reduceRight: 'reduce',
};

/** Methods whose receiver is taken as it is. */
const LEFT_OUT = new Set([
  'filter',
  'slice',
  'subarray',
  'sort',
  'reverse',
  'normalize',
  'trim',
  'toLowerCase',
  'toUpperCase',
]);

/** Longer lists are tables, and each member's loss says the same. */
const MOST_MEMBERS = 12;

/** The changes of one node, those of its parts left out. */
export function changesOf(node: ts.Node, source: ts.SourceFile): Change[] {
  const text = (part: ts.Node): string => part.getText(source);
  if (ts.isBinaryExpression(node)) return binary(node, text);
  if (ts.isPrefixUnaryExpression(node)) return unary(node, text);
  if (ts.isIfStatement(node)) return constants('condition', node.expression, ['true', 'false']);
  if (ts.isConditionalExpression(node)) return constants('condition', node.condition, ['true', 'false']);
  if (ts.isWhileStatement(node)) return constants('loop never entered', node.expression, ['false']);
  if (ts.isForStatement(node))
    return node.condition ? constants('loop never entered', node.condition, ['false']) : [];
  if (ts.isForOfStatement(node)) return constants('loop never entered', node.expression, ['[]']);
  if (ts.isCallExpression(node)) return call(node, text);
  if (ts.isArrayLiteralExpression(node))
    return node.elements.length <= MOST_MEMBERS && !isAssigned(node)
      ? without(node, node.elements, '[', ']', text)
      : [];
  return [...literal(node, text), ...removal(node)];
}

function constants(operator: string, at: ts.Expression, values: readonly string[]): Change[] {
  return values
    .filter((value) => value !== at.getText())
    .map((replacement) => ({ operator, at, replacement }));
}

function binary(node: ts.BinaryExpression, text: (part: ts.Node) => string): Change[] {
  const { left, right, operatorToken: token } = node;
  if ([K.BarBarToken, K.AmpersandAmpersandToken, K.QuestionQuestionToken].includes(token.kind))
    return [left, right].map((kept) => ({
      operator: 'clause left out',
      at: node,
      replacement: `(${text(kept)})`,
    }));
  if (token.kind === K.PlusToken && [left, right].some(isText)) return [];
  return (BINARY.get(token.kind) ?? []).map((replacement) => ({
    operator: 'operator',
    at: token,
    replacement,
    reached: node,
  }));
}

function isText(node: ts.Expression): boolean {
  return (
    ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)
  );
}

function unary(node: ts.PrefixUnaryExpression, text: (part: ts.Node) => string): Change[] {
  if (node.operator !== K.ExclamationToken && node.operator !== K.MinusToken) return [];
  return [{ operator: 'sign left out', at: node, replacement: `(${text(node.operand)})` }];
}

function call(node: ts.CallExpression, text: (part: ts.Node) => string): Change[] {
  const { expression: callee } = node;
  const args = node.arguments;
  if (ts.isIdentifier(callee)) return callee.text === 'concat' ? dropped(node, 0, text) : [];
  if (!ts.isPropertyAccessExpression(callee)) return [];
  const { name } = callee;
  const like = Object.hasOwn(LIKE, name.text) ? LIKE[name.text] : undefined;
  if (like) return [{ operator: 'method', at: name, replacement: like, reached: node }];
  if (LEFT_OUT.has(name.text))
    return [{ operator: 'method left out', at: node, replacement: text(callee.expression) }];
  if (name.text === 'freeze') return [{ operator: 'method left out', at: node, replacement: text(args[0]!) }];
  return name.text === 'absorb' ? dropped(node, 1, text) : [];
}

/** A call without one of its arguments, from the `first` on. */
function dropped(node: ts.CallExpression, first: number, text: (part: ts.Node) => string): Change[] {
  const opening = `${text(node.expression)}(`;
  return without(node, node.arguments, opening, ')', text).slice(first);
}

function without(
  at: ts.Node,
  members: readonly ts.Node[],
  opening: string,
  closing: string,
  text: (part: ts.Node) => string,
): Change[] {
  return members.map((dropped) => ({
    operator: 'member left out',
    at,
    replacement: `${opening}${members
      .filter((member) => member !== dropped)
      .map(text)
      .join(', ')}${closing}`,
  }));
}

function literal(node: ts.Node, text: (part: ts.Node) => string): Change[] {
  const to = (...replacements: string[]): Change[] =>
    replacements.map((replacement) => ({ operator: 'constant', at: node, replacement }));
  if (node.kind === K.TrueKeyword) return to('false');
  if (node.kind === K.FalseKeyword) return to('true');
  if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) {
    if (isPropertyName(node)) return [];
    const big = ts.isBigIntLiteral(node);
    const plain = text(node).replaceAll('_', '');
    if (plain.includes('.')) return [];
    const value = BigInt(big ? plain.slice(0, -1) : plain);
    return to(...[value + 1n, value - 1n].filter((x) => x >= 0n).map((x) => `${x}${big ? 'n' : ''}`));
  }
  // Domain separators, labels, codes, names of members; a sentence is for people.
  if (ts.isStringLiteral(node) && !isPropertyName(node) && !/[ …]/.test(node.text))
    return to(`${text(node).slice(0, -1)}x${text(node).at(-1)!}`);
  if (ts.isRegularExpressionLiteral(node)) return to(...looserPatterns(text(node)));
  return [];
}

function isPropertyName(node: ts.Node): boolean {
  const { parent } = node;
  return (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) && parent.name === node;
}

/** A pattern without its anchors, and with each bound moved by one. */
function looserPatterns(pattern: string): string[] {
  const patterns = [pattern.replace(/^\/\^/, '/'), pattern.replace(/\$(?=\/[a-z]*$)/, '')];
  for (const { index, 0: bounds, 1: low, 2: high } of pattern.matchAll(/\{(\d+)(?:,(\d+))?\}/g)) {
    const put = (text: string) => pattern.slice(0, index) + text + pattern.slice(index + bounds.length);
    const [least, most] = [Number(low), Number(high ?? low)];
    patterns.push(put(`{${Math.max(0, least - 1)},${most}}`), put(`{${least},${most + 1}}`));
    if (most > least) patterns.push(put(`{${least + 1},${most}}`), put(`{${least},${most - 1}}`));
  }
  return patterns.filter((changed) => changed !== pattern && !changed.startsWith('//'));
}

/** `[a, b]` of `[a, b] = …`, which is no list. */
function isAssigned(node: ts.Node): boolean {
  const { parent } = node;
  return (
    (ts.isBinaryExpression(parent) && parent.operatorToken.kind === K.EqualsToken && parent.left === node) ||
    (ts.isArrayLiteralExpression(parent) && isAssigned(parent))
  );
}

/** Statements that are there for what they do. What an `if` guards by itself is removed by its condition. */
function removal(node: ts.Node): Change[] {
  const change: Change[] = [{ operator: 'statement left out', at: node, replacement: ';' }];
  const removable =
    ts.isExpressionStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isContinueStatement(node) ||
    ts.isBreakStatement(node);
  return removable && !isGuarded(node) ? change : [];
}

function isGuarded(node: ts.Statement): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent)) return true;
  return ts.isBlock(parent) && parent.statements.length === 1 && ts.isIfStatement(parent.parent);
}
