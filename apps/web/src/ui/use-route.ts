import { useEffect, useState } from 'react';
import { fragmentOf, readFragment, type Fragment, type Route } from '../check/fragment';

/**
 * The screen that the address names, and how to go to another. A key that a link brings is taken out of the
 * address, and out of the history, before anything else happens; so is what a partner's link asks for, and a
 * claim that one shows. The page's own start does the same.
 */
export function useRoute(onBrought: (brought: Fragment) => void): readonly [Route, (route: Route) => void] {
  const [route, setRoute] = useState<Route>(() => taken(onBrought));
  useEffect(() => {
    const changed = () => setRoute(taken(onBrought));
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, [onBrought]);
  return [route, go];
}

function go(route: Route): void {
  const fragment = fragmentOf(route);
  if (window.location.hash !== fragment) window.location.hash = fragment;
  window.scrollTo(0, 0);
}

function taken(onBrought: (brought: Fragment) => void): Route {
  const brought = takeFragment();
  if (isBrought(brought)) onBrought(brought);
  return brought.route;
}

/** What the address says; the key or identifier, the question or the claim that a link brought are taken out of it. */
export function takeFragment(): Fragment {
  const fragment = readFragment(window.location.hash);
  if (isBrought(fragment)) window.history.replaceState(null, '', fragmentOf(fragment.route));
  return fragment;
}

function isBrought({ secret, asked, shown }: Fragment): boolean {
  return secret !== undefined || asked !== undefined || shown !== undefined;
}
