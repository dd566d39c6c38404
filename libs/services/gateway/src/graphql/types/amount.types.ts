import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

export enum AmountSide {
  EQUITY = 'EQUITY',
  DEBT = 'DEBT',
}
registerEnumType(AmountSide, { name: 'AmountSide' });

@ObjectType('Amount', { description: 'A published value: of one account, or a total over all.' })
export class AmountType {
  @Field(() => String)
  readonly symbol!: string;
  @Field(() => AmountSide)
  readonly side!: AmountSide | 'EQUITY' | 'DEBT';
  @Field(() => Int, { description: 'Decimal places of the smallest unit.' })
  readonly scale!: number;
  @Field(() => String, { description: 'In smallest units: an integer as a decimal string.' })
  readonly amount!: string;
  @Field(() => String, { description: 'In whole tokens: a decimal string with `scale` places.' })
  readonly display!: string;
}
