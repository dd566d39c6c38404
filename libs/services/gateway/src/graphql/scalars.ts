import { GraphQLScalarType, valueFromASTUntyped } from 'graphql';

const same = (value: unknown) => value;

/** Any JSON value; whoever takes one as an argument checks it. */
export const JsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: same,
  parseValue: same,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables) as unknown,
});
