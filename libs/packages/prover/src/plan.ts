import { ACCOUNT_ROWS, type Layout } from '@solvent-por/verifier';

/** How a snapshot is cut into proofs. */
export interface ProofPlan {
  readonly accounts: number;
  readonly batchCount: number;
  /** Batches a proof; the last proof may have fewer. */
  readonly k: number;
}

/** Beyond this, sharing between batches saves little and a proof takes long. */
const MOST_BATCHES_SHARED = 8;

/**
 * Chooses k: as many batches a proof as is worth sharing (8 in `aggregate`), but so that no worker stands
 * idle while others still prove.
 * What one proof costs was measured as a fixed part worth about 1.3 batches of `aggregate` and a part a
 * batch.
 *
 * @param workers proofs made side by side
 */
export function planProofs(layout: Layout, accounts: number, workers: number): ProofPlan {
  const batchCount = Math.max(1, Math.ceil(accounts / ACCOUNT_ROWS));
  const most = Math.min(layout.maxBatches, MOST_BATCHES_SHARED, batchCount);
  const cost = (k: number) => {
    const rounds = Math.floor(batchCount / k / workers);
    const left = batchCount - rounds * k * workers;
    return rounds * (FIXED + k) + (left > 0 ? FIXED + Math.min(left, k) : 0);
  };
  let best = most;
  for (let k = most - 1; k >= 1; k--) if (cost(k) < cost(best)) best = k;
  return { accounts, batchCount, k: best };
}

const FIXED = 1.3;
