import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';
import { operations, progressOperation } from './operations';
import type { Form } from './shape';

const schema = buildSchema(readFileSync(join(__dirname, '../../../services/gateway/schema.graphql'), 'utf8'));

/** Scalars of the schema that are read as each kind of leaf. */
const SCALARS: Readonly<Record<string, readonly string[]>> = {
  text: ['String', 'ID', 'DateTime'],
  integer: ['Int'],
  number: ['Float', 'Int'],
  flag: ['Boolean'],
  json: ['JSON'],
};

/** Where a form does not fit the type that the schema gives. */
function misfits(form: Form, type: GraphQLOutputType, path: string): string[] {
  if (!isNonNullType(type))
    return form.kind === 'nullable' ? inner(form.of, type, path) : [`${path} may be null: ${String(type)}`];
  if (form.kind === 'nullable') return [`${path} is never null`];
  return inner(form, getNullableType(type), path);
}

function inner(form: Form, type: GraphQLOutputType, path: string): string[] {
  const no = [`${path} is ${String(type)}, not ${form.kind}`];
  switch (form.kind) {
    case 'list':
      return isListType(type) ? misfits(form.of, type.ofType as GraphQLOutputType, `${path}[]`) : no;
    case 'oneOf': {
      if (!isEnumType(type)) return no;
      const names = type.getValues().map(({ name }) => name);
      return names.sort().join() === [...form.values].sort().join()
        ? []
        : [`${path} is one of ${names.join()}`];
    }
    case 'fields': {
      if (!isObjectType(type)) return no;
      const known = type.getFields();
      return Object.entries(form.fields).flatMap(([name, below]) =>
        known[name] ? misfits(below, known[name].type, `${path}.${name}`) : [`${path}.${name} is unknown`],
      );
    }
    case 'nullable':
      return no;
    default:
      return SCALARS[form.kind]!.includes(String(type)) ? [] : no;
  }
}

const all = [...Object.values(operations), progressOperation];

const ROOTS: Readonly<Record<string, GraphQLObjectType | null | undefined>> = {
  query: schema.getQueryType(),
  mutation: schema.getMutationType(),
  subscription: schema.getSubscriptionType(),
};

it('has operations', () => expect(all.length).toBeGreaterThan(10));

describe.each(all.map((operation) => [operation.field, operation] as const))('%s', (field, operation) => {
  it('asks for what the gateway has', () => {
    expect(validate(schema, parse(operation.document)).map(({ message }) => message)).toEqual([]);
  });

  it('reads it as the gateway answers it', () => {
    const root = ROOTS[operation.document.split(' ')[0]!]!;
    expect(misfits(operation.result.form, root!.getFields()[field]!.type, field)).toEqual([]);
  });
});

it('would notice a difference', () => {
  const { type } = schema.getQueryType()!.getFields()['snapshot']!;
  const form = (fields: Record<string, Form>): Form => ({ kind: 'nullable', of: { kind: 'fields', fields } });
  expect(misfits(form({ id: { kind: 'integer' } }), type, 's')).toHaveLength(1);
  expect(misfits(form({ lost: { kind: 'text' } }), type, 's')).toEqual(['s.lost is unknown']);
  expect(misfits(form({ unit: { kind: 'text' } }), type, 's')).toEqual(['s.unit may be null: String']);
});
