import { createContext, useContext, type ReactNode } from 'react';
import { shownTextsOf, type ShownKey, type ShownTexts } from '../../i18n/shown';
import type { Values } from '../../i18n/text';
import { LoadedView } from '../loaded-view';
import { usePage, writerOf } from '../page';
import { useLoaded } from '../use-loaded';

const Context = createContext<ShownTexts | undefined>(undefined);

/** The screen's own texts, in the page's language. */
export function ShownWords({ children }: { readonly children: ReactNode }) {
  const { language, t } = usePage();
  const [texts, again] = useLoaded(() => shownTextsOf(language), [language]);
  return (
    <LoadedView loaded={texts} again={again} waiting={t('claim.shownWait')} title>
      {(loaded) => <Context.Provider value={loaded}>{children}</Context.Provider>}
    </LoadedView>
  );
}

/** What writes them. */
export function useShownWords(): (key: ShownKey, values?: Values) => string {
  const { language, config, name } = usePage();
  const texts = useContext(Context);
  if (!texts) throw new Error('there are no such words around this part of the page');
  return writerOf(texts, language, config.name, name);
}
