import { Field, GraphQLISODateTime, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { SnapshotFailureType } from './snapshot.types';

export enum SealingStateName {
  REQUESTED = 'REQUESTED',
  SEALING = 'SEALING',
  SEALED = 'SEALED',
  FAILED = 'FAILED',
}
registerEnumType(SealingStateName, { name: 'SealingState' });

@ObjectType('SealedBundle', {
  description:
    "Everybody's inclusion proofs as static files, of which each user can open their own with the account key alone.",
})
export class SealedBundleType {
  @Field(() => SealingStateName)
  readonly state!: string;
  @Field(() => String, {
    nullable: true,
    description:
      'Once it is SEALED: the address below which its files are, for `solvent verify-user --bundle`.',
  })
  readonly url!: string | null;
  @Field(() => GraphQLISODateTime)
  readonly requestedAt!: Date;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly sealedAt!: Date | null;
  @Field(() => Int)
  readonly batches!: number;
  @Field(() => Int, { description: 'Batches whose entries are made.' })
  readonly batchesSealed!: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Shards there will be; null until accounts were counted.',
  })
  readonly shards!: number | null;
  @Field(() => Int)
  readonly shardsWritten!: number;
  @Field(() => SnapshotFailureType, { nullable: true })
  readonly failure!: SnapshotFailureType | null;
}

@ObjectType('RequestedBundle')
export class RequestedBundleType {
  @Field(() => SealedBundleType)
  readonly bundle!: SealedBundleType;
  @Field(() => Boolean, { description: 'False when it had been asked for before, and has not failed.' })
  readonly created!: boolean;
}
