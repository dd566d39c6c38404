import { createContext, useContext, type ReactNode } from 'react';
import type { CheckTools } from '../check/run-check';
import type { Found } from '../check/found';
import type { Route } from '../check/fragment';
import { capitalised, fill, type Text, type Values } from '../i18n/text';
import type { TextKey, Texts } from '../i18n/en';
import type { Language } from '../i18n/languages';
import { writeDate, writeShortDate, writeTime } from '../i18n/format';
import type { Calls } from '../worker/calls';

/** What every part of the page needs. */
export interface Page extends CheckTools {
  readonly calls: Calls;
  /** Address of the worker, for those that have one of their own. */
  readonly worker: string;
  /** Address of the worker that knows reserves; undefined where the page verifies none. */
  readonly reservesWorker?: string | undefined;
  /** What this page has verified since it was opened. */
  readonly found: Found;
  /** Digest of the page's own build, once it is known. */
  readonly build?: string | undefined;
  readonly language: Language;
  readonly texts: Texts;
  /** The exchange's name. */
  readonly name: string;
  readonly go: (route: Route) => void;
  readonly t: (key: TextKey, values?: Values) => string;
  readonly number: (value: number) => string;
  readonly date: (takenAt: string) => string;
  readonly shortDate: (takenAt: string) => string;
  readonly time: (takenAt: string) => string;
}

const Context = createContext<Page | undefined>(undefined);

export function PageProvider({ page, children }: { readonly page: Page; readonly children: ReactNode }) {
  return <Context.Provider value={page}>{children}</Context.Provider>;
}

export function usePage(): Page {
  const page = useContext(Context);
  if (!page) throw new Error('there is no page around this part of it');
  return page;
}

/** The words of a page in one language. `{name}` is the exchange's everywhere. */
export function wordsOf(language: Language, texts: Texts, given: string | undefined) {
  const name = given ?? fill(texts['page.exchange'], {}, language);
  return {
    ...{ language, texts, name },
    t: writerOf(texts, language, given, name),
    number: (value: number) => new Intl.NumberFormat(language).format(value),
    date: (takenAt: string) => writeDate(takenAt, language),
    shortDate: (takenAt: string) => writeShortDate(takenAt, language),
    time: (takenAt: string) => writeTime(takenAt, language),
  };
}

/** What writes texts of a table. @param given the exchange's name as it was set up; @param name what it is called here */
export function writerOf<K extends string>(
  texts: Readonly<Record<K, Text>>,
  language: Language,
  given: string | undefined,
  name: string,
): (key: K, values?: Values) => string {
  return (key, values = {}) => {
    const text = fill(texts[key], { name, ...values }, language);
    // An exchange writes its own name as it likes; ours for one that has none is a word.
    return given === undefined && text.startsWith(name) ? capitalised(text, language) : text;
  };
}
