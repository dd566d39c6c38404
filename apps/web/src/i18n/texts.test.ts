import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { en as page } from './en';
import { writeBytes } from './format';
import { LANGUAGES, preferred, textsOf as textsOfPage, type Language } from './languages';
import { shownTextsOf } from './shown';
import { shownEn } from './shown.en';
import { capitalised, fill, type Text } from './text';

/** Those of the screen for partners are a table of their own. */
const en = { ...page, ...shownEn };
const KEYS = Object.keys(en) as (keyof typeof en)[];
const textsOf = async (language: Language) => ({
  ...(await textsOfPage(language)),
  ...(await shownTextsOf(language)),
});
const OTHERS = (Object.keys(LANGUAGES) as Language[]).filter((language) => language !== 'en');
const forms = (text: Text) => (typeof text === 'string' ? [text] : Object.values(text));
const places = (form: string) =>
  [...new Set([...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();

test.each(OTHERS)('%s has every text, and each the values of the English one', async (language) => {
  const texts = await textsOf(language);
  expect(Object.keys(texts).sort()).toEqual([...KEYS].sort());
  for (const key of KEYS) {
    expect([key, forms(texts[key]).every((form) => form.trim() !== '')]).toEqual([key, true]);
    const wanted = places(forms(en[key]).at(-1)!);
    // A plural's number may go unsaid: its form says it.
    for (const form of forms(texts[key]))
      expect([key, places(form).filter((name) => name !== 'n')]).toEqual([
        key,
        wanted.filter((name) => name !== 'n'),
      ]);
  }
});

test.each(Object.keys(LANGUAGES) as Language[])(
  '%s has each plural form that its rules ask for',
  async (language) => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    const texts = await textsOf(language);
    for (const key of KEYS) {
      const text = texts[key];
      if (typeof text === 'string') continue;
      const missing = pluralCategories.filter((form) => text[form] === undefined);
      expect([key, missing]).toEqual([key, []]);
    }
  },
);

test('no text is left untranslated, but names of files', async () => {
  for (const language of OTHERS) {
    const texts = await textsOf(language);
    const same = KEYS.filter((key) => JSON.stringify(texts[key]) === JSON.stringify(en[key]));
    expect(same.sort()).toEqual(
      expect.arrayContaining(['audit.global', 'audit.manifest', 'more.singleLink'].sort()),
    );
    expect(
      same.filter(
        (key) =>
          !/^(audit\.(global|manifest)|more\.singleLink|balance\.no|chart\.point|totals\.bar)$/.test(key),
      ),
    ).toEqual([]);
  }
});

/** Keys that are put together: `state.${state}`. */
const MADE =
  /^(state|step|fact|error\.(title|text)|input|wait|headline|theme|nav|audit\.link|balance|claim\.(wrong|failed|step|hides)|shown\.failed|follow\.(state|stage|live)|reserves\.(reason|level|class|verdict|check|not|refused|prices|(un)?confirmed))(\.|$)/;

test('every text is used by the page, and every text that it names is there', () => {
  const source = sources(join(__dirname, '..')).join('\n');
  const unused = KEYS.filter((key) => !MADE.test(key) && !source.includes(`'${key}'`));
  expect(unused).toEqual([]);
  const named = [...source.matchAll(/\b(?:t|say)\('([a-z]+\.[\w.-]+)'/gi)].map(([, key]) => key!);
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((key) => !Object.hasOwn(en, key))).toEqual([]);
});

test('a step has a sentence for each outcome that the checks can give it', () => {
  const source = sources(join(__dirname, '../check')).join('\n');
  for (const why of [...source.matchAll(/said\('(\w+)', '(\w+)'/g)])
    expect(KEYS).toContain(`step.signature.${why[1]}.${why[2]}`);
});

test('numbers and plurals are written as the language does', () => {
  expect(fill(en['start.bound'], { n: 1 }, 'en')).toBe('Up to 1 account');
  expect(fill(en['start.bound'], { n: 12_240 }, 'en')).toBe('Up to 12,240 accounts');
  expect(fill({ one: '{n} lote', other: '{n} lotes' }, { n: 12_240 }, 'es')).toBe('12.240 lotes');
  expect(() => fill('for {name}', {}, 'en')).toThrow('{name}');
  expect(capitalised('la plataforma', 'es')).toBe('La plataforma');
  expect(capitalised('', 'es')).toBe('');
});

test('sizes are written in thousands of bytes, as the language does', () => {
  expect([0, 191, 4_900_000, 2.5e15].map((bytes) => writeBytes(bytes, 'en'))).toEqual([
    ...['0 kB', '0.2 kB', '4.9 MB', '2,500 TB'],
  ]);
  expect(writeBytes(4_900_000, 'es')).toBe('4,9 MB');
});

test('a browser gets the first language that there is', () => {
  expect(preferred(['fr-FR', 'es-MX', 'en'])).toBe('es');
  expect(preferred(['zh-Hant-TW'])).toBe('zh-CN');
  expect(preferred(['fr'])).toBe('en');
  expect(preferred([])).toBe('en');
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name))
    .filter((entry) => !(entry.parentPath ?? entry.path).endsWith('i18n'))
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'));
}
