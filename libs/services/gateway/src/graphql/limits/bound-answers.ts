import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  isIntrospectionType,
  isLeafType,
  isListType,
  isObjectType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import type { AnswerBudget } from '../../access/answer-budget';

/** What a value needs beside its own characters: its name, quotes, colon and comma. */
const VALUE_BYTES = 16;

/** A request's context, as far as answers are bounded by it. */
interface Bounded {
  readonly answer?: AnswerBudget;
}

type Field = GraphQLField<unknown, Bounded>;

/**
 * Has each value of an answer taken from its request's budget when it is made. Once that is spent lists are
 * empty and nothing more is asked for; what was made by then is thrown away by whoever checks the budget at the
 * end.
 */
export function boundAnswers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && !isIntrospectionType(type))
      for (const field of Object.values(type.getFields())) {
        const resolve = bounded(field as Field);
        if (resolve) (field as Field).resolve = resolve;
      }
  return schema;
}

function bounded(field: Field): GraphQLFieldResolver<unknown, Bounded> | undefined {
  const list = isListType(getNullableType(field.type));
  const leaf = isLeafType(getNamedType(field.type));
  const resolve = field.resolve ?? defaultFieldResolver;
  if (!leaf && !list && !field.resolve) return undefined;
  return (source, args, context, info) => {
    const { answer } = context;
    if (!answer) return resolve(source, args, context, info);
    if (answer.exceeded && list) return [];
    if (answer.exceeded && !leaf) answer.check();
    const value: unknown = resolve(source, args, context, info);
    if (!leaf) return value;
    if (!(value instanceof Promise)) return counted(value, answer);
    return value.then((settled: unknown) => counted(settled, answer));
  };
}

function counted(value: unknown, answer: AnswerBudget): unknown {
  answer.take(bytesOf(value));
  return value;
}

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return VALUE_BYTES + value.length;
  if (typeof value !== 'object' || value === null || value instanceof Date) return VALUE_BYTES;
  // Of the scalar JSON.
  if (!Array.isArray(value))
    return Object.entries(value).reduce((sum, [name, one]) => sum + name.length + bytesOf(one), VALUE_BYTES);
  return value.reduce((sum: number, one) => sum + bytesOf(one), VALUE_BYTES);
}
