import {
  ArgsType,
  Extensions,
  Field,
  Float,
  GraphQLISODateTime,
  ID,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from '@nestjs/graphql';
import { JsonScalar } from '../scalars';
import { AN_ASSET } from './amount.types';
import { connectionType, PageArgs, type Connection } from './page.types';

export enum ReservesStateName {
  REQUESTED = 'REQUESTED',
  READING = 'READING',
  JUDGING = 'JUDGING',
  PUBLISHED = 'PUBLISHED',
  FAILED = 'FAILED',
}
registerEnumType(ReservesStateName, { name: 'ReservesState' });

export enum ReserveLevelName {
  PROVED = 'PROVED',
  CHECKED = 'CHECKED',
  CLAIMED = 'CLAIMED',
}
registerEnumType(ReserveLevelName, {
  name: 'ReserveLevel',
  description: 'How well something is shown: section 2 of the reserves page.',
});

export enum SolvencyVerdictName {
  SHORT = 'SHORT',
  NOT_COVERED_ON_CHAIN = 'NOT_COVERED_ON_CHAIN',
  NOT_COMPARABLE = 'NOT_COMPARABLE',
  CLAIMED = 'CLAIMED',
  COVERED = 'COVERED',
  NOT_OWED = 'NOT_OWED',
}
registerEnumType(SolvencyVerdictName, { name: 'SolvencyVerdict' });

@ObjectType('ReserveBlock', { description: 'The block of a network at which balances are stated.' })
export class ReserveBlockType {
  @Field(() => String)
  readonly network!: string;
  @Field(() => String, { description: 'Decimal: height, slot, or seqno.' })
  readonly height!: string;
  @Field(() => String)
  readonly block!: string;
  @Field(() => String, { description: 'UTC, YYYY-MM-DDTHH:MM:SSZ.' })
  readonly time!: string;
  @Field(() => Boolean, { description: "Whether a node of the operator's services has it." })
  readonly confirmed!: boolean;
}

@ObjectType('ReserveSums', {
  description:
    'What is held of an asset, decimal strings in its scale: none of proved, checked and claimed is within another.',
})
export class ReserveSumsType {
  @Field(() => String)
  readonly symbol!: string;
  @Field(() => Int)
  readonly scale!: number;
  @Field(() => String, { nullable: true })
  readonly price!: string | null;
  @Field(() => String)
  readonly proved!: string;
  @Field(() => String)
  readonly checked!: string;
  @Field(() => String)
  readonly claimed!: string;
  @Field(() => String, { description: 'Of checked: over a standing text.' })
  readonly named!: string;
  @Field(() => String, { description: 'Of all three: on ledgers whose blocks one party makes.' })
  readonly layer2!: string;
}

@ObjectType('ReserveCount')
export class ReserveCountType {
  @Field(() => String)
  readonly name!: string;
  @Field(() => Int)
  readonly lines!: number;
}

@ObjectType('ReserveNode')
export class ReserveNodeType {
  @Field(() => String)
  readonly network!: string;
  @Field(() => String)
  readonly name!: string;
}

@ObjectType('ReservesFailure')
export class ReservesFailureType {
  @Field(() => String)
  readonly code!: string;
  @Field(() => String)
  readonly message!: string;
  @Field(() => Int, { nullable: true, description: 'Of reserve-addresses.ndjson, from 1.' })
  readonly line!: number | null;
}

@ObjectType('ReservesOperations', { description: "The operator's own view of reserves." })
export class ReservesOperationsType {
  @Field(() => Int, { description: 'Rises when reserves that failed are requested again.' })
  readonly attempt!: number;
  @Field(() => String)
  readonly source!: string;
  @Field(() => Int)
  readonly linesJudged!: number;
  @Field(() => String, { nullable: true, description: 'Id of the API key that asked.' })
  readonly requestedBy!: string | null;
  @Field(() => GraphQLISODateTime)
  readonly requestedAt!: Date;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly readingAt!: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly judgingAt!: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly failedAt!: Date | null;
  @Field(() => ReservesFailureType, { nullable: true })
  readonly failure!: ReservesFailureType | null;
}

@ObjectType('Reserves', {
  description:
    'What an exchange says that it holds, as this server judged it: verify the two files yourself. What is not known before it is PUBLISHED is null until then.',
})
export class ReservesType {
  @Field(() => ID)
  readonly snapshot!: string;
  @Field(() => ReservesStateName)
  readonly state!: string;
  @Field(() => String, { nullable: true })
  readonly domain!: string | null;
  @Field(() => String, { nullable: true })
  readonly operator!: string | null;
  @Field(() => String, { nullable: true, description: 'UTC, YYYY-MM-DDTHH:MM:SSZ.' })
  readonly takenAt!: string | null;
  @Field(() => String, { nullable: true, description: 'Of reserves.json.' })
  readonly digest!: string | null;
  @Field(() => GraphQLISODateTime, { nullable: true })
  readonly publishedAt!: Date | null;
  @Field(() => Int, { nullable: true })
  readonly lines!: number | null;
  @Field(() => Float, { nullable: true, description: 'Of reserve-addresses.ndjson.' })
  readonly bytes!: number | null;
  @Field(() => [ReserveBlockType], { nullable: true })
  readonly blocks!: readonly ReserveBlockType[] | null;
  @Field(() => Int, { nullable: true, description: 'Seconds between the first and the last block.' })
  readonly span!: number | null;
  @Extensions(AN_ASSET)
  @Field(() => [ReserveSumsType], { nullable: true })
  readonly assets!: readonly ReserveSumsType[] | null;
  @Field(() => [ReserveCountType], { nullable: true, description: 'Why lines are claimed and no more.' })
  readonly reasons!: readonly ReserveCountType[] | null;
  @Field(() => [ReserveCountType], { nullable: true, description: 'What evidence of control lines have.' })
  readonly ownership!: readonly ReserveCountType[] | null;
  @Field(() => [ReserveNodeType], { nullable: true, description: 'Nodes that were asked.' })
  readonly nodes!: readonly ReserveNodeType[] | null;
  @Field(() => [String], { nullable: true })
  readonly notes!: readonly string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Legacy texts: evidence over them may be copied from another exchange.',
  })
  readonly messages!: readonly string[] | null;
  @Field(() => JsonScalar, {
    nullable: true,
    complexity: 100,
    description: 'The whole report, as `solvent verify-reserves --json` prints it.',
  })
  readonly report!: unknown;
  @Field(() => String, { nullable: true })
  readonly url!: string | null;
  @Field(() => String, { nullable: true })
  readonly addressesUrl!: string | null;
}

