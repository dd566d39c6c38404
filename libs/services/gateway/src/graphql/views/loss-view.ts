import type { Loss } from '@solvent-por/verifier';
import type { LossType } from '../types/loss.types';

const NOTHING = {
  symbol: null,
  pool: null,
  pools: null,
  before: null,
  after: null,
  first: null,
  last: null,
  count: null,
};

export function lossView(loss: Loss): LossType {
  return {
    ...NOTHING,
    ...loss,
    // Modes, or decimals: one field for both.
    ...('before' in loss
      ? { before: String(loss.before), after: String(loss.after) }
      : { before: null, after: null }),
  };
}
