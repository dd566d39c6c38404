import type { Browser } from 'playwright-core';
import { openBrowser, watch, type Watched } from './browser';
import type { StaticHost } from './static-host';

/** A browser, and a host of files that listens. */
export interface GivenHost {
  readonly browser: Browser;
  readonly host: StaticHost;
  readonly url: string;
}

/**
 * For a whole file of tests: a browser and a plain host. After each test what was visited is closed, and the host
 * is honest again.
 *
 * @param make the host, which doesn't listen yet
 * @returns what opens pages, there or nowhere yet
 */
export function givenStaticHost(make: () => Promise<StaticHost>, given: (made: GivenHost) => void) {
  let browser: Browser | undefined;
  let made: GivenHost | undefined;
  const open: Watched[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    const host = await make();
    made = { browser, host, url: await host.listen() };
    given(made);
  });
  afterEach(async () => {
    if (made) made.host.change = undefined;
    await Promise.all(open.splice(0).map(({ context }) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    made?.host.close();
  });

  /** A page that is nowhere yet. */
  async function fresh(options: Parameters<typeof watch>[1] = {}): Promise<Watched> {
    const watched = await watch(made!.browser, options);
    open.push(watched);
    return watched;
  }

  async function visit(fragment = '', options: Parameters<typeof watch>[1] = {}): Promise<Watched> {
    const watched = await fresh(options);
    await watched.page.goto(made!.url + fragment);
    return watched;
  }

  return { fresh, visit };
}
