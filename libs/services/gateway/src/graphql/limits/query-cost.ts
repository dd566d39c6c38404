import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/** Page sizes: what `first` is without being given, and at most. */
export const PAGE = { default: 20, most: 50 } as const;

/** How many a list is taken to hold that has no `first` and says nothing else of itself. */
const ITEMS = 10;

/**
 * What a field says of its own price, as GraphQL extensions: `complexity` is what it costs itself, `items` how
 * often what stands below it counts where it is a list.
 */
export interface FieldPrice {
  readonly complexity?: number;
  readonly items?: number;
}

/**
 * The cost of a selection, before anything is run, in leaves of some hundred bytes of answer: every field costs
 * 1, or its `complexity`, and what stands below a list counts as often as the list is long: by its argument
 * `first`, else its `items`. Each alias is a field of its own. A variable counts as the largest page, so that
 * the cost is the document's and can be kept with it. Introspection costs nothing here: it is allowed or
 * refused as a whole.
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
    if (node.name.value.startsWith('__')) return node.selectionSet ? 0 : 1;
    const field = parent?.getFields()[node.name.value];
    // The specification's own rules refuse it.
    if (!field) return 1;
    const own = priceOf(field).complexity ?? 1;
    const type = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(type)) return own;
    return own + cost(isObjectType(type) ? type : undefined, node.selectionSet) * itemsOf(field, node);
  }

  return cost(root, selections);
}

function priceOf({ extensions }: GraphQLField<unknown, unknown>): FieldPrice {
  const { complexity, items } = extensions;
  return {
    ...(typeof complexity === 'number' && { complexity }),
    ...(typeof items === 'number' && { items }),
  };
}

function itemsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
  if (!field.args.some(({ name }) => name === 'first'))
    return priceOf(field).items ?? (isListType(getNullableType(field.type)) ? ITEMS : 1);
  const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
  if (!given) return PAGE.default;
  if (given.kind !== Kind.INT) return PAGE.most;
  // Beyond the bounds it is refused when it runs.
  return Math.min(Math.max(Number(given.value), 1), PAGE.most);
}