@ObjectType('CoverRatio', {
  description: 'Basis points of what is owed, rounded down, each of what is at least so well shown.',
})
export class CoverRatioType {
  @Field(() => String, { nullable: true })
  readonly proved!: string | null;
  @Field(() => String, { nullable: true })
  readonly checked!: string | null;
  @Field(() => String, { nullable: true })
  readonly claimed!: string | null;
}

@ObjectType('AssetSolvency')
export class AssetSolvencyType {
  @Field(() => String)
  readonly symbol!: string;
  @Field(() => SolvencyVerdictName)
  readonly verdict!: string;
  @Field(() => ReserveLevelName, { nullable: true, description: 'Of COVERED: by how well it is shown.' })
  readonly by!: string | null;
  @Field(() => String, { description: "What is owed, in the asset's scale." })
  readonly equity!: string;
  @Field(() => CoverRatioType, { nullable: true })
  readonly ratio!: CoverRatioType | null;
  @Field(() => String, {
    nullable: true,
    description: 'The asset that this one is a claim to: they are compared together.',
  })
  readonly with!: string | null;
}

@ObjectType('Solvency', { description: "The server's own comparison of what is held with what is owed." })
export class SolvencyType {
  @Field(() => ID)
  readonly snapshot!: string;
  @Field(() => SolvencyVerdictName)
  readonly verdict!: string;
  @Field(() => ReserveLevelName, { nullable: true })
  readonly by!: string | null;
  @Field(() => String, { nullable: true, description: 'Whose prices, in mode aggregate.' })
  readonly prices!: string | null;
  @Field(() => String, { description: 'none, not given, unproved or proved.' })
  readonly liabilities!: string;
  @Extensions(AN_ASSET)
  @Field(() => [AssetSolvencyType])
  readonly assets!: readonly AssetSolvencyType[];
  @Field(() => AssetSolvencyType, { nullable: true })
  readonly unit!: AssetSolvencyType | null;
}

@ObjectType('ReserveLine', { description: 'A line of reserve-addresses.ndjson without its evidence.' })
export class ReserveLineType {
  @Field(() => Int, { description: 'From 1.' })
  readonly line!: number;
  @Field(() => String)
  readonly network!: string;
  @Field(() => String)
  readonly asset!: string;
  @Field(() => String, { nullable: true })
  readonly token!: string | null;
  @Field(() => String)
  readonly address!: string;
  @Field(() => String, { description: 'In the smallest units of the coin or token on that network.' })
  readonly amount!: string;
  @Field(() => String, { description: 'own, staked or custodian.' })
  readonly class!: string;
  @Field(() => String, { description: 'What its evidence shows of who controls the address.' })
  readonly control!: string;
  @Field(() => ReserveLevelName)
  readonly level!: string;
  @Field(() => String, { nullable: true, description: 'Why it is claimed and no more.' })
  readonly reason!: string | null;
}

export const ReserveLineConnection = connectionType('ReserveLine', ReserveLineType);
export type ReserveLineConnection = Connection<ReserveLineType>;

@ArgsType()
export class ReserveLineArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'What the address begins with.' })
  readonly search!: string | null;
  @Field(() => String, { nullable: true })
  readonly network!: string | null;
  @Field(() => String, { nullable: true })
  readonly asset!: string | null;
}

@InputType()
export class RequestReservesInput {
  @Field(() => String, { description: 'The snapshot whose liabilities they are compared with.' })
  readonly snapshotId!: string;
  @Field(() => String, {
    description:
      "A folder below ingest's source folder with reserves.json and reserve-addresses.ndjson, as `solvent reserves build` writes them.",
  })
  readonly source!: string;
}

@ObjectType('RequestedReserves')
export class RequestedReservesType {
  @Field(() => Boolean, { description: 'False when the same had been asked for before, and has not failed.' })
  readonly created!: boolean;
  @Field(() => ReservesType)
  readonly reserves!: ReservesType;
}
