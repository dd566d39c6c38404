import { Field, ID, ObjectType } from '@nestjs/graphql';
import { ManifestType } from './manifest.types';

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
