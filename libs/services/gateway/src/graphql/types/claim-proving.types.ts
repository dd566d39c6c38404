import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { ClaimFileInput } from './claim.types';

@InputType()
export class ProveClaimInput extends ClaimFileInput {
  @Field(() => String, { description: 'Who asks, as they call themselves.' })
  readonly partner!: string;
  @Field(() => String, { description: 'What for, as they call it.' })
  readonly purpose!: string;
  @Field(() => String, { description: 'What the partner gave you: 31 bytes.' })
  readonly challenge!: string;
  @Field(() => String, { nullable: true, description: 'The asset of whose equity is shown; or `value`.' })
  readonly symbol!: string | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Which of the published values, in the order of the manifest’s totals, from 0.',
  })
  readonly value!: number | null;
  @Field(() => String, { description: 'To be shown as held at least, in smallest units: a decimal string.' })
  readonly threshold!: string;
  @Field(() => Boolean, {
    description:
      'Must be true: that you know that this server then sees which account asks, for which partner and purpose, and how much it wants to show.',
  })
  readonly serverSeesRequest!: boolean;
}

@ObjectType('ProvedClaim', {
  description: 'A claim that was made and verified here, to be given to the partner.',
})
export class ProvedClaimType {
  @Field(() => String, { complexity: 30, description: 'The claim, byte for byte.' })
  readonly document!: string;
  @Field(() => String, { description: 'SHA-256 of the document.' })
  readonly documentDigest!: string;
  @Field(() => String, { description: 'Digest of the verifying key.' })
  readonly key!: string;
  @Field(() => String, {
    description: 'The same in each of the account’s claims about this snapshot for this partner and purpose.',
  })
  readonly nullifier!: string;
  @Field(() => Boolean, {
    description:
      'Whether somebody knows the secret of the key’s set-up, and can prove anything: do not rely on it.',
  })
  readonly developmentSetUp!: boolean;
  @Field(() => ID)
  readonly snapshot!: string;
  @Field(() => String, { description: 'UTC, YYYY-MM-DDTHH:MM:SSZ.' })
  readonly takenAt!: string;
}
