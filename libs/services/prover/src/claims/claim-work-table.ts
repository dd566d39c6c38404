/** What the thread does that makes claims. */
export const CLAIM_WORK = { claims: () => import('./claim-work') };
