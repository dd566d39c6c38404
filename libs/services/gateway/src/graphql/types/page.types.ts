import type { Type } from '@nestjs/common';
import { ArgsType, Extensions, Field, Int, ObjectType } from '@nestjs/graphql';
import { refusals } from '../../errors/answered';
import { PAGE, type FieldPrice } from '../limits/query-cost';

/** By the argument `first` of the list that they are of. */
const COUNTED = { items: 1 } satisfies FieldPrice;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: PAGE.default, description: `How many, 1 to ${PAGE.most}.` })
  readonly first!: number;
  @Field(() => String, { nullable: true, description: 'The `endCursor` of the page before.' })
  readonly after!: string | null;
}

@ObjectType()
export class PageInfo {
  @Field(() => String, { nullable: true })
  readonly endCursor!: string | null;
  @Field(() => Boolean)
  readonly hasNextPage!: boolean;
}

/** @throws SolventError ARGUMENT_INVALID | CURSOR_MALFORMED */
export function checkPage({ first, after }: PageArgs): { readonly first: number; readonly after?: string } {
  if (!(first >= 1 && first <= PAGE.most)) throw refusals.argument('first', `must be 1 to ${PAGE.most}`);
  if (after === null || after === undefined) return { first };
  if (after.length > 200) throw refusals.argument('after', 'is not a cursor of this list');
  return { first, after };
}

export interface Edge<N> {
  readonly cursor: string;
  readonly node: N;
}

export interface Connection<N> {
  readonly nodes: readonly N[];
  readonly edges: readonly Edge<N>[];
  readonly pageInfo: PageInfo;
}

/**
 * The GraphQL types `<Name>Edge` and `<Name>Connection` of a list that is read in pages.
 * @returns the connection's
 */
export function connectionType<N>(name: string, node: Type<N>): Type<Connection<N>> {
  @ObjectType(`${name}Edge`)
  class EdgeType implements Edge<N> {
    @Field(() => String)
    readonly cursor!: string;
    @Field(() => node)
    readonly node!: N;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionType implements Connection<N> {
    @Extensions(COUNTED)
    @Field(() => [EdgeType])
    readonly edges!: readonly EdgeType[];
    @Extensions(COUNTED)
    @Field(() => [node])
    readonly nodes!: readonly N[];
    @Field(() => PageInfo)
    readonly pageInfo!: PageInfo;
  }
  return ConnectionType;
}

/** @param rows one more than asked for when there are more */
export function connection<R, N>(
  rows: readonly R[],
  first: number,
  cursor: (row: R) => string,
  node: (row: R) => N,
): Connection<N> {
  const edges = rows.slice(0, first).map((row) => ({ cursor: cursor(row), node: node(row) }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: { endCursor: edges.at(-1)?.cursor ?? null, hasNextPage: rows.length > first },
  };
}
