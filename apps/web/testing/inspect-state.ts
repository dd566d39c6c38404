import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { axeViolations } from './browser';

/** Where pictures of every state are drawn, for whoever wants to look at them: `PAGE_PICTURES=/tmp/states`. */
const folder = process.env['PAGE_PICTURES'];
const WIDTHS = [360, 768, 1440];
/** Themes differ in colours alone. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** A state of the page as people see it: axe finds nothing in it, in both themes, and nothing scrolls sideways. */
export async function inspectState(page: Page, state: string): Promise<void> {
  const found: string[] = [];
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate((chosen) => (document.documentElement.dataset['theme'] = chosen), theme);
    found.push(...(await axeViolations(page, theme === 'light' ? undefined : OF_COLOURS)));
    if (folder !== undefined) await draw(page, `${state}-${theme}`, folder);
  }
  await page.evaluate(() => (document.documentElement.dataset['theme'] = 'auto'));
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect([state, found, sideways <= 0]).toEqual([state, [], true]);
}

async function draw(page: Page, name: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  const before = page.viewportSize()!;
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 768 ? 740 : 900 });
    await page.screenshot({ path: join(to, `${name}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize(before);
}
