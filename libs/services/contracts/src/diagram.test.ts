import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUS_ACCESS, BUS_SERVICES, deadLetter, TOPICS } from './index';

const picture = readFileSync(join(__dirname, '../../../../docs/services.svg'), 'utf8');

test('the picture of the services names the topics there are, each once, and no other', () => {
  const drawn = [...picture.matchAll(/solvent\.[a-z.-]+\.v\d+/g)].map(([name]) => name);
  const topics = new Set([...TOPICS.map(({ topic }) => topic), deadLetter.topic]);
  expect(drawn.sort()).toEqual([...topics].sort());
});

test('it draws each topic from who says it to who hears it', () => {
  const drawn = [...picture.matchAll(/data-from="([^"]*)" data-to="([^"]*)">([^<]+)</g)];
  const of = (end: 1 | 2) => (service: string) =>
    drawn.filter((found) => found[end]!.split(' ').includes(service)).map(([, , , topic]) => topic!);
  for (const service of BUS_SERVICES) {
    const { writes, reads } = BUS_ACCESS[service];
    expect({ service, writes: of(1)(service).sort(), reads: of(2)(service).sort() }).toEqual({
      ...{ service, writes: [...writes].sort() },
      reads: reads.map(({ topic }) => topic).sort(),
    });
  }
});
