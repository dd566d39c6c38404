import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { problemOf, type Problem } from '../../check/problem';
import type { Published } from '../../check/source';
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

/** Whose claim it is, and about what. */
interface Account {
  readonly published: Published;
  /** The account's id in this snapshot: 0x and 64 hex digits. */
  readonly id: string;
  readonly access: string;
}

/** One claim in the making; where keys come from is the page's source. */
export function useClaim(calls: Calls, account: Account) {
  const { source, config } = usePage();
  const [run, setRun] = useState<ClaimRun>({ state: 'idle' });
  const turn = useRef(0);
  const asking = useRef<AbortController>(undefined);
  const start = useCallback(
    (file: Uint8Array, wanted: ClaimWanted, byServer: boolean) => {
      const own = ++turn.current;
      const show = (next: ClaimRun) => own === turn.current && setRun(next);
      show({ state: 'running', progress: { step: byServer ? 'server' : 'keys' } });
      const { published, id, access } = account;
      const { manifest } = published;
      const address = `${source.config.address}claims/`;
      const expected = config.operator === undefined ? {} : { expected: config.operator };
      const give = { manifest, file, wanted, address, ...expected };
      const here = () => calls.ask('claim', give, (progress) => show({ state: 'running', progress }));
      const there = async () => {
        const { signal } = (asking.current = new AbortController());
        const began = performance.now();
        const { value, threshold, partner, purpose, challenge } = wanted;
        const { document } = await source.client.proveClaim(
          {
            ...{ snapshotId: published.id, accountId: id, access, partner, purpose, challenge, value },
            ...{ threshold: BigInt(threshold), serverSeesRequest: true },
          },
          { signal },
        );
        show({ state: 'running', progress: { step: 'verifying' } });
        const served = new TextEncoder().encode(document);
        return calls.ask('servedClaim', {
          ...{ ...give, document: served, milliseconds: performance.now() - began },
        });
      };
      (byServer ? there() : here()).then(
        (made) => show({ state: 'made', made, wanted }),
        (error: unknown) => show({ state: 'failed', problem: problemOf(error) }),
      );
    },
    [calls, account, source, config],
  );
  const stop = useCallback(
    (next: 'idle' | 'cancelled') => {
      turn.current++;
      // A proof that has begun ends with its worker alone.
      if (next === 'cancelled') calls.end();
      asking.current?.abort();
      setRun({ state: next });
    },
    [calls],
  );
  return { run, start, stop };
}
