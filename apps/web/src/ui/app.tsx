import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { joined, readDropped, type Dropped } from '../check/dropped';
import type { Found } from '../check/found';
import { fragmentOf, type Fragment } from '../check/fragment';
import type { PageConfig } from '../check/page-config';
import type { Published, Source } from '../check/source';
import type { Look } from '../embed/messages';
import type { Texts } from '../i18n/en';
import { isLanguage, textsOf, type Language } from '../i18n/languages';
import type { Calls } from '../worker/calls';
import { About } from './about';
import { Audit } from './audit';
import { loadBuildFacts } from './build-facts';
import { CheckScreen } from './check-screen';
import { useDrop } from './files';
import { Header } from './header';
import { Mine } from './mine';
import { PageProvider, wordsOf, type Page } from './page';
import { Snapshot } from './snapshot';
import { Start } from './start';
import { showTheme, type Preferences } from './preferences';
import { showAccent, useAccent } from './accent';
import { useEmbedded } from './use-embedded';
import { useLoaded } from './use-loaded';
import { useRoute } from './use-route';
import { Waiting } from './waiting';

/** Few ever see it: loaded when it is asked for. */
const Follow = lazy(() => import('./follow/follow'));
const Claims = lazy(() => import('./claims/claims'));
const Shown = lazy(() => import('./claims/shown'));

/** Screens that take what is dropped on them themselves, or nothing. */
const OWN_FILES: readonly string[] = ['snapshot', 'follow', 'claim', 'shown'];

export interface AppProps {
  readonly config: PageConfig;
  readonly source: Source;
  readonly calls: Calls;
  readonly worker: string;
  readonly reservesWorker: string;
  readonly found: Found;
  readonly preferences: Preferences;
  /** What the link to the page brought: a key or identifier, what a partner asks for, a claim. */
  readonly brought: Pick<Fragment, 'secret' | 'asked' | 'shown'>;
  readonly first: { readonly language: Language; readonly texts: Texts };
}

