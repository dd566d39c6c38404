import {
  GraphQLError,
  Kind,
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { selectionCost } from './query-cost';

export interface QueryLimits {
  /** Fields within fields. */
  readonly depth: number;
  readonly cost: number;
}

/** What carries a document: over HTTP a subscription would never answer, a WebSocket serves nothing else. */
export type Carrier = 'http' | 'socket';

/** Fields of a document, wherever they stand, and those that are given another name. */
const MOST_FIELDS = 400;
const MOST_ALIASES = 60;
/**
 * Fields that are answered under one name: the specification compares each with each of the others, and their
 * arguments.
 */
const MOST_OF_A_NAME = 50;
const MOST_FRAGMENTS = 50;
/** Characters of a name: an alias stands in the answer as often as its field. */
const LONGEST_NAME_CHARACTERS = 64;

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * What a document must keep to before it is held against the specification, whose rules compare every field
 * with every other: each check here takes time in proportion to the document. None of it depends on variables,
 * so a verdict can be kept with the document.
 * @param limits.cost of selectionCost
 * @returns why it is refused: QUERY_INVALID | QUERY_TOO_DEEP | QUERY_TOO_COSTLY
 */
export function limitError(
  schema: GraphQLSchema,
  document: DocumentNode,
  limits: QueryLimits,
  carrier: Carrier,
): GraphQLError | undefined {
  // A compiled document is kept by its text alone, so the text must say what is run; and one operation's cost is
  // that of the request.
  const [operation, another] = document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation || another)
    return refusal('QUERY_INVALID', 'a document must hold exactly one operation', document);
  const wrongWay = carriedWrongly(operation, carrier);
  if (wrongWay) return refusal('QUERY_INVALID', wrongWay, operation);
  const tooMany = tooManyFields(document);
  if (tooMany) return refusal('QUERY_TOO_COSTLY', tooMany, operation);
  const fragments = fragmentsOf(document);
  if (deeperThan(operation.selectionSet, limits.depth, fragments))
    return refusal('QUERY_TOO_DEEP', `fields may nest at most ${limits.depth} deep`, operation);
  const root = schema.getRootType(operation.operation);
  const cost = root ? selectionCost(schema, root, operation.selectionSet, fragments) : 0;
  if (cost <= limits.cost) return undefined;
  return refusal(
    'QUERY_TOO_COSTLY',
    `the query costs ${cost}; at most ${limits.cost} is allowed: ask for fewer fields or shorter pages, or in several requests`,
    operation,
  );
}

function carriedWrongly({ operation }: OperationDefinitionNode, carrier: Carrier): string | undefined {
  if (carrier === 'http')
    return operation === 'subscription'
      ? 'subscriptions go over a WebSocket (graphql-transport-ws)'
      : undefined;
  return operation === 'subscription' ? undefined : 'only subscriptions go over a WebSocket; POST the others';
}

/** Why a document's fields are too many, as they are written: whatever spreads them is counted by their cost. */
function tooManyFields(document: DocumentNode): string | undefined {
  const names = new Map<string, number>();
  let [fields, aliases] = [0, 0];
  const count = ({ selections }: SelectionSetNode): string | undefined => {
    for (const selection of selections) {
      const problem = selection.kind === Kind.FIELD ? countField(selection) : undefined;
      if (problem !== undefined) return problem;
      const below =
        selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet
          ? count(selection.selectionSet)
          : undefined;
      if (below !== undefined) return below;
    }
    return undefined;
  };
  const countField = ({ alias, name }: FieldNode): string | undefined => {
    const key = (alias ?? name).value;
    const held = (names.get(key) ?? 0) + 1;
    names.set(key, held);
    if (++fields > MOST_FIELDS) return `a document may hold at most ${MOST_FIELDS} fields`;
    if (alias && ++aliases > MOST_ALIASES) return `a document may hold at most ${MOST_ALIASES} aliases`;
    if (held > MOST_OF_A_NAME) return `a document may name at most ${MOST_OF_A_NAME} fields alike`;
    return key.length > LONGEST_NAME_CHARACTERS
      ? `a name may have at most ${LONGEST_NAME_CHARACTERS} characters`
      : undefined;
  };
  let fragments = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && ++fragments > MOST_FRAGMENTS)
      return `a document may hold at most ${MOST_FRAGMENTS} fragments`;
    if (!('selectionSet' in definition)) continue;
    const problem = count(definition.selectionSet);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function fragmentsOf(document: DocumentNode): Fragments {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return fragments;
}

/**
 * Introspection nests deeper than any of our own queries; whether it is allowed at all is another rule's
 * matter.
 */
function deeperThan(set: SelectionSetNode, limit: number, fragments: Fragments): boolean {
  const depths = new Map<string, number>();
  function depth({ selections }: SelectionSetNode): number {
    let deepest = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value.startsWith('__')) continue;
        deepest = Math.max(deepest, 1 + (selection.selectionSet ? depth(selection.selectionSet) : 0));
      } else if (selection.kind === Kind.INLINE_FRAGMENT)
        deepest = Math.max(deepest, depth(selection.selectionSet));
      else deepest = Math.max(deepest, fragmentDepth(selection.name.value));
    }
    return deepest;
  }
  function fragmentDepth(name: string): number {
    const known = depths.get(name);
    if (known !== undefined) return known;
    depths.set(name, Infinity); // within itself
    const fragment = fragments.get(name);
    const found = fragment ? depth(fragment.selectionSet) : 0;
    depths.set(name, found);
    return found;
  }
  return depth(set) > limit;
}

function refusal(code: string, message: string, node: ASTNode): GraphQLError {
  return new GraphQLError(message, { nodes: node, extensions: { code } });
}
