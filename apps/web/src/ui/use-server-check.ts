import type { GlobalVerification } from '@solvent-por/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { usePage } from './page';

/** Milliseconds between two questions how far the server is. */
const ASK_EVERY_MS = 700;

export type ServerCheck =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly done: number; readonly of: number }
  | { readonly state: 'done'; readonly verification: GlobalVerification }
  | { readonly state: 'failed'; readonly error: unknown };

/** Has the server verify a whole snapshot. Nothing of the user is sent; what it says is its word. */
export function useServerCheck(snapshot: string): ServerCheck & { readonly start: () => void } {
  const { source } = usePage();
  const [check, setCheck] = useState<ServerCheck>({ state: 'idle' });
  const ending = useRef<AbortController>(undefined);
  useEffect(() => () => ending.current?.abort(), []);
  const start = useCallback(() => {
    const { signal } = (ending.current = new AbortController());
    setCheck({ state: 'running', done: 0, of: 0 });
    const look = async () => {
      let at = await source.client.verifyGlobal(snapshot, { signal });
      while (at.state === 'RUNNING') {
        setCheck({ state: 'running', done: at.batchesDone, of: at.batchCount });
        await new Promise((passed) => setTimeout(passed, ASK_EVERY_MS));
        signal.throwIfAborted();
        at = (await source.client.globalVerification(snapshot, { signal })) ?? at;
      }
      setCheck(
        at.state === 'FINISHED'
          ? { state: 'done', verification: at }
          : { state: 'failed', error: { code: 'VERIFICATION_BUSY', message: 'broken off' } },
      );
    };
    look().catch((error: unknown) => !signal.aborted && setCheck({ state: 'failed', error }));
  }, [source, snapshot]);
  return { ...check, start };
}
