import { Field, ObjectType } from '@nestjs/graphql';

@ObjectType('Finding', {
  description: 'What a verification looked at, or, in `notChecked`, could not look at.',
})
export class FindingType {
  @Field(() => String, {
    description:
      'For programs, one of FindingCode in @solvent-por/verifier; more may be added. Which list it stands in says whether it was checked.',
  })
  readonly code!: string;
  @Field(() => String, { description: 'For people; it may change.' })
  readonly message!: string;
}
