import { useCallback, useEffect, useRef, useState } from 'react';
import { problemOf, type Problem } from '../check/problem';
import { expectedOperator } from '../check/run-check';
import { Calls } from '../worker/calls';
import type { GlobalProgress, GlobalReport, GlobalSource } from '../worker/protocol';
import { usePage } from './page';

export type GlobalRun =
  | { readonly state: 'idle' }
  | {
      readonly state: 'running';
      readonly progress: GlobalProgress | undefined;
      /** Milliseconds since it began, at the last progress. */
      readonly passed: number;
    }
  | { readonly state: 'cancelled' }
  | { readonly state: 'done'; readonly report: GlobalReport; readonly milliseconds: number }
  | { readonly state: 'failed'; readonly problem: Problem };

/**
 * Workers at lines: one core is left to whoever looks at the page. A worker that was made from text, in a file on
 * disk, may make no others: it does all itself.
 */
export function workersHere(worker: string): number {
  if (worker.startsWith('blob:')) return 0;
  return Math.max(1, Math.min(8, (navigator.hardwareConcurrency || 2) - 1));
}

/** A verification of a whole global proof in workers of its own, which cancelling ends at once. */
export function useGlobal(manifest: string | undefined) {
  const { worker, config, source: from, store, found } = usePage();
  const [run, setRun] = useState<GlobalRun>({ state: 'idle' });
  const calls = useRef<Calls>(undefined);
  useEffect(() => () => calls.current?.end(), []);

  const start = useCallback(
    (source: GlobalSource) => {
      calls.current?.end();
      const own = (calls.current = new Calls(worker));
      const started = performance.now();
      const since = () => performance.now() - started;
      const expected = expectedOperator({ config, source: from, store });
      setRun({ state: 'running', progress: undefined, passed: 0 });
      own
        .ask(
          'global',
          {
            source,
            workers: workersHere(worker),
            ...(expected !== undefined && { expected }),
            ...(manifest !== undefined && { manifest }),
          },
          (progress) => calls.current === own && setRun({ state: 'running', progress, passed: since() }),
        )
        .then((report) => {
          if (report.outcome === 'holds') found.prove(report.snapshot.digest);
          setRun({ state: 'done', report, milliseconds: since() });
        })
        .catch((error: unknown) => {
          if (calls.current !== own) return;
          // A file that is cut off or changed is none of the source's failures.
          setRun({ state: 'failed', problem: problemOf(error) });
        })
        .finally(() => own.end());
    },
    [worker, config, from, store, found, manifest],
  );

  const cancel = useCallback(() => {
    const own = calls.current;
    calls.current = undefined;
    own?.end();
    setRun({ state: 'cancelled' });
  }, []);

  return { run, start, cancel };
}
