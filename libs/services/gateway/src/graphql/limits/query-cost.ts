import {
  getNamedType,
  isCompositeType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
  isObjectType,
} from 'graphql';

/** Page sizes: what `first` is without being given, and at most. */
export const PAGE = { default: 20, most: 50 } as const;

/**
 * The cost of a selection, before anything is run: a field costs its `complexity`, else 1 if it has fields of
 * its own, else nothing; below one with an argument `first` everything counts so many times. Each alias is a
 * field of its own. A variable counts as the largest page, so that the cost is the document's and can be kept
 * with it. Introspection costs nothing here: it is allowed or refused as a whole.
 */
export function selectionCost(
  schema: GraphQLSchema,
  root: GraphQLObjectType,
  selections: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  const known = new Map<string, number>();

  function cost(parent: GraphQLObjectType | undefined, set: SelectionSetNode): number {
    let sum = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) sum += fieldCost(parent, selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) sum += cost(parent, selection.selectionSet);
      else sum += fragmentCost(parent, selection.name.value);
    }
    return sum;
  }

  /**
   * Each fragment is counted once, however often it is spread: else a few lines could take forever to be
   * counted.
   */
  function fragmentCost(parent: GraphQLObjectType | undefined, name: string): number {
    const counted = known.get(name);
    if (counted !== undefined) return counted;
    // A fragment within itself is refused by another rule.
    known.set(name, 0);
    const fragment = fragments.get(name);
    const on = fragment && schema.getType(fragment.typeCondition.name.value);
    const result = fragment ? cost(isObjectType(on) ? on : parent, fragment.selectionSet) : 0;
    known.set(name, result);
    return result;
  }

  function fieldCost(parent: GraphQLObjectType | undefined, node: FieldNode): number {
    if (node.name.value.startsWith('__')) return 0;
    const field = parent?.getFields()[node.name.value];
    if (!field) return 0;
    const type = getNamedType(field.type);
    const own = complexityOf(field) ?? (isCompositeType(type) ? 1 : 0);
    if (!node.selectionSet) return own;
    const below = cost(isObjectType(type) ? type : undefined, node.selectionSet);
    return own + below * pageSize(field, node);
  }

  return cost(root, selections);
}

function complexityOf(field: GraphQLField<unknown, unknown>): number | undefined {
  const complexity = field.extensions['complexity'];
  return typeof complexity === 'number' ? complexity : undefined;
}

function pageSize(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
  if (!field.args.some(({ name }) => name === 'first')) return 1;
  const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
  if (!given) return PAGE.default;
  if (given.kind !== Kind.INT) return PAGE.most;
  // Beyond the bounds it is refused when it runs.
  return Math.min(Math.max(Number(given.value), 1), PAGE.most);
}
