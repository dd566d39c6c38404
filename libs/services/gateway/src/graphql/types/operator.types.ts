import {
  Field,
  Float,
  GraphQLISODateTime,
  ID,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from '@nestjs/graphql';

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
  @Field(() => [String], { description: 'Names that it may ask for private claims in.' })
  readonly partners!: readonly string[];
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
  @Field(() => [String], {
    nullable: true,
    description:
      'Names that it may ask for private claims in (`lender.example`), at most 16: give each to one partner alone.',
  })
  readonly partners!: readonly string[] | null;
}

@ObjectType('CreatedApiKey')
export class CreatedApiKeyType {
  @Field(() => ID)
  readonly id!: string;
  @Field(() => String, { description: 'The key, shown this once: only its hash is kept.' })
  readonly key!: string;
}

@ObjectType('OfferedSource', { description: "What lies in ingest's source folder and looks like balances." })
export class OfferedSourceType {
  @Field(() => String, { description: 'What a request takes as `source`.' })
  readonly path!: string;
  @Field(() => Int)
  readonly files!: number;
  @Field(() => Float, { description: 'Of all its files, an integer.' })
  readonly bytes!: number;
  @Field(() => String, { description: 'UTC, ISO 8601.' })
  readonly modifiedAt!: string;
}

@ObjectType('OfferedSources')
export class OfferedSourcesType {
  @Field(() => [OfferedSourceType], { description: 'The latest first, at most 100.' })
  readonly sources!: readonly OfferedSourceType[];
  @Field(() => Boolean, { description: 'Whether there are more: they can be requested by their path.' })
  readonly more!: boolean;
  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When ingest looked; null: not yet.' })
  readonly readAt!: Date | null;
}
