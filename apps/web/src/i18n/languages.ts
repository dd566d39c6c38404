import { en, type Texts } from './en';

/** Languages as they call themselves. Each has a file of its own, loaded when it is chosen. */
export const LANGUAGES = { en: 'English', 'zh-CN': '简体中文', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

export async function textsOf(language: Language): Promise<Texts> {
  switch (language) {
    case 'en':
      return en;
    case 'zh-CN':
      return (await import('./zh-CN')).zhCN;
    case 'es':
      return (await import('./es')).es;
  }
}

/** The first of those that a browser asks for that there is; else English. */
export function preferred(asked: readonly string[]): Language {
  for (const one of asked) {
    const [language] = one.toLowerCase().split('-');
    if (language === 'zh') return 'zh-CN';
    if (language === 'es' || language === 'en') return language;
  }
  return 'en';
}

export function isLanguage(text: unknown): text is Language {
  return typeof text === 'string' && Object.hasOwn(LANGUAGES, text);
}
