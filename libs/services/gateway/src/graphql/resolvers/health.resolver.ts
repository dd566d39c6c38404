import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { Readiness, SERVICE, type ServiceIdentity } from '@solvent-por/services/kit';
import { Operation } from '../../access/operation';
import { HealthType } from '../types/health.types';

@Resolver()
export class HealthResolver {
  constructor(
    private readonly readiness: Readiness,
    @Inject(SERVICE) private readonly identity: ServiceIdentity,
  ) {}

  @Query(() => HealthType, { description: 'What /readyz says.' })
  @Operation({ counts: 'other' })
  async health(): Promise<HealthType> {
    const { ready, checks } = await this.readiness.read();
    return {
      ready,
      version: this.identity.version,
      checks: Object.entries(checks).map(([name, result]) => ({ name, ok: result === 'ok' })),
    };
  }
}
