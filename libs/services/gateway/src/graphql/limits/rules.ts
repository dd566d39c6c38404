import {
  GraphQLError,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { selectionCost } from './query-cost';

export interface QueryLimits {
  /** Fields within fields. */
  readonly depth: number;
  readonly cost: number;
  readonly introspection: boolean;
}

/**
 * What a document must keep to beside the specification; none of it depends on variables, so verdicts can be
 * kept with the document.
 */
export function limitRules(limits: QueryLimits): ValidationRule[] {
  return [
    oneOperation,
    depthRule(limits.depth),
    costRule(limits.cost),
    ...(limits.introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
}

/** Over HTTP: a subscription there would never answer. */
export const noSubscription: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (node.operation === 'subscription')
      context.reportError(
        refusal('QUERY_INVALID', 'subscriptions go over a WebSocket (graphql-transport-ws)', node),
      );
  },
});

/** Over a WebSocket nothing else is served. */
export const onlySubscription: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (node.operation !== 'subscription')
      context.reportError(
        refusal('QUERY_INVALID', 'only subscriptions go over a WebSocket; POST the others', node),
      );
  },
});

/**
 * A compiled document is kept by its text alone, so the text must say what is run; and one operation's cost
 * is that of the request.
 */
const oneOperation: ValidationRule = (context) => ({
  Document(node) {
    const operations = node.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    if (operations.length !== 1)
      context.reportError(refusal('QUERY_INVALID', 'a document must hold exactly one operation', node));
  },
});

function depthRule(limit: number): ValidationRule {
  return eachOperation((context, operation, fragments) => {
    if (deeperThan(operation.selectionSet, limit, fragments))
      context.reportError(refusal('QUERY_TOO_DEEP', `fields may nest at most ${limit} deep`, operation));
  });
}

function costRule(limit: number): ValidationRule {
  return eachOperation((context, operation, fragments) => {
    const schema = context.getSchema();
    const root = schema.getRootType(operation.operation);
    const cost = root ? selectionCost(schema, root, operation.selectionSet, fragments) : 0;
    if (cost > limit)
      context.reportError(
        refusal('QUERY_TOO_COSTLY', `the query costs ${cost}; at most ${limit} is allowed`, operation),
      );
  });
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function eachOperation(
  check: (context: ValidationContext, operation: OperationDefinitionNode, fragments: Fragments) => void,
): ValidationRule {
  return (context): ASTVisitor => ({
    OperationDefinition(node) {
      check(context, node, fragmentsOf(context.getDocument()));
    },
  });
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

function refusal(code: string, message: string, node: DocumentNode | OperationDefinitionNode): GraphQLError {
  return new GraphQLError(message, { nodes: node, extensions: { code } });
}