/** The whole page. What a user or operator typed or dropped lives in this component's memory and nowhere else. */
export function App(props: AppProps) {
  const { config, source, calls, worker, reservesWorker, found, preferences, brought, first } = props;
  const [words, setWords] = useState(first);
  const [typed, setTyped] = useState(brought.secret);
  const [pending, setPending] = useState(brought.secret !== undefined);
  const [dropped, setDropped] = useState<Dropped>();
  const [apiKey, setApiKey] = useState<string>();
  const [complaint, setComplaint] = useState<{ problem: string; digits: number }>();
  const [asked, setAsked] = useState(brought.asked);
  const [shown, setShown] = useState(brought.shown);
  const fromLink = useCallback(({ secret, asked: byPartner, shown: claim }: Fragment) => {
    if (byPartner) setAsked(byPartner);
    if (claim !== undefined) setShown(claim);
    if (secret === undefined) return;
    setTyped(secret);
    setPending(true);
  }, []);
  const [route, go] = useRoute(fromLink);
  const chosen = route.screen === 'start' ? route.snapshot : undefined;
  const [published, again] = useLoaded(
    (signal) => (chosen === undefined ? source.latest(signal) : source.named(chosen, signal)),
    [source, chosen],
  );
  const [build] = useLoaded(loadBuildFacts, []);
  const loaded = useRef<Published>(undefined);
  if (published.state === 'there') loaded.current = published.value;

  const digest = build.state === 'there' ? build.value.digest : undefined;
  const page = useMemo<Page>(
    () => ({
      ...{ config, source, calls, worker, reservesWorker, found, build: digest, go },
      store: preferences.store,
      ...wordsOf(words.language, words.texts, config.name),
    }),
    [config, source, calls, worker, reservesWorker, found, digest, go, preferences, words],
  );
  const chooseLanguage = (language: Language) => {
    preferences.keepLanguage(language);
    void textsOf(language).then((texts) => setWords({ language, texts }));
  };
  useEffect(() => {
    document.documentElement.lang = words.language;
    document.title = page.t('page.title');
  }, [words, page]);
  useAccent(config.accent);
  useEmbedded(
    useCallback(({ theme, language, accent }: Look) => {
      if (theme) showTheme(theme);
      if (accent) showAccent(accent);
      // For this visit: what somebody chose for their eyes is theirs.
      if (isLanguage(language)) void textsOf(language).then((texts) => setWords({ language, texts }));
    }, []),
  );
  useFocusOnChange(fragmentOf(route));

  const onFiles = (files: readonly File[]) =>
    void readDropped(files).then((next) => {
      // A manifest may come after the proof that needs it.
      setDropped((before) => joined(before, next));
      setTyped(undefined);
      setComplaint(undefined);
      go({ screen: 'result', snapshot: 'file' });
    });
  const over = useDrop((files) => !OWN_FILES.includes(route.screen) && onFiles(files));
  const check = (text: string) => {
    setTyped(text);
    setComplaint(undefined);
    setDropped(undefined);
    // Who is quicker than the network waits for it.
    if (published.state === 'there') go({ screen: 'result', snapshot: published.value.id });
    else setPending(true);
  };
  // A link that brought a key is a question, too.
  useEffect(() => {
    if (pending && typed !== undefined && published.state === 'there' && route.screen === 'start') {
      setPending(false);
      check(typed);
    }
  }, [pending, typed, published]);

  const start = (note?: string) => (
    <Start
      published={published}
      again={again}
      waiting={pending}
      complaint={complaint}
      note={note}
      initial={complaint ? typed : undefined}
      earlier={chosen !== undefined}
      onCheck={check}
      onFiles={onFiles}
    />
  );
  return (
    <PageProvider page={page}>
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), focusMain())}>
        {page.t('page.skip')}
      </a>
      <Header route={route} preferences={preferences} onLanguage={chooseLanguage} />
      <main id="main" tabIndex={-1}>
        {route.screen === 'start' && start(asked && page.t('claim.asked'))}
        {route.screen === 'result' && (
          <CheckScreen
            key={route.snapshot}
            snapshot={route.snapshot}
            typed={typed}
            dropped={route.snapshot === 'file' ? dropped : undefined}
            loaded={loaded.current}
            onComplaint={(wrong) => {
              setComplaint(wrong);
              go({ screen: 'start' });
            }}
            onTyped={setTyped}
            onFiles={onFiles}
          />
        )}
        {route.screen === 'claim' && (
          <Suspense fallback={<Waiting text={page.t('claim.wait')} title />}>
            <Claims
              key={route.snapshot}
              snapshot={route.snapshot}
              typed={typed}
              loaded={loaded.current}
              asked={asked}
              onTyped={setTyped}
            />
          </Suspense>
        )}
        {route.screen === 'shown' && (
          <Suspense fallback={<Waiting text={page.t('claim.shownWait')} title />}>
            <Shown key={shown} link={shown} />
          </Suspense>
        )}
        {route.screen === 'mine' && <Mine typed={typed} />}
        {route.screen === 'audit' && <Audit />}
        {route.screen === 'snapshot' && <Snapshot key={route.snapshot} id={route.snapshot} />}
        {route.screen === 'about' && <About build={build} />}
        {route.screen === 'follow' && source.config.kind === 'gateway' && (
          <Suspense fallback={<Waiting text={page.t('follow.wait')} title />}>
            <Follow snapshot={route.snapshot} apiKey={apiKey} onKey={setApiKey} />
          </Suspense>
        )}
      </main>
      <footer className="page-footer fine muted">
        <a href={fragmentOf({ screen: 'about' })}>{page.t('nav.about')}</a>
        {published.state === 'there' && published.value.facts.claims && (
          <a href={fragmentOf({ screen: 'shown' })}>{page.t('claim.shownNav')}</a>
        )}
        {source.config.kind === 'gateway' && (
          <a href={fragmentOf({ screen: 'follow' })}>{page.t('follow.nav')}</a>
        )}
        {build.state === 'there' && (
          <span>
            {page.t('footer.build', { digest: build.value.digest.slice(0, 16) })}{' '}
            <a href={fragmentOf({ screen: 'about' })}>{page.t('footer.compare')}</a>
          </span>
        )}
      </footer>
      {over && (
        <div className="drop" aria-hidden="true">
          <p>{page.t('start.drop')}</p>
        </div>
      )}
    </PageProvider>
  );
}

/** Whoever reads by ear is told of a new screen, and goes on from its beginning. */
function useFocusOnChange(place: string): void {
  const before = useRef(place);
  useEffect(() => {
    if (before.current !== place) focusMain();
    before.current = place;
  }, [place]);
}

function focusMain(): void {
  document.getElementById('main')?.focus();
}
