import { buildSchema, parse, specifiedRules, validate, type GraphQLSchema } from 'graphql';
import { limitRules, noSubscription, onlySubscription, type QueryLimits } from './rules';

const schema = buildSchema(`
  type Query { proof(id: String): Proof  list(first: Int! = 20): Page  one: Item  name: String }
  type Mutation { write: String }
  type Subscription { watch: String }
  type Proof { document: String path: [Item] }
  type Page { nodes: [Item!]! total: Int }
  type Item { id: ID parent: Item children(first: Int): Page }
`);
complexity(schema, 'Query', 'proof', 20);

function complexity({ getType }: GraphQLSchema, type: string, field: string, value: number): void {
  const object = getType.call(schema, type);
  if (!object || !('getFields' in object)) throw new Error(type);
  object.getFields()[field]!.extensions = { complexity: value };
}

function codes(query: string, limits: Partial<QueryLimits> = {}, rules = [noSubscription]): unknown[] {
  const all = limitRules({ depth: 5, cost: 100, introspection: false, ...limits });
  return validate(schema, parse(query), [...specifiedRules, ...all, ...rules]).map(
    ({ extensions }) => extensions['code'] ?? 'specification',
  );
}

/** The least limit under which a query passes. */
function cost(query: string): number {
  for (let limit = 0; ; limit++) if (codes(query, { cost: limit }).length === 0) return limit;
}

const aliases = (count: number) =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: proof(id: "${i}") { document }`).join(' ')} }`;

test('each alias costs', () => {
  expect(codes(aliases(5))).toEqual([]);
  expect(codes(aliases(6))).toEqual(['QUERY_TOO_COSTLY']);
});

test('what a page holds counts as often as the page is long', () => {
  expect(cost('{ name }')).toBe(0);
  expect(cost('{ one { id } }')).toBe(1);
  expect(cost('{ list { nodes { id } } }')).toBe(1 + 20);
  expect(cost('{ list(first: 3) { nodes { id parent { id } } } }')).toBe(1 + 3 * 2);
  expect(cost('query ($n: Int!) { list(first: $n) { nodes { id } } }')).toBe(1 + 50);
  expect(cost('{ list(first: 1000000) { nodes { id } } }')).toBe(1 + 50);
  expect(cost('{ list(first: -1) { nodes { id } } }')).toBe(1 + 1);
  expect(codes('{ list(first: 50) { nodes { children(first: 50) { nodes { id } } } } }')).toEqual([
    'QUERY_TOO_COSTLY',
  ]);
});

test('fragments cost wherever they are spread', () => {
  const fragment = 'fragment F on Query { proof { document } }';
  expect(cost(`{ ...F } ${fragment}`)).toBe(20);
  expect(cost(`{ ... on Query { proof { document } } }`)).toBe(20);
  expect(
    codes(
      `{ a: proof { ...G } b: proof { ...G } c: proof { ...G } d: proof { ...G } e: proof { ...G } f: proof { ...G } } fragment G on Proof { document }`,
    ),
  ).toEqual(['QUERY_TOO_COSTLY']);
});

test('fragments of fragments are counted in no time', () => {
  const levels = Array.from(
    { length: 60 },
    (_, i) => `fragment F${i} on Item { a: parent { ...F${i + 1} } b: parent { ...F${i + 1} } }`,
  );
  const query = `{ one { ...F0 } } ${levels.join(' ')} fragment F60 on Item { id }`;
  const limits = limitRules({ depth: 5, cost: 100, introspection: false });
  const found = validate(schema, parse(query), limits).map(({ extensions }) => extensions['code']);
  expect(found).toEqual(['QUERY_TOO_DEEP', 'QUERY_TOO_COSTLY']);
});

test('a fragment within itself is refused, not followed', () => {
  expect(codes('{ one { ...F } } fragment F on Item { parent { ...F } }')).toEqual(
    expect.arrayContaining(['specification', 'QUERY_TOO_DEEP']),
  );
});

test('depth', () => {
  expect(codes('{ one { parent { parent { parent { id } } } } }')).toEqual([]);
  expect(codes('{ one { parent { parent { parent { parent { id } } } } } }')).toEqual(['QUERY_TOO_DEEP']);
  expect(
    codes('{ one { ...F } } fragment F on Item { parent { parent { parent { parent { id } } } } }'),
  ).toEqual(['QUERY_TOO_DEEP']);
});

test('introspection only where it is allowed; then as deep as it wants', () => {
  const query = '{ __schema { types { fields { type { ofType { ofType { ofType { name } } } } } } } }';
  expect(codes(query)).toContain('specification');
  expect(codes(query, { introspection: true })).toEqual([]);
  expect(codes('{ __typename }')).toEqual([]);
});

test('one operation a document, of the kind its way carries', () => {
  expect(codes('query A { name } query B { name }')).toEqual(['QUERY_INVALID']);
  expect(codes('fragment F on Query { name }')).toContain('QUERY_INVALID');
  expect(codes('subscription { watch }')).toEqual(['QUERY_INVALID']);
  expect(codes('subscription { watch }', {}, [onlySubscription])).toEqual([]);
  expect(codes('mutation { write }', {}, [onlySubscription])).toEqual(['QUERY_INVALID']);
});
