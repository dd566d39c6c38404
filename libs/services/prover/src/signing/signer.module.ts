import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Shutdown } from '@solvent-por/services/kit';
import { Signer } from './signer';

/**
 * A signer within a Nest application that imports KitModule: it begins when the application has started, and
 * ends with the work of the rest.
 */
@Module({})
export class SignerModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly signer: Signer,
    private readonly shutdown: Shutdown,
  ) {}

  static with(signer: Signer): DynamicModule {
    return { module: SignerModule, providers: [{ provide: Signer, useValue: signer }] };
  }

  async onApplicationBootstrap(): Promise<void> {
    this.shutdown.add('work', 'signer', () => this.signer.stop());
    await this.signer.start();
  }

  /** Where the application is closed without `Shutdown`. */
  async onApplicationShutdown(): Promise<void> {
    await this.signer.stop();
  }
}
