import { createContext, useContext, useRef, type ReactNode } from 'react';
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
  // What was pasted stays while another language comes.
  const last = useRef<ShownTexts>(undefined);
  if (texts.state === 'there') last.current = texts.value;
  if (last.current) return <Context.Provider value={last.current}>{children}</Context.Provider>;
  return (
    <LoadedView loaded={texts} again={again} waiting={t('claim.shownWait')} title>
      {() => null}
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
