import { Query, Resolver } from '@nestjs/graphql';
import { Operation } from '../../access/operation';
import { HealthReader } from '../../http/health-reader';
import { HealthType } from '../types/health.types';

@Resolver()
export class HealthResolver {
  constructor(private readonly reader: HealthReader) {}

  @Query(() => HealthType)
  @Operation({ counts: 'other' })
  health(): Promise<HealthType> {
    return this.reader.read();
  }
}
