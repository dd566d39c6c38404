import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { AmountType } from './amount.types';

@ObjectType('BatchCommitments', { description: 'Commitments of one batch: 48-byte points in hex.' })
export class BatchCommitmentsType {
  @Field(() => String)
  readonly tag!: string;
  @Field(() => [String])
  readonly sums!: readonly string[];
}

@ObjectType('PathNode')
export class PathNodeType {
  @Field(() => String)
  readonly hash!: string;
  @Field(() => [String])
  readonly sums!: readonly string[];
}

@ObjectType('InclusionProof', {
  description:
    'Proof that an account with these values is in a snapshot. It shows one balance: for its owner alone.',
})
export class InclusionProofType {
  @Field(() => ID)
  readonly snapshot!: string;
  @Field(() => String, { description: 'UTC, YYYY-MM-DDTHH:MM:SSZ.' })
  readonly takenAt!: string;
  @Field(() => String)
  readonly operator!: string;
  @Field(() => Int)
  readonly batchCount!: number;
  @Field(() => Int)
  readonly batch!: number;
  @Field(() => Int)
  readonly row!: number;
  @Field(() => String)
  readonly accountId!: string;
  @Field(() => String)
  readonly salt!: string;
  @Field(() => [AmountType], { description: 'What the account holds and owes.' })
  readonly values!: readonly AmountType[];
  @Field(() => BatchCommitmentsType)
  readonly commitments!: BatchCommitmentsType;
  @Field(() => String)
  readonly opening!: string;
  @Field(() => [PathNodeType], { description: "Siblings from the batch's leaf up to the child of the top." })
  readonly path!: readonly PathNodeType[];
  @Field(() => [AmountType], { description: 'Of all accounts together.' })
  readonly totals!: readonly AmountType[];
  @Field(() => String)
  readonly totalsOpening!: string;
  @Field(() => String)
  readonly manifestDigest!: string;
  @Field(() => String, {
    description: 'The whole proof: the file `solvent verify-user` takes, byte for byte.',
  })
  readonly document!: string;
  @Field(() => String, { description: 'SHA-256 of the document.' })
  readonly documentDigest!: string;
}

@ObjectType('InclusionVerification')
export class InclusionVerificationType {
  @Field(() => Boolean)
  readonly valid!: boolean;
  @Field(() => String, { nullable: true, description: 'Why it is not valid, for programs.' })
  readonly code!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it is not valid, for people.' })
  readonly reason!: string | null;
  @Field(() => Boolean, {
    description: 'Whether it is valid, and its id was found to be the accountId given.',
  })
  readonly idChecked!: boolean;
  @Field(() => Boolean, {
    description: 'Whether it is valid, and was found to belong to a manifest published here.',
  })
  readonly manifestChecked!: boolean;
  @Field(() => [String], { description: 'What was checked, and what was not.' })
  readonly notes!: readonly string[];
  @Field(() => ID, { nullable: true })
  readonly snapshot!: string | null;
  @Field(() => String, { nullable: true })
  readonly takenAt!: string | null;
  @Field(() => [AmountType], { nullable: true, description: 'Only of a valid proof.' })
  readonly values!: readonly AmountType[] | null;
}
