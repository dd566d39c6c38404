import { Field, ObjectType } from '@nestjs/graphql';

@ObjectType('HealthCheck')
export class HealthCheckType {
  @Field(() => String)
  readonly name!: string;
  @Field(() => Boolean)
  readonly ok!: boolean;
}

@ObjectType('Health')
export class HealthType {
  @Field(() => Boolean, { description: 'Whether every check holds.' })
  readonly ready!: boolean;
  @Field(() => String)
  readonly version!: string;
  @Field(() => [HealthCheckType])
  readonly checks!: readonly HealthCheckType[];
}
