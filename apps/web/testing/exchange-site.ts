import type { IncomingMessage, ServerResponse } from 'node:http';
import { LocalServer } from './local-server';

/** A site of an exchange, of another origin than the page, with a policy as strict as they come. */
export class ExchangeSite extends LocalServer {
  /** @param page address of the page, with a slash at the end; @param attributes of the element */
  constructor(
    private readonly page: string,
    private readonly attributes: string,
  ) {
    super();
  }

  protected answer(_: IncomingMessage, response: ServerResponse): void {
    const { origin } = new URL(this.page);
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-security-policy': `default-src 'none'; script-src ${origin}; frame-src ${origin}; require-trusted-types-for 'script'`,
    }).end(`<!doctype html><html lang="en"><head><title>Example Exchange</title>
<script src="${this.page}solvent-check.js" defer></script></head>
<body><main><h1>Example Exchange</h1><solvent-check ${this.attributes}></solvent-check></main></body></html>`);
  }
}
