import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { problemOf, type Problem } from '../../check/problem';
import { Calls } from '../../worker/calls';
import type { ClaimMade, ClaimProgress, ClaimWanted } from '../../worker/claims-protocol';
import claimsWorker from '../../worker/claims-worker?worker&url';
import { usePage } from '../page';

export type ClaimRun =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly progress: ClaimProgress }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'made'; readonly made: ClaimMade; readonly wanted: ClaimWanted };

/** The worker that makes claims, for as long as the screen is there. */
export function useClaimsWorker(): Calls {
  const calls = useMemo(() => new Calls(claimsWorker), []);
  useEffect(() => () => calls.end(), [calls]);
  return calls;
}

/** One claim in the making; where keys come from is the page's source. */
export function useClaim(calls: Calls, manifest: string) {
  const { source, config } = usePage();
  const [run, setRun] = useState<ClaimRun>({ state: 'idle' });
  const turn = useRef(0);
  const start = useCallback(
    (file: Uint8Array, wanted: ClaimWanted) => {
      const own = ++turn.current;
      const show = (next: ClaimRun) => own === turn.current && setRun(next);
      show({ state: 'running', progress: { step: 'keys' } });
      const address = `${source.config.address}claims/`;
      const expected = config.operator === undefined ? {} : { expected: config.operator };
      calls
        .ask('claim', { manifest, file, wanted, address, ...expected }, (progress) =>
          show({ state: 'running', progress }),
        )
        .then(
          (made) => show({ state: 'made', made, wanted }),
          (error: unknown) => show({ state: 'failed', problem: problemOf(error) }),
        );
    },
    [calls, manifest, source, config],
  );
  const stop = useCallback(
    (next: 'idle' | 'cancelled') => {
      turn.current++;
      // A proof that has begun ends with its worker alone.
      if (next === 'cancelled') calls.end();
      setRun({ state: next });
    },
    [calls],
  );
  return { run, start, stop };
}
