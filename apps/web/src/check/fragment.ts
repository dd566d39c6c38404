import { readClaimLink, type ClaimAsked } from './claim-request';

/** A screen of the page. The place stands in the fragment, which browsers send to nobody. */
export type Route =
  | { readonly screen: 'start'; readonly snapshot?: string }
  | { readonly screen: 'result'; readonly snapshot: string }
  /** A private claim from the user's own result. */
  | { readonly screen: 'claim'; readonly snapshot: string }
  | { readonly screen: 'mine' }
  | { readonly screen: 'audit' }
  | { readonly screen: 'snapshot'; readonly snapshot: string }
  | { readonly screen: 'about' }
  /** An operator's: one snapshot on its way, or all of them. */
  | { readonly screen: 'follow'; readonly snapshot?: string };

/** What a fragment holds. */
export interface Fragment {
  readonly route: Route;
  /** A key or identifier that a link brought. It is to be taken out of the address at once. */
  readonly secret?: string;
  /** What a partner's link asks the user to show. */
  readonly asked?: ClaimAsked;
}

const LONGEST = 4096;
/** Names that snapshots have. Whatever else stands there, a key in a link that was made wrong say, is never asked for. */
const SNAPSHOT = /^[A-Za-z0-9][\w.-]{0,99}$/;
/** A key alone, where `key=` was left out. */
const BARE_KEY = /^(0x)?[0-9a-f]{64}$/i;

/**
 * Reads `#/…`, or the fragment of a link: `#key=3f9a…`, `#id=alice`, with `&snapshot=nov-2026` where one is
 * meant; or a partner's, `#claim&partner=…` (see `readClaimLink`). Whatever else stands there is the start.
 */
export function readFragment(hash: string): Fragment {
  const text = hash.replace(/^#/, '').slice(0, LONGEST);
  if (text.startsWith('/')) return { route: readRoute(text) };
  if (BARE_KEY.test(text)) return { route: { screen: 'start' }, secret: text };
  const given = new URLSearchParams(text);
  const secret = given.get('key') ?? given.get('id') ?? undefined;
  const snapshot = named(given.get('snapshot'));
  const asked = readClaimLink(given);
  return {
    route: { screen: 'start', ...(snapshot !== undefined && { snapshot }) },
    ...(secret !== undefined && { secret }),
    ...(asked && { asked }),
  };
}

function readRoute(path: string): Route {
  const [, screen, text] = path.split('/').map(decoded);
  const name = named(text);
  switch (screen) {
    case 'check':
      return name ? { screen: 'result', snapshot: name } : { screen: 'start' };
    case 'start':
      return name ? { screen: 'start', snapshot: name } : { screen: 'start' };
    case 'claim':
      return name ? { screen, snapshot: name } : { screen: 'start' };
    case 'mine':
    case 'about':
      return { screen };
    case 'follow':
      return name ? { screen, snapshot: name } : { screen };
    case 'audit':
      return name ? { screen: 'snapshot', snapshot: name } : { screen: 'audit' };
    default:
      return { screen: 'start' };
  }
}

/** The fragment of a screen; it never holds a key. */
export function fragmentOf(route: Route): string {
  switch (route.screen) {
    case 'start':
      return route.snapshot === undefined ? '#/' : `#/start/${encodeURIComponent(route.snapshot)}`;
    case 'result':
      return `#/check/${encodeURIComponent(route.snapshot)}`;
    case 'claim':
      return `#/claim/${encodeURIComponent(route.snapshot)}`;
    case 'follow':
      return route.snapshot === undefined ? '#/follow' : `#/follow/${encodeURIComponent(route.snapshot)}`;
    case 'snapshot':
      return `#/audit/${encodeURIComponent(route.snapshot)}`;
    default:
      return `#/${route.screen}`;
  }
}

function named(text: string | null | undefined): string | undefined {
  return text && SNAPSHOT.test(text) ? text : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
