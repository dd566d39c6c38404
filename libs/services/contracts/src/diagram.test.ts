import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deadLetter, TOPICS } from './index';

const picture = readFileSync(join(__dirname, '../../../../docs/services.svg'), 'utf8');

test('the picture of the services names the topics there are, each once, and no other', () => {
  const drawn = [...picture.matchAll(/solvent\.[a-z.-]+\.v\d+/g)].map(([name]) => name);
  const topics = new Set([...TOPICS.map(({ topic }) => topic), deadLetter.topic]);
  expect(drawn.sort()).toEqual([...topics].sort());
});
