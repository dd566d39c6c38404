import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Readiness, Shutdown } from '@solvent-por/services/kit';
import { IngestService } from './ingest-service';

/**
 * Ingest within a Nest application that imports KitModule: it begins when the application has started, and
 * ends with the work of the rest.
 */
@Module({})
export class IngestModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly ingest: IngestService,
    private readonly readiness: Readiness,
    private readonly shutdown: Shutdown,
  ) {}

  static with(ingest: IngestService): DynamicModule {
    return { module: IngestModule, providers: [{ provide: IngestService, useValue: ingest }] };
  }

  async onApplicationBootstrap(): Promise<void> {
    this.readiness.add('source', () => this.ingest.isReady());
    this.shutdown.add('work', 'ingest', () => this.ingest.stop());
    await this.ingest.start();
  }

  /** Where the application is closed without `Shutdown`. */
  async onApplicationShutdown(): Promise<void> {
    await this.ingest.stop();
  }
}
