import type { FieldPrice } from '../limits/query-cost';
import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

/**
 * Price of a list that has an element an asset, of which most operators have some twenty and none more than
 * 512: of 50 snapshots it is asked for once, not a dozen times. What so many assets make of an answer its bytes
 * bound.
 */
export const AN_ASSET = { complexity: 4, items: 16 } satisfies FieldPrice;

export enum AmountSide {
  EQUITY = 'EQUITY',
  DEBT = 'DEBT',
  POOL = 'POOL',
}
registerEnumType(AmountSide, { name: 'AmountSide' });

@ObjectType('Amount', { description: 'A published value: of one account, or a total over all.' })
export class AmountType {
  @Field(() => String)
  readonly symbol!: string;
  @Field(() => AmountSide)
  readonly side!: AmountSide | 'EQUITY' | 'DEBT' | 'POOL';
  @Field(() => String, {
    nullable: true,
    description: "Of side POOL: the pool, whose amount is a part of the asset's equity.",
  })
  readonly pool!: string | null;
  @Field(() => Int, { description: 'Decimal places of the smallest unit.' })
  readonly scale!: number;
  @Field(() => String, { description: 'In smallest units: an integer as a decimal string.' })
  readonly amount!: string;
  @Field(() => String, { description: 'In whole tokens: a decimal string with `scale` places.' })
  readonly display!: string;
}
