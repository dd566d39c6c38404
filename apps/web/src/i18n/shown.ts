import type { Language } from './languages';
import { shownEn } from './shown.en';
import type { Text } from './text';

export type ShownKey = keyof typeof shownEn;
export type ShownTexts = Readonly<Record<ShownKey, Text>>;

/** Texts of the screen for partners: loaded with it, for nobody else sees it. */
export async function shownTextsOf(language: Language): Promise<ShownTexts> {
  switch (language) {
    case 'en':
      return shownEn;
    case 'zh-CN':
      return (await import('./shown.zh-CN')).shownZhCN;
    case 'es':
      return (await import('./shown.es')).shownEs;
  }
}
