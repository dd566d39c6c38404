import { useCallback, useEffect, useState } from 'react';
import { problemOf, type Problem } from '../check/problem';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly value: T }
  | { readonly state: 'failed'; readonly problem: Problem };

/**
 * Loads something when what it depends on changes, and lets go of what is late.
 * @param load not called while undefined
 */
export function useLoaded<T>(
  load: ((signal: AbortSignal) => Promise<T>) | undefined,
  on: readonly unknown[],
): readonly [Loaded<T>, () => void] {
  const [held, setHeld] = useState<{ readonly of: readonly unknown[]; readonly loaded: Loaded<T> }>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!load) return;
    const ending = new AbortController();
    setHeld(undefined);
    const setLoaded = (loaded: Loaded<T>) => setHeld({ of: on, loaded });
    load(ending.signal).then(
      (value) => !ending.signal.aborted && setLoaded({ state: 'there', value }),
      (error: unknown) => !ending.signal.aborted && setLoaded({ state: 'failed', problem: problemOf(error) }),
    );
    return () => ending.abort();
  }, [...on, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  // What belongs to something else is not there, not even until the effect has run.
  return [held && isSame(held.of, on) ? held.loaded : LOADING, again];
}

const LOADING = { state: 'loading' } as const;

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, i) => Object.is(one, b[i]));
}
