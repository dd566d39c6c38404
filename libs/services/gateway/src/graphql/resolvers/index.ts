import { BundleResolver } from './bundle.resolver';
import { ClaimPartnerResolver } from './claim-partner.resolver';
import { ClaimProvingResolver } from './claim-proving.resolver';
import { ClaimResolver } from './claim.resolver';
import { GlobalResolver } from './global.resolver';
import { HealthResolver } from './health.resolver';
import { InclusionResolver } from './inclusion.resolver';
import { ManifestResolver } from './manifest.resolver';
import { OperatorResolver } from './operator.resolver';
import { ProgressResolver } from './progress.resolver';
import { ReservesResolver } from './reserves.resolver';
import { SnapshotsResolver } from './snapshots.resolver';

/** All there are. */
export const RESOLVERS = [
  SnapshotsResolver,
  ManifestResolver,
  InclusionResolver,
  ClaimResolver,
  ClaimPartnerResolver,
  ClaimProvingResolver,
  GlobalResolver,
  OperatorResolver,
  BundleResolver,
  ProgressResolver,
  ReservesResolver,
  HealthResolver,
] as const;
