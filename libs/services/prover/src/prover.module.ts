import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Readiness, Shutdown } from '@solvent-por/services/kit';
import { Prover } from './prover';

/**
 * A prover within a Nest application that imports KitModule: it begins when the application has started, and
 * ends with the work of the rest.
 */
@Module({})
export class ProverModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly prover: Prover,
    private readonly readiness: Readiness,
    private readonly shutdown: Shutdown,
  ) {}

  static with(prover: Prover): DynamicModule {
    return { module: ProverModule, providers: [{ provide: Prover, useValue: prover }] };
  }

  async onApplicationBootstrap(): Promise<void> {
    // Threads have checked the set-up against its digest before they count as loaded.
    this.readiness.add('set-up', async () => this.prover.isReady());
    this.shutdown.add('work', 'prover', () => this.prover.stop());
    await this.prover.start();
  }

  /** Where the application is closed without `Shutdown`. */
  async onApplicationShutdown(): Promise<void> {
    await this.prover.stop();
  }
}
