import { Writable } from 'node:stream';
import { Controller, Get, Inject, Module, Param } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import type { Logger } from 'pino';
import { latch } from '../../testing/bus/wait';
import { Readiness } from '../health/readiness';
import { Shutdown } from '../lifecycle/shutdown';
import { createLogger } from '../logging/logger';
import { KitModule } from './kit.module';
import { startService, type RunningService } from './start-service';
import { LOGGER } from './tokens';

const id = 'cd'.repeat(32);
const work = latch();

@Controller()
class TestController {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    registry: Registry,
    readiness: Readiness,
    shutdown: Shutdown,
  ) {
    new Counter({ name: 'test_total', help: 'A count.', registers: [registry] }).inc(3);
    readiness.add('late', async () => late);
    shutdown.add('work', 'work', () => work.opened);
  }

  @Get('accounts/:id')
  account(@Param('id') account: string): object {
    this.logger.info({ account }, 'looked up');
    return { found: true };
  }

  @Get('broken')
  broken(): never {
    throw new Error(`cannot read ${id}`);
  }
}

let late = true;
const chunks: string[] = [];
const logger = createLogger({
  service: 'test',
  level: 'info',
  destination: new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk.toString());
      done();
    },
  }),
});

@Module({
  imports: [
    KitModule.forRoot({ service: 'test', version: '1.2.3', logger, checks: { early: async () => true } }),
  ],
  controllers: [TestController],
})
class TestModule {}

let service: RunningService;
beforeAll(async () => {
  service = await startService({
    module: TestModule,
    http: { host: '127.0.0.1', port: 0 },
    logger,
    signals: false,
  });
});
afterAll(() => {
  work.open();
  return service.stop();
});

const get = (path: string) =>
  fetch(`${service.url}${path}`, { headers: { authorization: 'Bearer hunter2hunter2' } });

test('it is alive and says who it is', async () => {
  const response = await get('/healthz');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok', service: 'test', version: '1.2.3' });
});

test('it is ready when all its checks are', async () => {
  const response = await get('/readyz');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    ready: true,
    shuttingDown: false,
    checks: { early: 'ok', late: 'ok' },
  });
  late = false;
  await new Promise((resolve) => setTimeout(resolve, 600)); // Reports are kept for half a second.
  const no = await get('/readyz');
  expect(no.status).toBe(503);
  expect(await no.json()).toMatchObject({ ready: false, checks: { late: 'failed' } });
  late = true;
});

test('metrics are in the format of Prometheus, with those of the service', async () => {
  const response = await get('/metrics');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  expect(text).toContain('test_total{service="test"} 3');
  expect(text).toContain('process_resident_memory_bytes{service="test"}');
});

test('requests are logged, without ids, queries and headers; those of probes are not', async () => {
  chunks.length = 0;
  await get(`/accounts/${id}?token=hunter2`);
  await get('/broken');
  await get('/healthz');
  const log = chunks.join('');
  expect(log).toContain('GET /accounts/cdcdcdcd… 200');
  expect(log).toContain('cannot read cdcdcdcd…');
  expect(log).toContain('"err":{"type":"Error","message":"cannot read cdcdcdcd…"');
  expect(log).toContain('"res":{"statusCode":200}');
  for (const secret of [id, 'hunter2', 'healthz']) expect(log).not.toContain(secret);
});

test('a path of 15 KB is cut between its segments before anything looks at it; nothing else of the request is', async () => {
  chunks.length = 0;
  const path = `/nothing/here/${'a.'.repeat(7500)}`;
  expect((await get(`${path}/${id}`)).status).toBe(404);
  expect((await get(`/${'b/'.repeat(98)}${id}`)).status).toBe(404);
  const [dotted, cut] = chunks.filter((line) => line.includes('"res"'));
  expect(dotted).toContain('GET /nothing/here/… 404');
  expect(cut).toContain(`GET /${'b/'.repeat(98)}… 404`);
  for (const line of [dotted!, cut!]) {
    expect(line.length).toBeLessThan(1000);
    expect(Object.keys(JSON.parse(line) as object).sort()).toEqual(
      ['level', 'msg', 'pid', 'req', 'res', 'responseTime', 'service', 'time'].sort(),
    );
  }
  expect(chunks.join('')).not.toContain('a.a.a.');
});

test('while it ends, it is not ready but answers; afterwards nothing listens', async () => {
  const stopping = service.stop();
  const response = await get('/readyz');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ shuttingDown: true });
  expect((await get('/healthz')).status).toBe(200);
  work.open();
  expect(await stopping).toBe(true);
  await expect(get('/healthz')).rejects.toThrow();
});

test('a port that is taken is an error, and nothing stays open', async () => {
  @Module({ imports: [KitModule.forRoot({ service: 'test', version: '1', logger })] })
  class Plain {}
  const options = { module: Plain, logger, signals: false };
  const first = await startService({ ...options, http: { host: '127.0.0.1', port: 0 } });
  const port = Number(new URL(first.url).port);
  await expect(startService({ ...options, http: { host: '127.0.0.1', port } })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    kind: 'usage',
  });
  expect(await first.stop()).toBe(true);
});

test('a service that the world reaches answers probes and metrics on a port of their own, metrics there alone', async () => {
  @Module({ imports: [KitModule.forRoot({ service: 'test', version: '1', logger, isPublic: true })] })
  class Public {}
  const at = { host: '127.0.0.1', port: 0 };
  const options = { module: Public, logger, signals: false, http: at };
  const running = await startService({ ...options, probes: at });
  const status = async (url: string) => (await fetch(url)).status;
  for (const path of ['/healthz', '/readyz', '/metrics'])
    expect([path, await status(`${running.probesUrl}${path}`)]).toEqual([path, 200]);
  expect(await (await fetch(`${running.probesUrl}/metrics`)).text()).toContain('process_cpu_seconds_total');
  for (const path of ['/', '/accounts', '/healthz/x', '/__proto__', '/constructor'])
    expect([path, await status(`${running.probesUrl}${path}`)]).toEqual([path, 404]);
  expect((await fetch(`${running.probesUrl}/healthz`, { method: 'POST' })).status).toBe(404);
  expect(await status(`${running.url}/healthz`)).toBe(200);
  expect(await status(`${running.url}/metrics`)).toBe(404);
  const port = Number(new URL(running.probesUrl!).port);
  await expect(startService({ ...options, probes: { host: '127.0.0.1', port } })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringContaining('SOLVENT_PROBE_PORT') as string,
  });
  expect(await running.stop()).toBe(true);
  await expect(fetch(`${running.probesUrl}/healthz`)).rejects.toThrow();
});
