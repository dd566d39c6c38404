import { boundedText } from '../check/bounded-text';

/** What the build wrote of itself: `build.json`. */
export interface BuildFacts {
  readonly digest: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Longest list of files that is read, in bytes. */
const LONGEST_BYTES = 1 << 18;

/** @throws Error where there is none, or it is something else */
export async function loadBuildFacts(signal: AbortSignal): Promise<BuildFacts> {
  const response = await fetch('./build.json', { signal });
  const { digest, files } = JSON.parse(
    (await boundedText(response, LONGEST_BYTES)) ?? '',
  ) as Partial<BuildFacts>;
  const isHex = (text: unknown) => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
  if (!isHex(digest) || typeof files !== 'object' || !Object.values(files).every(isHex))
    throw new Error('build.json is none');
  return { digest: digest!, files };
}
