import { Extensions, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { AmountType, AN_ASSET } from './amount.types';
import { FindingType } from './finding.types';
import { ManifestType } from './manifest.types';

@ObjectType('PathNode')
export class PathNodeType {
  @Field(() => String)
  readonly hash!: string;
  @Field(() => String, { description: 'Commitment to the folded sums below it: a 48-byte point.' })
  readonly sum!: string;
}

@ObjectType('InclusionProof', {
  description:
    'Proof that an account with these values is in a snapshot. It belongs to its manifest and is nothing without it. It shows one balance: for its owner alone.',
})
export class InclusionProofType {
  @Field(() => ManifestType, {
    description: 'What it belongs to, and is verified against once the manifest itself was.',
  })
  readonly manifest!: ManifestType;
  @Field(() => ID)
  readonly snapshot!: string;
  @Field(() => String, { description: 'UTC, YYYY-MM-DDTHH:MM:SSZ.' })
  readonly takenAt!: string;
  @Field(() => Int)
  readonly batch!: number;
  @Field(() => Int)
  readonly row!: number;
  @Field(() => String, { description: 'Made from the account key for this snapshot.' })
  readonly accountId!: string;
  @Field(() => String)
  readonly salt!: string;
  @Extensions(AN_ASSET)
  @Field(() => [AmountType], { description: 'What the account holds and owes.' })
  readonly values!: readonly AmountType[];
  @Field(() => [String], {
    complexity: 12,
    description: "12 hashes from the leaf's sibling up to the child of the batch's account tree's root.",
  })
  readonly accountPath!: readonly string[];
  @Field(() => String, { description: "Commitment to the batch's folded sums: a 48-byte point." })
  readonly sum!: string;
  @Field(() => [String], { complexity: 3, description: 'π64, π8, π1: 48-byte points.' })
  readonly openings!: readonly string[];
  @Extensions({ items: 17 })
  @Field(() => [PathNodeType], { description: "Siblings from the batch's leaf up to the child of the top." })
  readonly path!: readonly PathNodeType[];
  @Field(() => String, {
    complexity: 60,
    description: 'The whole proof: the file `solvent verify-user` takes, byte for byte.',
  })
  readonly document!: string;
  @Field(() => String, { description: 'SHA-256 of the document.' })
  readonly documentDigest!: string;
}

@ObjectType('PlainOpening', {
  description:
    'One EIP-4844 point evaluation in place of the three openings, for whoever can check only that: of the batch’s `sum`, at ω^row, to the values folded under the manifest’s γ.',
})
export class PlainOpeningType {
  @Field(() => Int)
  readonly batch!: number;
  @Field(() => Int)
  readonly row!: number;
  @Field(() => String, { description: "Commitment to the batch's folded sums: a 48-byte point." })
  readonly sum!: string;
  @Field(() => String, { description: 'A 48-byte point.' })
  readonly opening!: string;
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
    description:
      'Whether it is valid, and its id was found to be the accountId given. That this id is yours only you can tell, who have the account key.',
  })
  readonly idChecked!: boolean;
  @Field(() => [FindingType])
  readonly checked!: readonly FindingType[];
  @Field(() => [FindingType])
  readonly notChecked!: readonly FindingType[];
  @Field(() => ID, { nullable: true })
  readonly snapshot!: string | null;
  @Field(() => String, { nullable: true })
  readonly takenAt!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Digest of the manifest, published here, that it was verified against.',
  })
  readonly manifestDigest!: string | null;
  @Extensions(AN_ASSET)
  @Field(() => [AmountType], {
    nullable: true,
    description: 'Only of a valid proof.',
  })
  readonly values!: readonly AmountType[] | null;
}
