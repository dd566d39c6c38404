import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print } from 'graphql';
import { OPERATION } from '../access/operation';
import { printedSchema } from '../../testing/printed-schema';
import { RESOLVERS } from './resolvers';

const FILE = join(__dirname, '..', '..', 'schema.graphql');

test('schema.graphql in git says what the code does', async () => {
  const printed = await printedSchema();
  if (process.env.UPDATE_SCHEMA) writeFileSync(FILE, printed);
  const form = (text: string) => print(parse(text));
  expect(form(readFileSync(FILE, 'utf8'))).toBe(form(printed));
});

test('every operation says who may ask for it and how it counts', async () => {
  const printed = await printedSchema();
  const operations = ['Query', 'Mutation', 'Subscription'].flatMap((type) => {
    const fields = new RegExp(`type ${type} \\{\n([^}]*)\n\\}`).exec(printed)?.[1] ?? '';
    return [...fields.matchAll(/^ {2}(\w+)[(:]/gm)].map(([, name]) => name!);
  });
  expect(operations).toHaveLength(28);
  for (const name of operations) {
    const handler = RESOLVERS.map(({ prototype }) => Reflect.get(prototype, name) as unknown).find(Boolean);
    expect([name, Reflect.getMetadata(OPERATION, handler as object)]).toEqual([
      name,
      expect.objectContaining({ counts: expect.stringMatching(/^(lookup|verification|proving|other)$/) }),
    ]);
  }
});
