import { snapshotProgress, type SnapshotProgress } from '@solvent-por/client';
import { createClient } from 'graphql-ws';
import { useEffect, useState } from 'react';
import { problemOf, type Problem } from '../../check/problem';
import { usePage } from '../page';

export interface Followed {
  /** How the connection is; `ended` when nothing more will follow. */
  readonly live: 'connecting' | 'live' | 'lost' | 'ended';
  readonly progress: SnapshotProgress | undefined;
  readonly problem: Problem | undefined;
}

/** Close codes of the gateway for a key that is no good (graphql-transport-ws: Forbidden). */
const FORBIDDEN = 4403;
/** A connection that was lost is tried again so often, each time later. */
const TRIES = 8;

const BEGIN: Followed = { live: 'connecting', progress: undefined, problem: undefined };

/**
 * A snapshot's progress as the gateway tells it over its WebSocket. The key goes into the first message there: it
 * is in no address.
 */
export function useProgress(snapshot: string, apiKey: string): Followed & { readonly again: () => void } {
  const { source } = usePage();
  const [followed, setFollowed] = useState(BEGIN);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    setFollowed(BEGIN);
    const change = (more: Partial<Followed>) => setFollowed((before) => ({ ...before, ...more }));
    const socket = createClient({
      url: new URL('graphql', source.config.address).href.replace(/^http/, 'ws'),
      connectionParams: { authorization: `Bearer ${apiKey}` },
      retryAttempts: TRIES,
      shouldRetry: () => true,
      on: {
        connected: () => change({ live: 'live' }),
        closed: () =>
          setFollowed((before) => (before.live === 'live' ? { ...before, live: 'lost' } : before)),
      },
    });
    const { request, read } = snapshotProgress(snapshot);
    const stop = socket.subscribe<Record<string, unknown>>(request, {
      next: ({ data, errors }) => {
        const [refused] = errors ?? [];
        try {
          if (refused) throw refusalOf(refused);
          change({ progress: read(data) });
        } catch (error) {
          change({ problem: problemOf(error) });
        }
      },
      error: (error) => change({ live: 'ended', problem: problemOf(refusalOf(error)) }),
      complete: () => change({ live: 'ended' }),
    });
    return () => {
      stop();
      void socket.dispose();
    };
  }, [source, snapshot, apiKey, turn]);
  return { ...followed, again: () => setTurn((before) => before + 1) };
}

/** What the protocol says went wrong: errors of GraphQL, or the close of the connection. */
function refusalOf(error: unknown): { readonly code: string; readonly message: string } {
  const first = (Array.isArray(error) ? error[0] : error) as
    | {
        readonly code?: unknown;
        readonly message?: string;
        readonly extensions?: { readonly code?: unknown };
      }
    | undefined;
  const code = first?.extensions?.code;
  if (typeof code === 'string') return { code, message: first?.message ?? '' };
  if (first?.code === FORBIDDEN) return { code: 'API_KEY_INVALID', message: 'the API key is no good' };
  return { code: 'NETWORK_FAILED', message: 'the connection to the gateway was lost' };
}
