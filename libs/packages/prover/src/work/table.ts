import type { WorkTable } from '../threads/serve';

/**
 * What threads of this library do. A thread loads the module of its own work only: one that verifies has no
 * use for the set-up.
 */
export const WORK = {
  prove: () => import('./prove'),
  verify: () => import('./verify'),
  reserves: () => import('./reserves'),
  finalise: () => import('./finalise'),
  inclusions: () => import('./inclusions'),
  'witness-folder': () => import('./witness-folder'),
} satisfies WorkTable;
