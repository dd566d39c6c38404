/** A text with places for values, or one for each plural form of its number `n`. */
export type Text = string | { readonly [form in Intl.LDMLPluralRule]?: string };

/** What stands in a text's places. */
export type Values = Readonly<Record<string, string | number>>;

/**
 * A text with its values filled in: numbers as the language writes them, plurals by its rules.
 * @throws RangeError for a place that has no value: it would be seen by somebody
 */
export function fill(text: Text, values: Values, language: string): string {
  const form = typeof text === 'string' ? text : formFor(text, values['n'], language);
  return form.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`a text has no value for {${name}}`);
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
  });
}

/** A text that begins a line or a sentence begins with a capital, where the language has them. */
export function capitalised(text: string, language: string): string {
  const [first = ''] = text;
  return first.toLocaleUpperCase(language) + text.slice(first.length);
}

function formFor(text: Exclude<Text, string>, n: string | number | undefined, language: string): string {
  if (typeof n !== 'number') throw new RangeError('a plural needs a number');
  return text[new Intl.PluralRules(language).select(n)] ?? text.other ?? '';
}
