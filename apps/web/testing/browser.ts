import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { source as axeSource, type AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** A page with all that a test must know of it. */
export interface Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Lines of its console, and errors that nobody caught. */
  readonly said: string[];
  /** Addresses of all that it asked for, its workers' included. */
  readonly asked: string[];
}

export async function openBrowser(): Promise<Browser> {
  const finder = join(__dirname, '../../../scripts/chromium.mjs');
  const find = `import { chromium } from ${JSON.stringify(`file://${finder}`)}; console.log(chromium());`;
  const program = execFileSync(process.execPath, ['--input-type=module', '-e', find], { encoding: 'utf8' });
  return chromium.launch({ executablePath: program.trim(), args: ['--no-sandbox'] });
}

export async function watch(
  browser: Browser,
  options: NonNullable<Parameters<Browser['newContext']>[0]> = {},
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: 768, height: 900 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const [said, asked]: [string[], string[]] = [[], []];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('dialog', (dialog) => {
    said.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => asked.push(request.url()));
  return { context, page, said, asked };
}

/** What axe finds on a page as it is: nothing, it is hoped. @param rules all of them when left out */
export async function axeViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate(async (only): Promise<AxeResults> => {
    const { axe } = globalThis as unknown as { axe: { run(on: Document, how: object): Promise<AxeResults> } };
    return axe.run(document, {
      resultTypes: ['violations'],
      preload: false,
      ...(only && { runOnly: { type: 'rule', values: only } }),
    });
  }, rules);
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
  );
}

/** Types a key on the first screen, and sends it. */
export async function enter(page: Page, text: string): Promise<void> {
  await page.fill('.key-field', text);
  await page.click('button[type=submit]');
}

/** Step by step its state. */
export async function stepStates(page: Page): Promise<Record<string, string>> {
  await page.waitForSelector('[data-headline]');
  const entries = await page.$$eval('[data-step]', (steps) =>
    steps.map((step) => [step.getAttribute('data-step')!, step.getAttribute('data-state')!] as const),
  );
  return Object.fromEntries(entries);
}

/** A file as somebody chooses it. */
export const asFile = (name: string, content: string | Buffer) => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(content),
});
