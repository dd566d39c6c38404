import { Field, GraphQLISODateTime, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';

export enum ApiRoleName {
  PARTNER = 'PARTNER',
  AUDITOR = 'AUDITOR',
  OPERATOR = 'OPERATOR',
}
registerEnumType(ApiRoleName, { name: 'ApiRole' });

@ObjectType('ApiKey')
export class ApiKeyType {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => String)
  readonly name!: string;
  @Field(() => ApiRoleName)
  readonly role!: string;
  @Field(() => GraphQLISODateTime)
  readonly createdAt!: Date;
  @Field(() => String, { nullable: true, description: 'Id of the API key that made it, or `cli`.' })
  readonly createdBy!: string | null;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly expiresAt!: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true, description: 'To the minute.' })
  readonly lastUsedAt!: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly revokedAt!: Date | null;
}

@InputType()
export class CreateApiKeyInput {
  @Field(() => String, { description: 'What it is for, 1 to 100 characters.' })
  readonly name!: string;
  @Field(() => ApiRoleName)
  readonly role!: 'PARTNER' | 'AUDITOR' | 'OPERATOR';
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly expiresAt!: Date | null;
}

@ObjectType('CreatedApiKey')
export class CreatedApiKeyType {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => String, { description: 'The key, shown this once: only its hash is kept.' })
  readonly key!: string;
}
