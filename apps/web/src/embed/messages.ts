/**
 * What page and element say to each other with postMessage. The page never tells the site around it what was
 * entered or found; its height alone differs with what it shows.
 */

/** How the page should look, as the site around it wishes. */
export interface Look {
  readonly theme?: 'auto' | 'light' | 'dark';
  readonly language?: string;
  /** Colours such as #0b5d4e, for light and for dark. */
  readonly accent?: { readonly light: string; readonly dark: string };
}

/** From the page: it listens, and so tall it is, in pixels. */
export interface SizeMessage {
  readonly solvent: 'size';
  readonly height: number;
}

/** From the element. */
export interface LookMessage extends Look {
  readonly solvent: 'look';
}

const [LEAST, MOST] = [200, 40_000];
const COLOUR = /^#[0-9a-f]{6}$/i;

/** @returns the height; undefined for whatever else came */
export function readSize(data: unknown): number | undefined {
  const { solvent, height } = membersOf(data);
  if (solvent !== 'size' || typeof height !== 'number' || !Number.isFinite(height)) return undefined;
  return Math.min(MOST, Math.max(LEAST, Math.ceil(height)));
}

/** @returns what of it is well formed; undefined for whatever else came */
export function readLook(data: unknown): Look | undefined {
  const { solvent, theme, language, accent } = membersOf(data);
  if (solvent !== 'look') return undefined;
  const { light, dark } = membersOf(accent);
  const colour = (value: unknown): value is string => typeof value === 'string' && COLOUR.test(value);
  return {
    ...((theme === 'auto' || theme === 'light' || theme === 'dark') && { theme }),
    ...(typeof language === 'string' && language.length <= 20 && { language }),
    ...(colour(light) && colour(dark) && { accent: { light, dark } }),
  };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
