import { useEffect, useState } from 'react';
import { fragmentOf, readFragment, type Route } from '../check/fragment';

/**
 * The screen that the address names, and how to go to another. A key that a link brings is taken out of the
 * address, and out of the history, before anything else happens; the page's own start does the same.
 */
export function useRoute(onSecret: (secret: string) => void): readonly [Route, (route: Route) => void] {
  const [route, setRoute] = useState<Route>(() => taken(onSecret));
  useEffect(() => {
    const changed = () => setRoute(taken(onSecret));
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, [onSecret]);
  return [route, go];
}

function go(route: Route): void {
  const fragment = fragmentOf(route);
  if (window.location.hash !== fragment) window.location.hash = fragment;
  window.scrollTo(0, 0);
}

function taken(onSecret: (secret: string) => void): Route {
  const secret = takeSecret();
  if (secret !== undefined) onSecret(secret);
  return readFragment(window.location.hash).route;
}

/** Takes the key or identifier that a link brought out of the address. @returns what it was */
export function takeSecret(): string | undefined {
  const { route, secret } = readFragment(window.location.hash);
  if (secret !== undefined) window.history.replaceState(null, '', fragmentOf(route));
  return secret;
}
