import {
  Extensions,
  Field,
  GraphQLISODateTime,
  ID,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from '@nestjs/graphql';
import { JsonScalar } from '../scalars';
import { AmountType, AN_ASSET } from './amount.types';
import { ManifestType } from './manifest.types';
import { connectionType, type Connection } from './page.types';

export enum SnapshotStateName {
  REQUESTED = 'REQUESTED',
  INGESTING = 'INGESTING',
  PROVING = 'PROVING',
  PUBLISHED = 'PUBLISHED',
  FAILED = 'FAILED',
}
registerEnumType(SnapshotStateName, { name: 'SnapshotState' });

@ObjectType('Asset', { description: "Haircut tiers and pools stand in the manifest's document." })
export class AssetType {
  @Field(() => String)
  readonly symbol!: string;
  @Field(() => Int, { description: 'Decimal places of the smallest unit.' })
  readonly scale!: number;
  @Field(() => String, {
    nullable: true,
    description: 'Margin only: one smallest unit is worth price·10^(−priceScale) of the unit.',
  })
  readonly price!: string | null;
}

@ObjectType('SnapshotFailure')
export class SnapshotFailureType {
  @Field(() => String)
  readonly code!: string;
  @Field(() => String)
  readonly message!: string;
  @Field(() => String, { nullable: true, description: 'Where balances are at fault: the name of the file.' })
  readonly file?: string | null;
  @Field(() => Int, { nullable: true, description: 'And the record in it, from 1.' })
  readonly row?: number | null;
}

@ObjectType('SnapshotProgress')
export class SnapshotProgressType {
  @Field(() => ID)
  readonly snapshotId!: string;
  @Field(() => SnapshotStateName)
  readonly state!: string;
  @Field(() => Int, { nullable: true, description: 'Batches there will be; null until ingest counted.' })
  readonly batches!: number | null;
  @Field(() => Int)
  readonly batchesProved!: number;
  @Field(() => Int)
  readonly proofs!: number;
  @Field(() => SnapshotFailureType, { nullable: true })
  readonly failure!: SnapshotFailureType | null;
}

@ObjectType('SnapshotOperations', { description: "The operator's own view of a snapshot." })
export class SnapshotOperationsType {
  @Field(() => Int, { description: 'Rises when a failed snapshot is requested again.' })
  readonly attempt!: number;
  @Field(() => String)
  readonly source!: string;
  @Field(() => String, { nullable: true })
  readonly sourceDigest!: string | null;
  @Field(() => Int, { nullable: true })
  readonly accounts!: number | null;
  @Field(() => String, { nullable: true, description: 'Id of the API key that asked.' })
  readonly requestedBy!: string | null;
  @Field(() => GraphQLISODateTime)
  readonly requestedAt!: Date;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly ingestingAt!: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly provingAt!: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly failedAt!: Date | null;
}

@ObjectType('Snapshot')
export class SnapshotType {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => SnapshotStateName)
  readonly state!: string;
  @Field(() => String, { description: 'UTC, YYYY-MM-DDTHH:MM:SSZ.' })
  readonly takenAt!: string;
  @Field(() => String)
  readonly mode!: string;
  @Field(() => String, { nullable: true })
  readonly unit!: string | null;
  @Field(() => Int, { nullable: true })
  readonly priceScale!: number | null;
  @Extensions(AN_ASSET)
  @Field(() => [AssetType])
  readonly assets!: readonly AssetType[];
  @Field(() => String)
  readonly operator!: string;
  @Field(() => Int, { nullable: true })
  readonly batchCount!: number | null;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly publishedAt!: Date | null;
  @Extensions(AN_ASSET)
  @Field(() => [AmountType], {
    nullable: true,
    description: 'Once it is published.',
  })
  readonly totals!: readonly AmountType[] | null;
  @Field(() => ManifestType, { nullable: true, description: 'Once it is published.' })
  readonly manifest!: ManifestType | null;
  @Field(() => Boolean, { description: 'Whether inclusion proofs were dropped after their time.' })
  readonly privateDataDropped!: boolean;
}

export const SnapshotConnection = connectionType('Snapshot', SnapshotType);
export type SnapshotConnection = Connection<SnapshotType>;

@InputType()
export class RequestSnapshotInput {
  @Field(() => JsonScalar, {
    description:
      'The configuration as `solvent check` takes it: an object, or the text of the file. `keys`, `previous`, `formerOperator` and `allowFutureDate` are dropped. A `takenAt` later than a day ahead is refused.',
  })
  readonly config!: unknown;
  @Field(() => String, { description: "A path below ingest's source folder." })
  readonly source!: string;
}

@ObjectType('RequestedSnapshot')
export class RequestedSnapshotType {
  @Field(() => SnapshotType)
  readonly snapshot!: SnapshotType;
  @Field(() => Boolean, { description: 'False when the same request had been made before.' })
  readonly created!: boolean;
}
