import { join } from 'node:path';
import { checkSync } from 'recheck';
import { patternsOf, shippedPatterns } from './patterns';

const root = join(__dirname, '../../../..');

/**
 * What takes quadratic time, and is only ever given a text that was measured before: so many characters at
 * most. Anything else is to be written so that no text makes it slow.
 */
const BOUNDED: ReadonlyArray<readonly [file: string, source: RegExp, most: number]> = [
  // MAX_NUMBER_CHARACTERS
  ['libs/packages/snapshot/readers/src/number-forms.ts', /./, 256],
  // MAX_IDENTIFIER_BYTES
  ['libs/packages/snapshot/src/weak-identifier.ts', /./, 1024],
];
/** Put together from words alone, nothing of which is repeated. */
const COMPUTED = ['libs/packages/snapshot/src/total-row.ts'];
/** Within this a quadratic pattern takes a few milliseconds. */
const MOST_CHARACTERS = 1024;

/** The verdict of recheck's automaton or, where there is none, of its search for a bad text. */
function verdict(source: string, flags: string) {
  const found = checkSync(source, flags, { timeout: 60_000 });
  return {
    status: found.status,
    growth: found.status === 'vulnerable' ? found.complexity.summary : 'unknown',
  };
}

test('no text makes a regular expression slow: all that ships take linear time, or texts of few characters', () => {
  const found = shippedPatterns(root);
  expect(found.length).toBeGreaterThan(200);
  const used = new Set<unknown>();
  const verdicts = new Map<string, ReturnType<typeof verdict>>();
  expect(found.filter(({ source }) => source === undefined).map(({ file }) => file)).toEqual(COMPUTED);
  const slow = found.flatMap(({ file, source, flags }) => {
    if (source === undefined) return [];
    const written = `/${source}/${flags}`;
    const { status, growth } = verdicts.get(written) ?? verdict(source, flags);
    verdicts.set(written, { status, growth });
    if (status === 'safe') return [];
    const bounded = BOUNDED.find(([name, pattern]) => name === file && pattern.test(source));
    used.add(bounded);
    return bounded && /^2nd degree polynomial/.test(growth) ? [] : [`${file} ${written}: ${growth}`];
  });
  expect(slow).toEqual([]);
  for (const exception of BOUNDED) {
    expect(used).toContain(exception);
    expect(exception[2]).toBeLessThanOrEqual(MOST_CHARACTERS);
  }
});

test('a pattern that a GET of 15 KB made take seconds is found out', () => {
  const [pattern] = patternsOf('a.ts', String.raw`/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*):[^\s@/"]*@/gi`);
  expect(verdict(pattern!.source!, pattern!.flags).status).toBe('vulnerable');
});

test('patterns in a text are found too; what is put together while the program runs is told', () => {
  expect(patternsOf('a.ts', "const A = '[0-9]'; const B = new RegExp(`^(${A})+$`, 'g');")).toEqual([
    { file: 'a.ts', source: '^([0-9])+$', flags: 'g' },
  ]);
  expect(patternsOf('a.ts', 'new RegExp(given)')).toEqual([{ file: 'a.ts', source: undefined, flags: '' }]);
});
