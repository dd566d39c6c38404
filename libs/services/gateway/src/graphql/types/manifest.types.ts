import { Extensions, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { AmountType, AN_ASSET } from './amount.types';
import { connectionType, type Connection } from './page.types';

@ObjectType('Manifest', { description: 'What the operator publishes and signs of a snapshot.' })
export class ManifestType {
  @Field(() => ID)
  readonly snapshot!: string;
  @Field(() => String, { description: 'UTC, YYYY-MM-DDTHH:MM:SSZ.' })
  readonly takenAt!: string;
  @Field(() => String, { description: 'The Ed25519 public key that signed it.' })
  readonly operator!: string;
  @Field(() => Int)
  readonly batchCount!: number;
  @Field(() => String, { description: "Digest of every batch's account tree and columns." })
  readonly columns!: string;
  @Field(() => String, { description: 'Root of the sum tree.' })
  readonly root!: string;
  @Extensions(AN_ASSET)
  @Field(() => [AmountType])
  readonly totals!: readonly AmountType[];
  @Field(() => String)
  readonly totalsOpening!: string;
  @Field(() => String, { nullable: true })
  readonly claimRoot!: string | null;
  @Field(() => [String], { nullable: true, complexity: 10 })
  readonly claimKeys!: readonly string[] | null;
  @Field(() => String, { nullable: true, description: 'Digest of the manifest before; null for the first.' })
  readonly previous!: string | null;
  @Field(() => String)
  readonly signature!: string;
  @Field(() => String, { description: 'What is signed, chained, and named by inclusion proofs.' })
  readonly digest!: string;
  @Field(() => String, { complexity: 60, description: 'The whole document, byte for byte.' })
  readonly document!: string;
  @Field(() => String, { description: 'Where the document can be downloaded.' })
  readonly url!: string;
}

export const ManifestConnection = connectionType('Manifest', ManifestType);
export type ManifestConnection = Connection<ManifestType>;
