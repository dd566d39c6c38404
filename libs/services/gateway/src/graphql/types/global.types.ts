import { Field, Float, GraphQLISODateTime, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { FindingType } from './finding.types';
import { ManifestType } from './manifest.types';
import { connectionType, type Connection } from './page.types';

@ObjectType('Batch', {
  description: "A batch's leaf of the sum tree; how many accounts it holds stays hidden.",
})
export class BatchType {
  @Field(() => Int)
  readonly batch!: number;
  @Field(() => String, { description: "SHA-256 of its place, its account tree's root and its sum." })
  readonly hash!: string;
  @Field(() => String, { description: 'Commitment to its folded sums: a 48-byte point in hex.' })
  readonly sum!: string;
}

export const BatchConnection = connectionType('Batch', BatchType);
export type BatchConnection = Connection<BatchType>;

@ObjectType('GlobalProof')
export class GlobalProofType {
  @Field(() => ID)
  readonly snapshot!: string;
  @Field(() => ManifestType)
  readonly manifest!: ManifestType;
  @Field(() => Int, { description: 'Lines of the file after the manifest.' })
  readonly proofs!: number;
  @Field(() => String, { description: 'global-proof.ndjson: the file `solvent verify-global` takes.' })
  readonly downloadUrl!: string;
  @Field(() => Float, { description: 'Length of the file, an integer.' })
  readonly bytes!: number;
}

export enum VerificationStateName {
  RUNNING = 'RUNNING',
  FINISHED = 'FINISHED',
  BROKEN_OFF = 'BROKEN_OFF',
}
registerEnumType(VerificationStateName, { name: 'VerificationState' });

@ObjectType('GlobalVerification', {
  description:
    "The server's own check of a global proof. It is no substitute for yours: you would be trusting the server.",
})
export class GlobalVerificationType {
  @Field(() => ID)
  readonly snapshot!: string;
  @Field(() => VerificationStateName)
  readonly state!: string;
  @Field(() => GraphQLISODateTime)
  readonly startedAt!: Date;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly finishedAt!: Date | null;
  @Field(() => Int)
  readonly batchesDone!: number;
  @Field(() => Int)
  readonly batchCount!: number;
  @Field(() => Boolean, { nullable: true, description: 'Null until it is finished.' })
  readonly valid!: boolean | null;
  @Field(() => String, { nullable: true })
  readonly code!: string | null;
  @Field(() => String, { nullable: true })
  readonly reason!: string | null;
  @Field(() => [FindingType])
  readonly checked!: readonly FindingType[];
  @Field(() => [FindingType])
  readonly notChecked!: readonly FindingType[];
}
