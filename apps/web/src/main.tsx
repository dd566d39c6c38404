import { createRoot } from 'react-dom/client';
import { boundedText } from './check/bounded-text';
import { Found } from './check/found';
import { PageConfigError, readPageConfig, type PageConfig } from './check/page-config';
import { openSource } from './check/source';
import { textsOf } from './i18n/languages';
import { fill } from './i18n/text';
import { App } from './ui/app';
import { browserStore, preferencesIn, showTheme } from './ui/preferences';
import { takeFragment } from './ui/use-route';
import { Calls } from './worker/calls';
import reservesWorker from './worker/reserves-worker?worker&url';
import worker from './worker/worker?worker&url';
import './style/page.css';

/** Longest configuration that is read. */
const LONGEST_BYTES = 20_000;

async function start(): Promise<void> {
  // Before anything is asked for: an exchange's server that hangs, or a page set up wrong, would leave it there.
  const brought = takeFragment();
  const preferences = preferencesIn(browserStore(), navigator.languages);
  showTheme(preferences.theme());
  const language = preferences.language();
  const [texts, config] = await Promise.all([textsOf(language), loadConfig()]);
  const root = document.getElementById('root')!;
  if (config instanceof Error) {
    root.replaceChildren(
      sentence('h1', fill(texts['error.title.config'], {}, language)),
      sentence('p', config.message),
    );
    return;
  }
  const source = openSource(config.source);
  const calls = new Calls(worker);
  const given = { config, source, calls, worker, reservesWorker, found: new Found(), preferences };
  createRoot(root).render(<App {...given} brought={brought} first={{ language, texts }} />);
}

/** Where there is no such file, the gateway is where the page is. */
async function loadConfig(): Promise<PageConfig | PageConfigError> {
  const { href } = window.location;
  const page = href.replace(/[?#].*$/s, '');
  try {
    const response = await fetch('./solvent-page.json');
    const text = response.ok ? await boundedText(response, LONGEST_BYTES) : undefined;
    if (response.ok && text === undefined)
      return new PageConfigError(`solvent-page.json must be at most ${LONGEST_BYTES} bytes long`);
    return readPageConfig(text, page);
  } catch (error) {
    if (error instanceof PageConfigError) return error;
    return readPageConfig(undefined, page);
  }
}

function sentence(tag: 'h1' | 'p', text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

void start();
