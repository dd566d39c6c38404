import { buildSchema, execute, parse, type GraphQLSchema } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { AnswerBudget } from '../../access/answer-budget';
import { boundAnswers } from './bound-answers';

/** Lists of lists of texts, and a count of what was made of them. */
function served() {
  const made = { lists: 0, texts: 0 };
  const schema = buildSchema(
    'type Query { page: [Row!]! } type Row { cells: [Cell!]! name: String! } type Cell { text: String! }',
  );
  const row = {
    name: 'row',
    get cells() {
      made.lists++;
      return Array.from({ length: 100 }, () => ({
        get text() {
          made.texts++;
          return 'x'.repeat(984);
        },
      }));
    },
  };
  schema.getQueryType()!.getFields()['page']!.resolve = () => Array.from({ length: 1000 }, () => row);
  return { schema: boundAnswers(schema), made };
}

const QUERY = parse('{ page { name cells { text } } }');

async function plain(schema: GraphQLSchema, contextValue: object): Promise<unknown> {
  return execute({ schema, document: QUERY, contextValue });
}

async function compiled(schema: GraphQLSchema, context: object): Promise<unknown> {
  const query = compileQuery(schema, QUERY);
  if (!isCompiledQuery(query)) throw new Error('not compiled');
  return query.query(undefined, context, {});
}

test.each([
  ['run', plain],
  ['compiled', compiled],
])('an answer that grows too long is made no further: %s', async (_how, run) => {
  const { schema, made } = served();
  const answer = new AnswerBudget(1_000_000);
  await run(schema, { answer });
  expect(answer.exceeded).toBe(true);
  // 100,000 of 1,000 bytes were asked for.
  expect(made.texts).toBeLessThanOrEqual(1200);
  expect(made.lists).toBeLessThanOrEqual(12);
  expect(() => answer.check()).toThrow(
    expect.objectContaining({ code: 'ANSWER_TOO_LARGE', details: { maxBytes: 1_000_000 } }) as Error,
  );
});

test('what fits is as it was, and the text of the answer has the last word', async () => {
  const { schema } = served();
  const answer = new AnswerBudget(200_000_000);
  const { data } = (await plain(schema, { answer })) as { data: { page: unknown[] } };
  expect(data.page).toHaveLength(1000);
  expect(() => answer.check('x'.repeat(1000))).not.toThrow();
  expect(() => new AnswerBudget(999).check('x'.repeat(1000))).toThrow('more than 999 bytes');
});
