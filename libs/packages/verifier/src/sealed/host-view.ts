import { ACCOUNT_ROWS } from '../account-batch';
import type { Manifest } from '../manifest';
import type { ShardShape } from './shape';

/** What whoever serves a bundle, or watches its readers, could learn from one reading of it; for people. */
export function hostView(
  { batchCount }: Pick<Manifest, 'batchCount'>,
  { bits }: Pick<ShardShape, 'bits'>,
): string {
  const rows = Math.round((ACCOUNT_ROWS * batchCount) / 2 ** bits);
  return (
    `the host could learn that your address looked up one of the about ${rows} account rows that share a shard, one of ${2 ** bits}; ` +
    'your accounts of this operator stay in the same shard every month while the number of shards stays the same. ' +
    'It could not learn key, id or balances, nor whether you were found. To hide the shard as well, fetch the whole folder and read it there'
  );
}
