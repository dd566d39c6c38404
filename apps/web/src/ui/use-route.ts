import { useEffect, useState } from 'react';
import { fragmentOf, readFragment, type Route } from '../check/fragment';

/**
 * The screen that the address names, and how to go to another. A key that a link brought is taken out of the
 * address, and out of the history, before anything else happens.
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
  const { route, secret } = readFragment(window.location.hash);
  if (secret !== undefined) {
    window.history.replaceState(null, '', fragmentOf(route));
    onSecret(secret);
  }
  return route;
}
