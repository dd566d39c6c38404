import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { SolventError } from '@solvent-por/kzg';
import { AuditTrail, ApiKeyRepository, SourceListings } from '@solvent-por/services/database';
import { hasHiddenCharacters } from '@solvent-por/verifier';
import { Callers } from '../../access/caller';
import { Operation } from '../../access/operation';
import type { GatewayContext } from '../../access/operation.guard';
import { refusals } from '../../errors/answered';
import { SnapshotRequests } from '../../snapshots/request-snapshot';
import {
  ApiKeyType,
  CreateApiKeyInput,
  CreatedApiKeyType,
  OfferedSourcesType,
} from '../types/operator.types';
import { RequestedSnapshotType, RequestSnapshotInput } from '../types/snapshot.types';
import { SnapshotViews } from '../views/snapshot-view';

const OPERATOR = { counts: 'other', role: 'OPERATOR' } as const;

/** What only operators do; each of it is recorded. */
@Resolver()
export class OperatorResolver {
  constructor(
    private readonly requests: SnapshotRequests,
    private readonly keys: ApiKeyRepository,
    private readonly callers: Callers,
    private readonly audit: AuditTrail,
    private readonly views: SnapshotViews,
    private readonly listings: SourceListings,
  ) {}

  @Mutation(() => RequestedSnapshotType, {
    complexity: 200,
    description: 'Asks for a snapshot to be proved and published. Asking the same again changes nothing.',
  })
  @Operation(OPERATOR)
  async requestSnapshot(
    @Args('input') { config, source }: RequestSnapshotInput,
    @Context() { caller }: GatewayContext,
  ): Promise<RequestedSnapshotType> {
    const actor = caller.keyId!;
    const action = {
      actor,
      action: 'snapshot.request',
      target: nameIn(config),
      details: { source: source.slice(0, 200) },
    };
    const { snapshot, created } = await this.audit.recorded(action, () =>
      this.requests.request({ config, source, requestedBy: actor }),
    );
    return { snapshot: this.views.snapshot(snapshot), created };
  }

  @Query(() => OfferedSourcesType, {
    complexity: 400,
    description:
      'What ingest saw last in its source folder. A hint: other paths can be requested, and these may be gone.',
  })
  @Operation(OPERATOR)
  async sources(): Promise<OfferedSourcesType> {
    return (await this.listings.read()) ?? { sources: [], more: false, readAt: null };
  }

  @Query(() => [ApiKeyType], { complexity: 200, description: 'All keys, without their secrets.' })
  @Operation(OPERATOR)
  async apiKeys(@Context() { caller }: GatewayContext): Promise<readonly ApiKeyType[]> {
    const action = { actor: caller.keyId!, action: 'api-key.list', target: '*', details: {} };
    return this.audit.recorded(action, () => this.keys.list());
  }

  @Mutation(() => CreatedApiKeyType, { complexity: 200 })
  @Operation(OPERATOR)
  async createApiKey(
    @Args('input') { name, role, expiresAt, partners }: CreateApiKeyInput,
    @Context() { caller }: GatewayContext,
  ): Promise<CreatedApiKeyType> {
    const action = {
      actor: caller.keyId!,
      action: 'api-key.create',
      target: name.slice(0, 100),
      details: {
        ...{ role, expiresAt: expiresAt?.toISOString() ?? null },
        ...(partners?.length && { partners: partners.join(', ').slice(0, 200) }),
      },
    };
    const create = () => {
      if (!/^.{1,100}$/u.test(name) || hasHiddenCharacters(name))
        throw refusals.argument(
          'name',
          'must be 1 to 100 characters, none of them control or bidirectional ones',
        );
      if (expiresAt && !(expiresAt.getTime() > Date.now()))
        throw refusals.argument('expiresAt', 'must be in the future');
      return this.keys.create({
        ...{ name, role, createdBy: caller.keyId!, partners: partners ?? [] },
        ...(expiresAt && { expiresAt }),
      });
    };
    return this.audit.recorded(action, create, ({ id }) => id);
  }

  @Mutation(() => Boolean, { complexity: 200, description: 'False when it was revoked before.' })
  @Operation(OPERATOR)
  async revokeApiKey(
    @Args('id', { type: () => String }) id: string,
    @Context() { caller }: GatewayContext,
  ): Promise<boolean> {
    const action = { actor: caller.keyId!, action: 'api-key.revoke', target: id.slice(0, 16), details: {} };
    return this.audit.recorded(action, async () => {
      const known = (await this.keys.list()).find((key) => key.id === id);
      if (!known) throw new SolventError('API_KEY_NOT_FOUND', 'usage', 'there is no API key of this id');
      await this.keys.revoke(id);
      this.callers.forget();
      return known.revokedAt === null;
    });
  }
}

/** The name a configuration gives its snapshot, for the record of a request that may be refused. */
function nameIn(config: unknown): string {
  const name =
    typeof config === 'object' && config !== null && 'snapshot' in config ? config.snapshot : undefined;
  return typeof name === 'string' ? name.slice(0, 64) : '?';
}
