import { readSize, type LookMessage } from './messages';

/** What the page needs, and nothing that reaches the site around it. */
const SANDBOX = [
  ...['allow-scripts', 'allow-same-origin', 'allow-forms', 'allow-downloads', 'allow-modals'],
  ...['allow-popups', 'allow-popups-to-escape-sandbox'],
].join(' ');
const FIRST_HEIGHT = 640;
/** Where this script was loaded from; the page stands beside it. */
const HERE = (document.currentScript as HTMLScriptElement | null)?.src ?? document.baseURI;

/**
 * `<solvent-check src="https://proof.example/">`: the page in a frame of its own, as tall as it is. The site
 * around it cannot look into the frame, so no key that is entered there reaches its scripts, as long as the page
 * comes from another origin than the site.
 *
 * Attributes: `src` (by default where this script is), `snapshot`, `lang`, `theme` (auto, light, dark), `accent`
 * and `accent-dark` (#rrggbb), `label` (what screen readers call the frame).
 */
class SolventCheck extends HTMLElement {
  static readonly observedAttributes = ['src', 'snapshot', 'lang', 'theme', 'accent', 'accent-dark', 'label'];
  readonly #root = this.attachShadow({ mode: 'closed' });
  readonly #frame = document.createElement('iframe');
  #origin = '';
  /** Whether the page that is loaded knows how to look. */
  #told = false;

  constructor() {
    super();
    const frame = this.#frame;
    frame.setAttribute('referrerpolicy', 'no-referrer');
    frame.setAttribute('allow', 'clipboard-write');
    // One by one: a site's policy may forbid style in attributes.
    Object.assign(frame.style, { display: 'block', width: '100%', border: '0', height: `${FIRST_HEIGHT}px` });
  }

  connectedCallback(): void {
    this.style.display ||= 'block';
    window.addEventListener('message', this.#heard);
    this.#load();
  }

  disconnectedCallback(): void {
    window.removeEventListener('message', this.#heard);
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    // Attributes that were there from the beginning come before there is a frame.
    if (this.#origin === '' || before === now) return;
    if (name === 'src' || name === 'snapshot') this.#load();
    else if (this.#told) this.#tell();
  }

  #load(): void {
    const address = new URL(this.getAttribute('src') ?? './', HERE);
    if (!/^https?:$/.test(address.protocol)) throw new TypeError('src must be http or https');
    const snapshot = this.getAttribute('snapshot');
    address.hash = snapshot === null ? '#/' : `#/start/${encodeURIComponent(snapshot)}`;
    this.#origin = address.origin;
    this.#told = false;
    this.#frame.title = this.getAttribute('label') ?? 'Solvent';
    this.#frame.src = address.href;
    // After its address, or browsers warn of what holds for a page of this very site.
    this.#frame.setAttribute('sandbox', SANDBOX);
    if (!this.#frame.isConnected) this.#root.append(this.#frame);
  }

  /** From this frame alone, and only while the page that was named is in it. */
  readonly #heard = ({ source, origin, data }: MessageEvent<unknown>): void => {
    if (source !== this.#frame.contentWindow || origin !== this.#origin) return;
    const height = readSize(data);
    if (height === undefined) return;
    this.#frame.style.height = `${height}px`;
    // The first one says that the page listens.
    if (!this.#told) this.#tell();
  };

  #tell(): void {
    this.#told = true;
    const of = (name: string) => this.getAttribute(name) ?? undefined;
    const [theme, language, light] = [of('theme'), of('lang'), of('accent')];
    const message = {
      solvent: 'look',
      ...(theme !== undefined && { theme }),
      ...(language !== undefined && { language }),
      ...(light !== undefined && { accent: { light, dark: of('accent-dark') ?? light } }),
    };
    this.#frame.title = of('label') ?? 'Solvent';
    this.#frame.contentWindow?.postMessage(message as LookMessage, this.#origin);
  }
}

if (!customElements.get('solvent-check')) customElements.define('solvent-check', SolventCheck);
