import { selectionOf, type Shape } from './shape';

/** One request: its document, and how the answer to it is read. */
export interface Operation<V, T> {
  /** What the service's own logs call it. */
  readonly name: string;
  readonly field: string;
  readonly document: string;
  readonly result: Shape<T>;
  /** Never there: keeps the type of the variables. */
  readonly variables?: V;
}

/**
 * Declares a request of one field. Names and types of the variables are those of the field's arguments.
 * @param types `{ id: 'String!' }`: GraphQL types, as the schema writes them
 */
export function operation<V extends object, T>(
  kind: 'query' | 'mutation' | 'subscription',
  field: string,
  types: Readonly<Record<keyof V & string, string>>,
  result: Shape<T>,
): Operation<V, T> {
  const names = Object.keys(types) as (keyof V & string)[];
  const declared = names.map((name) => `$${name}: ${types[name]}`).join(', ');
  const passed = names.map((name) => `${name}: $${name}`).join(', ');
  const name = field[0]!.toUpperCase() + field.slice(1);
  const parenthesised = (inner: string) => (inner === '' ? '' : `(${inner})`);
  return {
    name,
    field,
    document: `${kind} ${name}${parenthesised(declared)} { ${field}${parenthesised(passed)}${selectionOf(result.form)} }`,
    result,
  };
}
