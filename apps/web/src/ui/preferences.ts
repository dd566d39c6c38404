import type { Store } from '../check/memory';
import { isLanguage, preferred, type Language } from '../i18n/languages';

export type Theme = 'auto' | 'light' | 'dark';

/** What somebody chose for their eyes: kept in this browser. */
export interface Preferences {
  readonly store: Store | undefined;
  language(): Language;
  keepLanguage(language: Language): void;
  theme(): Theme;
  keepTheme(theme: Theme): void;
}

const [LANGUAGE, THEME] = ['solvent.language', 'solvent.theme'];

/** @param store undefined where a browser keeps nothing: then each visit is a first one */
export function preferencesIn(store: Store | undefined, asked: readonly string[]): Preferences {
  const kept = (name: string): string | null => {
    try {
      return store?.getItem(name) ?? null;
    } catch {
      return null;
    }
  };
  const keep = (name: string, value: string): void => {
    try {
      store?.setItem(name, value);
    } catch {
      // It holds for this visit.
    }
  };
  return {
    store,
    language: () => {
      const language = kept(LANGUAGE);
      return isLanguage(language) ? language : preferred(asked);
    },
    keepLanguage: (language) => keep(LANGUAGE, language),
    theme: () => {
      const theme = kept(THEME);
      return theme === 'light' || theme === 'dark' ? theme : 'auto';
    },
    keepTheme: (theme) => {
      keep(THEME, theme);
      showTheme(theme);
    },
  };
}

export function showTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
}

/** The browser's own store; undefined where it may not be touched. */
export function browserStore(): Store | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
