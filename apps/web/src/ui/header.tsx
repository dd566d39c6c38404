import { useState } from 'react';
import { fragmentOf, type Route } from '../check/fragment';
import { isLanguage, LANGUAGES, type Language } from '../i18n/languages';
import { capitalised } from '../i18n/text';
import { usePage } from './page';
import type { Preferences, Theme } from './preferences';

const SCREENS = ['start', 'audit'] as const;
/** Neither of them: what stands in the footer. */
const PART_OF: Readonly<Record<Route['screen'], (typeof SCREENS)[number] | undefined>> = {
  ...{ start: 'start', result: 'start', claim: 'start', mine: 'start', audit: 'audit', snapshot: 'audit' },
  ...{ about: undefined, follow: undefined, shown: undefined },
};
/** One press after another. */
const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

/** The exchange, the parts of the page, language and colours. */
export function Header({
  route,
  preferences,
  onLanguage,
}: {
  readonly route: Route;
  readonly preferences: Preferences;
  readonly onLanguage: (language: Language) => void;
}) {
  const { t, config, name, language } = usePage();
  const [theme, setTheme] = useState(preferences.theme);
  const chosen = PART_OF[route.screen];
  return (
    <header className="page-header">
      <a className="exchange" href="#/" aria-label={t('nav.home')}>
        {config.logo === undefined ? <Sign /> : <img src={config.logo} alt="" height="28" />}
        <span>{config.name ?? capitalised(name, language)}</span>
      </a>
      <nav aria-label={t('nav.label')}>
        {SCREENS.map((screen) => (
          <a
            key={screen}
            href={fragmentOf({ screen })}
            {...(chosen === screen && { 'aria-current': 'true' as const })}
          >
            {t(`nav.${screen}`)}
          </a>
        ))}
      </nav>
      <div className="choices">
        <span className="language">
          <span aria-hidden="true">{language.slice(0, 2).toUpperCase()}</span>
          <select
            aria-label={t('language.label')}
            value={language}
            onChange={({ currentTarget: { value } }) => isLanguage(value) && onLanguage(value)}
          >
            {Object.entries(LANGUAGES).map(([code, own]) => (
              <option key={code} value={code} lang={code}>
                {own}
              </option>
            ))}
          </select>
        </span>
        <button
          type="button"
          className="theme"
          aria-label={`${t('theme.label')}: ${t(`theme.${theme}`)}`}
          title={t(`theme.${theme}`)}
          onClick={() => {
            const next = NEXT[theme];
            preferences.keepTheme(next);
            setTheme(next);
          }}
        >
          <ThemeSign theme={theme} />
        </button>
      </div>
    </header>
  );
}

/** In place of an exchange's own sign: a sum, half of it seen. */
function Sign() {
  return (
    <svg viewBox="0 0 28 28" width="28" height="28" aria-hidden="true" className="sign">
      <circle cx="14" cy="14" r="11.5" className="sign-ring" />
      <path d="M14 2.5a11.5 11.5 0 0 0 0 23z" className="sign-half" />
    </svg>
  );
}

function ThemeSign({ theme }: { readonly theme: Theme }) {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" className="theme-sign">
      {theme === 'dark' ? (
        <path d="M15.6 12.2A6.4 6.4 0 0 1 7.8 4.4a6.4 6.4 0 1 0 7.8 7.8z" />
      ) : (
        <circle cx="10" cy="10" r="4" />
      )}
      {theme === 'auto' && <path d="M10 6a4 4 0 0 0 0 8z" className="theme-half" />}
      {theme !== 'dark' && (
        <path d="M10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M4.2 15.8l1.4-1.4M14.4 5.6l1.4-1.4" />
      )}
    </svg>
  );
}
