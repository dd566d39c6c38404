import { Field, GraphQLISODateTime, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { ID_OF_THE_SNAPSHOT } from '../resolvers/account-id-argument';
import { JsonScalar } from '../scalars';
import { AmountType } from './amount.types';
import { FindingType } from './finding.types';
import { ManifestType } from './manifest.types';

const SCOPE_TEXT = 'in every claim for it: 1 to 256 bytes of UTF-8.';

@ObjectType('ClaimFile', {
  description:
    'What the owner of an account makes private claims with: claim key and path in the claim tree of the manifest. Whoever has it can make claims in the account’s name: for its owner alone.',
})
export class ClaimFileType {
  @Field(() => ManifestType, { description: 'What it belongs to: claims are checked against its claimRoot.' })
  readonly manifest!: ManifestType;
  @Field(() => ID)
  readonly snapshot!: string;
  @Field(() => String, { description: 'UTC, YYYY-MM-DDTHH:MM:SSZ.' })
  readonly takenAt!: string;
  @Field(() => String, { complexity: 60, description: 'The whole file, byte for byte.' })
  readonly document!: string;
  @Field(() => String, { description: 'SHA-256 of the document.' })
  readonly documentDigest!: string;
}

@ObjectType('ClaimVerifyingKey', {
  description: 'A verifying key that the manifest names, and where what it is proved with can be downloaded.',
})
export class ClaimVerifyingKeyType {
  @Field(() => String, { description: 'SHA-256 of the document, as the manifest names it.' })
  readonly digest!: string;
  @Field(() => Boolean, {
    description:
      'Whether somebody knows the secret of its set-up, and can prove anything: do not rely on it.',
  })
  readonly developmentSetUp!: boolean;
  @Field(() => Boolean, {
    description: 'Whether this server makes claims with it for clients that cannot: see proveClaim.',
  })
  readonly serverProves!: boolean;
  @Field(() => String, { complexity: 30, description: 'The whole document, byte for byte.' })
  readonly document!: string;
  @Field(() => String)
  readonly verifyingKeyUrl!: string;
  @Field(() => String, { description: 'Of the proving key: snarkjs’ zkey.' })
  readonly provingKeyUrl!: string;
  @Field(() => String, { description: 'Of the witness generator.' })
  readonly circuitUrl!: string;
}

@InputType({ description: 'Whose claim file, and what only its owner has.' })
export class ClaimFileInput {
  @Field(() => String)
  readonly snapshotId!: string;
  @Field(() => String, { description: ID_OF_THE_SNAPSHOT })
  readonly accountId!: string;
  @Field(() => String, {
    description:
      'The owner’s access in that snapshot, 64 hex digits: SHA-256("solvent/v1/claim-access" ‖ header digest ‖ account key). Show it to nobody: with it they can make claims in the account’s name.',
  })
  readonly access!: string;
}

@InputType()
export class ClaimChallengeInput {
  @Field(() => String, {
    description: `Who asks: a name that your API key was given (\`lender.example\`), the same ${SCOPE_TEXT}`,
  })
  readonly partner!: string;
  @Field(() => String, { description: `What for (\`loan 2026-12\`), the same ${SCOPE_TEXT}` })
  readonly purpose!: string;
}

@ObjectType('ClaimChallenge', { description: 'For one claim, and for the API key that asked.' })
export class ClaimChallengeType {
  @Field(() => String, { description: '31 bytes: give them to the user who is to make the claim.' })
  readonly challenge!: string;
  @Field(() => String, { description: '31 bytes, made from partner and purpose.' })
  readonly scope!: string;
  @Field(() => GraphQLISODateTime, { description: 'The claim must be verified before.' })
  readonly expiresAt!: Date;
}

@InputType()
export class VerifyClaimInput {
  @Field(() => JsonScalar, { description: 'The claim: the text of its document, or its JSON value.' })
  readonly claim!: unknown;
  @Field(() => String, { description: 'The snapshot that a claim was asked for about.' })
  readonly snapshotId!: string;
  @Field(() => String, { description: 'As claimChallenge was asked with.' })
  readonly partner!: string;
  @Field(() => String, { description: 'As claimChallenge was asked with.' })
  readonly purpose!: string;
  @Field(() => String, { description: 'What claimChallenge gave.' })
  readonly challenge!: string;
  @Field(() => String, { nullable: true, description: 'The asset whose equity was asked for; or `value`.' })
  readonly symbol!: string | null;
  @Field(() => Int, {
    nullable: true,
    description:
      'Which of the published values was asked for, in the order of the manifest’s totals, from 0.',
  })
  readonly value!: number | null;
  @Field(() => String, { description: 'The least that was asked for, in smallest units: a decimal string.' })
  readonly threshold!: string;
}

@ObjectType('ClaimVerification')
export class ClaimVerificationType {
  @Field(() => Boolean)
  readonly valid!: boolean;
  @Field(() => String, { nullable: true, description: 'Why it is not valid, for programs.' })
  readonly code!: string | null;
  @Field(() => String, { nullable: true })
  readonly reason!: string | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the key is of a development set-up, with which somebody can prove anything: do not rely on it. Null where the claim was refused before.',
  })
  readonly developmentSetUp!: boolean | null;
  @Field(() => [FindingType])
  readonly checked!: readonly FindingType[];
  @Field(() => [FindingType])
  readonly notChecked!: readonly FindingType[];
  @Field(() => ID, { nullable: true })
  readonly snapshot!: string | null;
  @Field(() => String, { nullable: true })
  readonly takenAt!: string | null;
  @Field(() => String, { nullable: true, description: 'Of the manifest that it was verified against.' })
  readonly manifestDigest!: string | null;
  @Field(() => String, { nullable: true, description: 'Of the claim tree: a campaign names one.' })
  readonly claimRoot!: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Of a valid claim: the same for each claim of an account under this claimRoot, for this partner and purpose.',
  })
  readonly nullifier!: string | null;
  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'Of a valid claim: when the nullifier was seen here first; null: never before.',
  })
  readonly seenBefore!: Date | null;
  @Field(() => AmountType, {
    nullable: true,
    description: 'Of a valid claim: what the account holds at least.',
  })
  readonly atLeast!: AmountType | null;
}
