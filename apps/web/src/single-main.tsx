import { createRoot } from 'react-dom/client';
import { createClient } from '@solvent-por/client';
import { Found } from './check/found';
import { SourceError, type Source } from './check/source';
import { preferred, textsOf } from './i18n/languages';
import { Single } from './ui/single';
import { Calls } from './worker/calls';

/** Nothing is fetched: this file's policy would not let it. */
const refused = () => Promise.reject(new SourceError('NOTHING_PUBLISHED', 'this file reaches no network'));
const source: Source = {
  config: { kind: 'files', address: '' },
  exchange: 'file',
  client: createClient({ endpoint: 'https://nowhere.invalid', fetch: refused }),
  ...{ latest: refused, named: refused, list: refused, inclusion: refused, hasReserves: refused },
  address: () => '',
};

/** The worker's program stands in the page, as text. */
function workerAddress(): string {
  const text = document.getElementById('worker')?.textContent ?? '';
  return URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
}

async function start(): Promise<void> {
  const language = preferred(navigator.languages);
  const worker = workerAddress();
  const tools = { source, worker, calls: new Calls(worker), found: new Found(), store: undefined };
  const texts = await textsOf(language);
  createRoot(document.getElementById('root')!).render(<Single tools={tools} first={{ language, texts }} />);
}

void start();
