import { MAX_POOLS, MAX_TIERS, MIN_POOLS } from '@solvent-por/verifier';
import { z } from 'zod';
import { DECIMAL } from './price';

const decimal = z.string().max(64).regex(DECIMAL, 'must be a decimal string such as "10000" or "0.5"');

const tier = z.strictObject({
  percent: z
    .int()
    .min(0)
    .max(100)
    .describe('so much of the equity in this tier counts against debts; falling from tier to tier'),
  upTo: decimal
    .optional()
    .describe(
      'in whole tokens: where this tier ends; rising, and left out in the last tier, which has no end',
    ),
  upToValue: decimal
    .optional()
    .describe(
      'instead of `upTo`, in `unit`: turned into an amount at the price of this configuration, rounded down to the smallest unit',
    ),
});

const tierList = z.array(tier).min(1).max(MAX_TIERS);

const pool = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,16}$/, 'must be 1 to 16 characters of a-z, 0-9 and -')
    .describe('as users see it, and as NDJSON calls it'),
  tiers: tierList.describe('of what lies in this pool, each pool counted by itself'),
  column: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe(
      'the CSV column that says how much of the equity lies in it, in any case. Where it is left out: vl_SYMBOL for loan, m_SYMBOL for margin, pm_SYMBOL for portfolio, else NAME_SYMBOL',
    ),
  rest: z
    .literal(true)
    .optional()
    .describe('one pool of an asset may take the rest of its equity: what lies in no other pool'),
});

/** `tiers` and `pools` of an asset in mode `margin`. */
export const haircutMembers = {
  tiers: tierList
    .optional()
    .describe('haircuts: how much of the equity counts against debts; all of it where this is left out'),
  pools: z
    .array(pool)
    .min(MIN_POOLS)
    .max(MAX_POOLS)
    .optional()
    .describe('named parts of the equity, each with haircuts of its own; their sums are published'),
};

/** A haircut tier as a configuration says it. */
export type TierConfig = z.output<typeof tier>;
/** A pool as a configuration says it. */
export type PoolConfig = z.output<typeof pool>;
