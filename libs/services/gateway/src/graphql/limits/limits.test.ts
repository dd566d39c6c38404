import { buildSchema, parse, type GraphQLSchema } from 'graphql';
import { limitError, type Carrier, type QueryLimits } from './document-limits';
import { Documents } from './documents';
import type { FieldPrice } from './query-cost';

const schema = buildSchema(`
  type Query { proof(id: String): Proof  list(first: Int! = 20): Page  one: Item  name: String  findings: [Item!]! }
  type Mutation { write: String }
  type Subscription { watch: String }
  type Proof { document: String path: [Item] }
  type Page { nodes: [Item!]! total: Int }
  type Item { id: ID parent: Item children(first: Int): Page }
`);
price(schema, 'Query', 'proof', { complexity: 20 });
price(schema, 'Proof', 'document', { complexity: 5 });
price(schema, 'Proof', 'path', { items: 17 });
price(schema, 'Page', 'nodes', { items: 1 });

function price({ getType }: GraphQLSchema, type: string, field: string, extensions: FieldPrice): void {
  const object = getType.call(schema, type);
  if (!object || !('getFields' in object)) throw new Error(type);
  object.getFields()[field]!.extensions = { ...extensions };
}

function code(query: string, limits: Partial<QueryLimits> = {}, carrier: Carrier = 'http'): unknown {
  const error = limitError(schema, parse(query), { depth: 5, cost: 200, ...limits }, carrier);
  return error?.extensions['code'];
}

/** The least limit under which a query passes. */
function cost(query: string): number {
  for (let limit = 0; ; limit++) if (code(query, { cost: limit }) === undefined) return limit;
}

const times = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const aliases = (count: number) => `{ ${times(count, (i) => `a${i}: proof(id: "${i}") { document }`)} }`;

test('each alias costs', () => {
  expect(code(aliases(8))).toBeUndefined();
  expect(code(aliases(9))).toBe('QUERY_TOO_COSTLY');
});

test('leaves of a list cost as often as the list is long, those that weigh more too', () => {
  expect(cost('{ name }')).toBe(1);
  expect(cost('{ one { id } }')).toBe(2);
  expect(cost('{ a: name b: name __typename }')).toBe(3);
  expect(cost('{ list { nodes { id } } }')).toBe(1 + 20 * 2);
  expect(cost('{ list(first: 3) { nodes { id a: id parent { id } } } }')).toBe(1 + 3 * 5);
  expect(cost('{ proof { document path { id a: id } } }')).toBe(20 + 5 + 1 + 17 * 2);
  // Of a list that says nothing of itself, and has no `first`.
  expect(cost('{ findings { id } }')).toBe(1 + 10);
  expect(cost('query ($n: Int!) { list(first: $n) { nodes { id } } }')).toBe(1 + 50 * 2);
  expect(cost('{ list(first: 1000000) { nodes { id } } }')).toBe(1 + 50 * 2);
  expect(cost('{ list(first: -1) { nodes { id } } }')).toBe(1 + 2);
  expect(code('{ list(first: 50) { nodes { children(first: 50) { nodes { id } } } } }')).toBe(
    'QUERY_TOO_COSTLY',
  );
});

test('fragments cost wherever they are spread', () => {
  const fragment = 'fragment F on Query { proof { document } }';
  expect(cost(`{ ...F } ${fragment}`)).toBe(25);
  expect(cost(`{ ... on Query { proof { document } } }`)).toBe(25);
  expect(code(`{ ${times(9, (i) => `a${i}: proof { ...G }`)} } fragment G on Proof { document }`)).toBe(
    'QUERY_TOO_COSTLY',
  );
});

test('fragments of fragments are counted in no time', () => {
  const levels = times(
    24,
    (i) => `fragment F${i} on Item { a: parent { ...F${i + 1} } b: parent { ...F${i + 1} } }`,
  );
  const query = `{ one { ...F0 } } ${levels} fragment F24 on Item { id }`;
  expect(code(query)).toBe('QUERY_TOO_DEEP');
  expect(code(query, { depth: 100 })).toBe('QUERY_TOO_COSTLY');
});

test('a fragment within itself is refused, not followed', () => {
  expect(code('{ one { ...F } } fragment F on Item { parent { ...F } }')).toBe('QUERY_TOO_DEEP');
});

test('depth', () => {
  expect(code('{ one { parent { parent { parent { id } } } } }')).toBeUndefined();
  expect(code('{ one { parent { parent { parent { parent { id } } } } } }')).toBe('QUERY_TOO_DEEP');
  expect(code('{ one { ...F } } fragment F on Item { parent { parent { parent { parent { id } } } } }')).toBe(
    'QUERY_TOO_DEEP',
  );
});

test('introspection is as deep as it wants, and costs nothing: another rule allows or refuses it', () => {
  const query = '{ __schema { types { fields { type { ofType { ofType { ofType { name } } } } } } } }';
  expect(code(query, { cost: 0 })).toBeUndefined();
});

test('one operation a document, of the kind its way carries', () => {
  expect(code('query A { name } query B { name }')).toBe('QUERY_INVALID');
  expect(code('fragment F on Query { name }')).toBe('QUERY_INVALID');
  expect(code('subscription { watch }')).toBe('QUERY_INVALID');
  expect(code('subscription { watch }', {}, 'socket')).toBeUndefined();
  expect(code('mutation { write }', {}, 'socket')).toBe('QUERY_INVALID');
});

test('a document’s fields, aliases, fragments and names are bounded, whatever they cost', () => {
  const roomy = { depth: 50, cost: 1e9 };
  const documents: [number, (count: number) => string][] = [
    [50, (count) => `{ ${times(count, () => 'name')} }`],
    [50, (count) => `{ ${times(count, () => '... on Query { name }')} }`],
    [50, (count) => `{ ...F } fragment F on Query { ${times(count, () => 'name')} }`],
    [60, (count) => `{ ${times(count, (i) => `a${i}: name`)} }`],
    [400, (count) => `{ ${times(count, (i) => `n${i}`)} }`],
    [50, (count) => `{ name } ${times(count, (i) => `fragment F${i} on Query { n${i} }`)}`],
    [64, (count) => `{ ${'a'.repeat(count)}: name }`],
  ];
  for (const [most, document] of documents)
    expect([most, code(document(most), roomy), code(document(most + 1), roomy)]).toEqual([
      most,
      undefined,
      'QUERY_TOO_COSTLY',
    ]);
});

test('a verdict is kept by the text of its document, and bad ones push out no good one', () => {
  let judged = 0;
  const limits = { depth: 5, cost: 200, length: 100, tokens: 40 };
  const documents = new Documents(() => (judged++, schema), limits, 'http');
  const first = documents.read('{ name }');
  for (let i = 0; i < 1000; i++)
    expect(() => documents.read(`subscription { a${i} }`)).toThrow('subscriptions go over a WebSocket');
  const before = judged;
  expect(documents.read('{ name }')).toBe(first);
  expect(() => documents.read('subscription { a999 }')).toThrow('subscriptions go over a WebSocket');
  expect(judged).toBe(before);
  expect(() => documents.read(`{ ${'n '.repeat(48)} }`)).toThrow('Syntax Error');
  expect(() => documents.read(`{ name } # ${'x'.repeat(100)}`)).toThrow(
    expect.objectContaining({ code: 'QUERY_TOO_LONG' }) as Error,
  );
});
