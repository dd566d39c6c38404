import { useState } from 'react';
import { fragmentOf, type Route } from '../check/fragment';
import { isLanguage, LANGUAGES, type Language } from '../i18n/languages';
import { usePage } from './page';
import type { Preferences, Theme } from './preferences';

const SCREENS = ['start', 'audit'] as const;

/** The house, the parts of the page, language and colours. */
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
  const chosen = route.screen === 'audit' || route.screen === 'snapshot' ? 'audit' : 'start';
  return (
    <header className="page-header">
      <a className="house" href="#/" aria-label={t('nav.home')}>
        {config.logo === undefined ? <Sign /> : <img src={config.logo} alt="" height="28" />}
        <span>{name}</span>
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
        <select
          aria-label={t('theme.label')}
          value={theme}
          onChange={({ currentTarget: { value } }) => {
            preferences.keepTheme(value as Theme);
            setTheme(value as Theme);
          }}
        >
          {(['auto', 'light', 'dark'] as const).map((one) => (
            <option key={one} value={one}>
              {t(`theme.${one}`)}
            </option>
          ))}
        </select>
      </div>
    </header>
  );
}

/** In place of a house's own sign: a sum, half of it seen. */
function Sign() {
  return (
    <svg viewBox="0 0 28 28" width="28" height="28" aria-hidden="true" className="sign">
      <circle cx="14" cy="14" r="11.5" className="sign-ring" />
      <path d="M14 2.5a11.5 11.5 0 0 0 0 23z" className="sign-half" />
    </svg>
  );
}
