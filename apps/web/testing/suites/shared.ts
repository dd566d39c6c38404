import { apiKeyText } from '@solvent-por/client';
import type { watch, Watched } from '../browser';
import type { Proxy } from '../proxy';
import type { RunningServices } from '../running-services';

/** A key in the right form that no gateway gave out. */
export const UNKNOWN_KEY = apiKeyText({ id: '0'.repeat(16), secret: 'A'.repeat(43) });

/** What runs once for all suites of the page: services are there when a test begins. */
export interface SharedPage {
  /** Opens the page, through the proxy; it is closed after the test. */
  visit(fragment?: string, options?: Parameters<typeof watch>[1]): Promise<Watched>;
  /** The proof of an account, as the page would get it. */
  proofOf(accountKey: string): Promise<string>;
  proxy(): Proxy;
  services(): RunningServices;
  /** Of an account in the newest snapshot. */
  key(): string;
  /** Text of the newest snapshot's manifest. */
  manifest(): string;
}
