import { useEffect } from 'react';
import { contrast } from '../check/contrast';
import type { PageConfig } from '../check/page-config';

type Accent = NonNullable<PageConfig['accent']>;

const GROUNDS = { light: ['#ffffff', '#f5f6f8'], dark: ['#0f1318', '#171c23'] } as const;
const LEAST_CONTRAST = 4.5;

/** An exchange's colour, where it can be read on both of the page's grounds. */
export function useAccent(accent: Accent | undefined): void {
  useEffect(() => {
    if (accent) showAccent(accent);
  }, [accent]);
}

export function showAccent(accent: Accent): void {
  const { style } = document.documentElement;
  for (const theme of ['light', 'dark'] as const)
    if (GROUNDS[theme].every((ground) => contrast(accent[theme], ground) >= LEAST_CONTRAST))
      style.setProperty(`--exchange-accent-${theme}`, accent[theme]);
}
