/** What a page shows of a configuration before it is sent; whether it is good, the gateway says. */
export interface RequestConfig {
  /** The file's text, as it is sent. */
  readonly text: string;
  readonly snapshot: string;
  readonly takenAt: string;
  readonly mode: string;
  readonly assets: number;
  readonly operator: string;
}

/** Longest configuration, in characters: what the gateway takes. */
export const LONGEST_CONFIG_BYTES = 1 << 20;

/** @returns undefined for what is no configuration */
export function readRequestConfig(text: string): RequestConfig | undefined {
  if (text.length > LONGEST_CONFIG_BYTES) return undefined;
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const { snapshot, takenAt, mode, assets, operator } = given as Readonly<Record<string, unknown>>;
  const word = (value: unknown) => (typeof value === 'string' ? value.slice(0, 100) : '');
  if (word(snapshot) === '' || word(takenAt) === '') return undefined;
  return {
    text,
    snapshot: word(snapshot),
    takenAt: word(takenAt),
    mode: word(mode),
    assets: Array.isArray(assets) ? assets.length : 0,
    operator: word(operator),
  };
}
