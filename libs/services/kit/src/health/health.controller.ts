import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { SERVICE, type ServiceIdentity } from '../kit/tokens';
import { Readiness, type ReadinessReport } from './readiness';

/** What the controller needs of Fastify's reply. */
interface Reply {
  status(code: number): unknown;
}

/** For whoever watches over the process: is it alive, and can it work? */
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    @Inject(SERVICE) private readonly identity: ServiceIdentity,
  ) {}

  /**
   * Says nothing about databases: a service that is restarted because its database is away has two problems.
   */
  @Get('healthz')
  @Header('cache-control', 'no-store')
  alive(): ServiceIdentity & { status: 'ok' } {
    return { status: 'ok', ...this.identity };
  }

  @Get('readyz')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: Reply): Promise<ReadinessReport> {
    const report = await this.readiness.read();
    if (!report.ready) reply.status(503);
    return report;
  }
}
