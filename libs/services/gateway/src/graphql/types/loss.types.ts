import { Field, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('Loss', {
  description:
    'One way in which a snapshot shows less than the one before it: MODE_WEAKER, ASSET_DROPPED, SCALE_COARSER, HAIRCUTS_DROPPED, HAIRCUT_SMALLER, POOLS_DROPPED, MONTHS_SKIPPED or CLAIMS_DROPPED.',
})
export class LossType {
  @Field(() => String)
  readonly code!: string;
  @Field(() => String, { description: 'For people.' })
  readonly message!: string;
  @Field(() => String, { nullable: true, description: 'Of which asset, where it is of one.' })
  readonly symbol!: string | null;
  @Field(() => String, { nullable: true, description: 'HAIRCUT_SMALLER: in which pool, where it is in one.' })
  readonly pool!: string | null;
  @Field(() => [String], { nullable: true, description: 'POOLS_DROPPED: which.' })
  readonly pools!: readonly string[] | null;
  @Field(() => String, { nullable: true, description: 'MODE_WEAKER: the mode. SCALE_COARSER: the decimals.' })
  readonly before!: string | null;
  @Field(() => String, { nullable: true })
  readonly after!: string | null;
  @Field(() => String, { nullable: true, description: 'MONTHS_SKIPPED: the first, YYYY-MM.' })
  readonly first!: string | null;
  @Field(() => String, { nullable: true, description: 'MONTHS_SKIPPED: the last, YYYY-MM.' })
  readonly last!: string | null;
  @Field(() => Int, { nullable: true, description: 'MONTHS_SKIPPED: how many.' })
  readonly count!: number | null;
}
