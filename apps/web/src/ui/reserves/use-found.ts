import { useSyncExternalStore } from 'react';
import type { ReservesFound } from '../../check/found';
import { usePage } from '../page';

/** What this page has verified of a snapshot, on whichever screen. */
export function useFound(digest: string | undefined): {
  readonly reserves: ReservesFound | undefined;
  readonly liabilitiesProved: boolean;
} {
  const { found } = usePage();
  useSyncExternalStore(found.subscribe, found.version, found.version);
  return {
    reserves: digest === undefined ? undefined : found.reserves(digest),
    liabilitiesProved: digest !== undefined && found.isProved(digest),
  };
}
