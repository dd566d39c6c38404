/** What an exchange says in `solvent-page.json`, beside the page. */
export interface PageConfig {
  /** Its name, as customers know it. */
  readonly name?: string;
  /** A picture beside the page: `logo.svg`. */
  readonly logo?: string;
  /** In place of the page's own blue; states keep their colours. */
  readonly accent?: { readonly light: string; readonly dark: string };
  readonly source: SourceConfig;
  /** The operator's Ed25519 key: 0x and 64 hex digits. */
  readonly operator?: string;
  /** Whether account keys are made of identifiers, which may be typed in then. */
  readonly identifiers: boolean;
  /** Where an address can be looked at, by network: https addresses with `{address}`. */
  readonly explorers?: Readonly<Record<string, string>>;
  /** Where the specification can be read. */
  readonly specification?: string;
}

/** Where proofs come from; addresses are absolute, and end with a slash. */
export type SourceConfig =
  /** A gateway. `sealed`: accounts are looked up in its sealed bundles, and not asked for. */
  | { readonly kind: 'gateway'; readonly address: string; readonly sealed: boolean }
  /** A folder of published files. */
  | { readonly kind: 'files'; readonly address: string };

/** What is wrong with a configuration, for whoever set the page up. */
export class PageConfigError extends Error {}

const KNOWN = [
  'name',
  'logo',
  'accent',
  'api',
  'files',
  'sealed',
  'operator',
  'identifiers',
  'specification',
  'explorers',
];

/**
 * @param text of the file; undefined where there is none: then the gateway is where the page is
 * @param page address of the page
 * @throws PageConfigError naming the member
 */
export function readPageConfig(text: string | undefined, page: string): PageConfig {
  const given = text === undefined ? {} : membersOf(text);
  const unknown = Object.keys(given).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) fail(unknown, `is not known: members are ${KNOWN.join(', ')}`);
  const [name, logo] = [short(given, 'name', 60), short(given, 'logo', 200)];
  if (logo !== undefined && (!isBeside(logo, page) || !/\.(svg|png|webp)$/i.test(logo)))
    fail('logo', 'must be a file beside the page: logo.svg, .png or .webp');
  const operator = short(given, 'operator', 66);
  if (operator !== undefined && !/^0x[0-9a-f]{64}$/.test(operator))
    fail('operator', 'must be 0x and 64 hex digits in lower case');
  const specification = short(given, 'specification', 500);
  if (specification !== undefined && !/^https:\/\//.test(specification))
    fail('specification', 'must be an https address');
  const accent = accentOf(given['accent']);
  const explorers = explorersOf(given['explorers']);
  return {
    ...(name !== undefined && { name }),
    ...(logo !== undefined && { logo }),
    ...(accent && { accent }),
    ...(operator !== undefined && { operator }),
    ...(specification !== undefined && { specification }),
    ...(explorers && { explorers }),
    source: sourceOf(given, page),
    identifiers: flag(given, 'identifiers', true),
  };
}

/** As a browser reads it: a backslash or a line feed can lead to another host, too. */
function isBeside(file: string, page: string): boolean {
  try {
    const [own, there] = [new URL(page), new URL(file, page)];
    return there.protocol === own.protocol && there.host === own.host;
  } catch {
    return false;
  }
}

function sourceOf(given: Readonly<Record<string, unknown>>, page: string): SourceConfig {
  const [api, files] = [short(given, 'api', 500), short(given, 'files', 500)];
  if (api !== undefined && files !== undefined) fail('files', 'and api cannot both be given');
  if (files !== undefined) return { kind: 'files', address: addressOf('files', files, page) };
  const address = addressOf('api', (api ?? './').replace(/graphql\/?$/, ''), page);
  return { kind: 'gateway', address, sealed: flag(given, 'sealed', false) };
}

function addressOf(member: string, text: string, page: string): string {
  let url: URL;
  try {
    url = new URL(text === '' ? './' : text, page);
  } catch {
    return fail(member, 'is no address');
  }
  if (!/^(https?|file):$/.test(url.protocol)) fail(member, 'must be http or https');
  return `${url.origin === 'null' ? 'file://' : url.origin}${url.pathname.replace(/\/?$/, '/')}`;
}

function accentOf(value: unknown): PageConfig['accent'] {
  if (value === undefined) return undefined;
  const pair = typeof value === 'string' ? { light: value, dark: value } : value;
  const { light, dark } = (typeof pair === 'object' && pair !== null ? pair : {}) as Record<string, unknown>;
  const isColour = (colour: unknown): colour is string =>
    typeof colour === 'string' && /^#[0-9a-f]{6}$/i.test(colour);
  if (!isColour(light) || !isColour(dark))
    return fail('accent', 'must be a colour such as #1d4ed8, or { "light": …, "dark": … }');
  return { light, dark };
}

const MOST_EXPLORERS = 300;

function explorersOf(value: unknown): PageConfig['explorers'] {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fail('explorers', 'must be an object: { "bitcoin": "https://…/{address}" }');
  const all = Object.entries(value);
  if (all.length > MOST_EXPLORERS) fail('explorers', `must have at most ${MOST_EXPLORERS} networks`);
  for (const [network, template] of all)
    if (typeof template !== 'string' || template.length > 300 || !isExplorer(template))
      fail('explorers', `of ${network.slice(0, 40)} must be an https address with {address} once in it`);
  return Object.fromEntries(all) as Record<string, string>;
}

function isExplorer(template: string): boolean {
  if (template.split('{address}').length !== 2 || !template.startsWith('https://')) return false;
  try {
    // The address must be no part of whom is asked.
    const [one, other] = ['a', 'b'].map((text) => new URL(template.replace('{address}', text)));
    return one!.origin === other!.origin && one!.username === '';
  } catch {
    return false;
  }
}

function membersOf(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PageConfigError('solvent-page.json is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PageConfigError('solvent-page.json must be an object');
  return value as Readonly<Record<string, unknown>>;
}

function short(given: Readonly<Record<string, unknown>>, member: string, most: number): string | undefined {
  const value = given[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value === '' || value.length > most)
    return fail(member, `must be text of 1 to ${most} characters`);
  return value;
}

function flag(given: Readonly<Record<string, unknown>>, member: string, otherwise: boolean): boolean {
  const value = given[member] ?? otherwise;
  return typeof value === 'boolean' ? value : fail(member, 'must be true or false');
}

function fail(member: string, problem: string): never {
  throw new PageConfigError(`solvent-page.json: ${member} ${problem}`);
}
