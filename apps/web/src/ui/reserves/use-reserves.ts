import { useCallback, useEffect, useRef, useState } from 'react';
import type { AddressPage, AddressQuery } from '../../check/address-book';
import { problemOf, type Problem } from '../../check/problem';
import { Calls } from '../../worker/calls';
import type { ReservesProgress, ReservesSource } from '../../worker/protocol';
import { usePage } from '../page';
import { workersHere } from '../use-global';

export type ReservesRun =
  | { readonly state: 'idle' }
  | {
      readonly state: 'running';
      readonly progress: ReservesProgress | undefined;
      /** Milliseconds since it began, at the last progress. */
      readonly passed: number;
    }
  | { readonly state: 'cancelled' }
  /** None are published there. */
  | { readonly state: 'none' }
  | { readonly state: 'done'; readonly milliseconds: number; readonly listed: number }
  | { readonly state: 'failed'; readonly problem: Problem };

/**
 * A verification of reserves in workers of its own, which cancelling ends at once. What came of it is kept for
 * every screen; the lines stay with the worker, to be looked up.
 */
export function useReserves({ manifest, digest }: { readonly manifest: string; readonly digest: string }) {
  const { reservesWorker, config, found, build } = usePage();
  const [run, setRun] = useState<ReservesRun>({ state: 'idle' });
  const calls = useRef<Calls>(undefined);
  useEffect(() => () => calls.current?.end(), []);

  const start = useCallback(
    (source: ReservesSource, blocks: Readonly<Record<string, string>> = {}) => {
      if (reservesWorker === undefined) return;
      calls.current?.end();
      const own = (calls.current = new Calls(reservesWorker));
      const started = performance.now();
      const since = () => performance.now() - started;
      const { operator } = config;
      setRun({ state: 'running', progress: undefined, passed: 0 });
      own
        .ask(
          'reserves',
          {
            ...{ source, manifest, blocks, proved: found.isProved(digest) },
            workers: workersHere(reservesWorker),
            made: {
              at: `${new Date().toISOString().slice(0, 19)}Z`,
              by: `solvent page, build ${build?.slice(0, 16) ?? 'unknown'}`,
            },
            ...(operator !== undefined && { expected: operator }),
          },
          (progress) => calls.current === own && setRun({ state: 'running', progress, passed: since() }),
        )
        .then((got) => {
          if (calls.current !== own) return;
          if (got.kind === 'none') return setRun({ state: 'none' });
          found.keepReserves(digest, got.found);
          setRun({ state: 'done', milliseconds: since(), listed: got.listed });
        })
        .catch((error: unknown) => {
          if (calls.current === own) setRun({ state: 'failed', problem: problemOf(error) });
        });
    },
    [reservesWorker, config.operator, found, build, manifest, digest],
  );

  const cancel = useCallback(() => {
    calls.current?.end();
    calls.current = undefined;
    setRun({ state: 'cancelled' });
  }, []);

  const find = useCallback(
    (query: AddressQuery): Promise<AddressPage> =>
      calls.current?.ask('addresses', query) ?? Promise.resolve({ rows: [], matches: 0, kept: 0, of: 0 }),
    [],
  );

  return { run, start, cancel, find };
}
