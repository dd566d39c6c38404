import { GlobalResolver } from './global.resolver';
import { HealthResolver } from './health.resolver';
import { InclusionResolver } from './inclusion.resolver';
import { OperatorResolver } from './operator.resolver';
import { ProgressResolver } from './progress.resolver';
import { SnapshotsResolver } from './snapshots.resolver';

/** All there are. */
export const RESOLVERS = [
  SnapshotsResolver,
  InclusionResolver,
  GlobalResolver,
  OperatorResolver,
  ProgressResolver,
  HealthResolver,
] as const;
