import {
  Args,
  Context,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { AuditTrail, ReservesReads } from '@solvent-por/services/database';
import { mayActAs } from '../../access/caller';
import { Operation } from '../../access/operation';
import type { GatewayContext } from '../../access/operation.guard';
import { refusals } from '../../errors/answered';
import { ReservesFiles } from '../../reserves/published-reserves';
import { ReservesRequests } from '../../reserves/request-reserves';
import { ReservesFeed } from '../../reserves/reserves-feed';
import { checkPage, connection } from '../types/page.types';
import {
  RequestedReservesType,
  RequestReservesInput,
  ReserveLineArgs,
  ReserveLineConnection,
  ReservesOperationsType,
  ReservesType,
  SolvencyType,
} from '../types/reserves.types';
import { lineView, reservesOperations, ReservesView, solvencyView } from '../views/reserves-view';
import { SnapshotViews } from '../views/snapshot-view';

/** Longest address, network name, or symbol. */
const MOST_CHARACTERS = 128;

/** What an exchange holds: operators have it published, anybody sees what is. */
@Resolver(() => ReservesType)
export class ReservesResolver {
  constructor(
    private readonly reads: ReservesReads,
    private readonly files: ReservesFiles,
    private readonly requests: ReservesRequests,
    private readonly feed: ReservesFeed,
    private readonly views: SnapshotViews,
    private readonly audit: AuditTrail,
  ) {}

  @Query(() => ReservesType, {
    nullable: true,
    complexity: 20,
    description: 'Once they are PUBLISHED; operators also see those under way, or that have failed.',
  })
  @Operation({ counts: 'other' })
  async reserves(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
    @Context() { caller }: GatewayContext,
  ): Promise<ReservesType | null> {
    return this.#view(snapshotId, mayActAs(caller, 'OPERATOR'));
  }

  @Query(() => SolvencyType, {
    nullable: true,
    complexity: 20,
    description:
      'Whether what is held covers what is owed, as this server compares them; null where no reserves are published.',
  })
  @Operation({ counts: 'other' })
  async solvency(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
  ): Promise<SolvencyType | null> {
    const opened = await this.files.open(snapshotId);
    return (opened && solvencyView(opened)) ?? null;
  }

  @Query(() => ReserveLineConnection, {
    complexity: 50,
    description: 'Lines in the order of the file; with `search`, in the order of addresses.',
  })
  @Operation({ counts: 'other' })
  async reserveLines(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
    @Args() args: ReserveLineArgs,
  ): Promise<ReserveLineConnection> {
    const wanted = { ...checkPage(args), ...filters(args) };
    const opened = await this.files.open(snapshotId);
    if (!opened) throw refusals.reservesNotFound();
    const rows = await this.files.list(opened, wanted);
    return connection(rows, wanted.first, (row) => this.files.cursorOf(row, wanted), lineView);
  }

  @Mutation(() => RequestedReservesType, {
    complexity: 200,
    description:
      'Asks for reserves to be judged and published beside a snapshot, which may be published later. Asking again changes nothing; reserves that have failed are tried anew, from wherever they lie now.',
  })
  @Operation({ counts: 'other', role: 'OPERATOR' })
  async requestReserves(
    @Args('input') { snapshotId, source }: RequestReservesInput,
    @Context() { caller }: GatewayContext,
  ): Promise<RequestedReservesType> {
    const requestedBy = caller.keyId!;
    const action = {
      ...{ actor: requestedBy, action: 'reserves.request', target: snapshotId.slice(0, 64) },
      details: { source: source.slice(0, 200) },
    };
    const created = await this.audit.recorded(action, () =>
      this.requests.request({ snapshotId, source, requestedBy }),
    );
    const reserves = await this.#view(snapshotId, true);
    if (!reserves) throw refusals.reservesNotFound();
    return { created, reserves };
  }

  @Subscription(() => ReservesType, {
    description: 'How far reserves are, until they are published or have failed.',
    resolve: (seen: ReservesView) => seen,
  })
  @Operation({ counts: 'other', role: 'OPERATOR' })
  async reservesProgress(
    @Args('snapshotId', { type: () => String }) snapshotId: string,
  ): Promise<AsyncIterableIterator<ReservesView>> {
    if (!(await this.reads.find(snapshotId))) throw refusals.reservesNotFound();
    return this.feed.watch(snapshotId, (seen) => this.#viewOf(seen));
  }

  @ResolveField(() => ReservesOperationsType, {
    nullable: true,
    description: 'Operators only; null for others.',
  })
  operations(
    @Parent() { seen }: ReservesView,
    @Context() { caller }: GatewayContext,
  ): ReservesOperationsType | null {
    return mayActAs(caller, 'OPERATOR') ? reservesOperations(seen) : null;
  }

  async #view(snapshotId: string, all: boolean): Promise<ReservesView | null> {
    const seen = await this.reads.find(snapshotId);
    return seen && (seen.record.state === 'PUBLISHED' || all) ? this.#viewOf(seen) : null;
  }

  async #viewOf(seen: NonNullable<Awaited<ReturnType<ReservesReads['find']>>>): Promise<ReservesView> {
    const { snapshotId, state } = seen.record;
    const opened = state === 'PUBLISHED' ? await this.files.open(snapshotId) : undefined;
    return new ReservesView(seen, opened, this.views.snapshotUrl(snapshotId));
  }
}

/** @throws SolventError ARGUMENT_INVALID */
function filters({ search, network, asset }: ReserveLineArgs): {
  readonly search?: string;
  readonly network?: string;
  readonly asset?: string;
} {
  const given = Object.entries({ search, network, asset }).filter(
    (entry): entry is [string, string] => entry[1] !== null && entry[1] !== undefined,
  );
  for (const [name, value] of given)
    if (!/^[!-~]+$/.test(value) || value.length > MOST_CHARACTERS)
      throw refusals.argument(
        name,
        `must be 1 to ${MOST_CHARACTERS} printable ASCII characters without spaces`,
      );
  return Object.fromEntries(
    // The one spelling of EVM addresses.
    given.map(([name, value]) => [
      name,
      name === 'search' && /^0x/i.test(value) ? value.toLowerCase() : value,
    ]),
  );
}
