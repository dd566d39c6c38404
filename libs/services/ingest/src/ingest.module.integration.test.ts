import { renameSync } from 'node:fs';
import {
  isTransient,
  openDatabase,
  SnapshotRepository,
  WitnessKeyring,
} from '@solvent-por/services/database';
import {
  busMeter,
  createLogger,
  createRegistry,
  InProcessBus,
  KitModule,
  Shutdown,
  startService,
} from '@solvent-por/services/kit';
import { headerOf, parseConfig } from '@solvent-por/snapshot';
import { testDatabase } from '@solvent-por/dev/servers';
import { IngestMetrics } from './ingest-metrics';
import { IngestModule } from './ingest.module';
import { IngestService } from './ingest-service';
import { AGGREGATE, Folders, keyOf, KEYS, records, REQUEST_KEY } from '../testing/balance-files';

const folders = new Folders();
afterAll(() => folders.remove());

test('within a Nest application: ready, at work, counted, and ended in good order', async () => {
  const { url: databaseUrl, as, drop } = await testDatabase();
  const sourceDirectory = folders.of({ 'november/a.ndjson': records('ndjson', 20) });
  const lines: string[] = [];
  const logger = createLogger({
    service: 'ingest',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  });
  const [registry, shutdown] = [createRegistry('ingest'), new Shutdown(logger)];
  const database = openDatabase(as('ingest'));
  const asking = openDatabase(databaseUrl);
  shutdown.add('store', 'database', () => database.close());
  const bus = new InProcessBus({ isTransient, log: logger, meter: busMeter(registry) });
  shutdown.add('work', 'bus', () => bus.close());
  const ingest = new IngestService({
    ...{ database, bus, sourceDirectory, keys: KEYS, expectedWorkers: 2, log: logger, sweepEvery: 20 },
    requestKey: REQUEST_KEY,
    keyring: WitnessKeyring.parse(`k1:0x${'11'.repeat(32)}`),
    meter: new IngestMetrics(registry),
  });
  const kit = { service: 'ingest', version: '1', logger, registry, shutdown };
  const running = await startService({
    module: {
      module: class Application {},
      imports: [
        KitModule.forRoot({ ...kit, checks: { bus: () => bus.isReady() } }),
        IngestModule.with(ingest),
      ],
    },
    http: { host: '127.0.0.1', port: 0 },
    logger,
    signals: false,
  });
  try {
    const ready = await fetch(`${running.url}/readyz`);
    expect(await ready.json()).toMatchObject({ ready: true, checks: { bus: 'ok', source: 'ok' } });

    const snapshots = new SnapshotRepository(asking);
    const config = parseConfig(AGGREGATE);
    const header = headerOf(config);
    await snapshots.request({ config, header, source: 'november', requestedBy: null }, REQUEST_KEY);
    while ((await snapshots.find(header.snapshot))!.state !== 'PROVING')
      await new Promise((resolve) => setTimeout(resolve, 10));
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    expect(metrics).toContain('solvent_ingest_accounts_read_total{pass="check",service="ingest"} 20');

    renameSync(sourceDirectory, `${sourceDirectory}-gone`);
    await new Promise((resolve) => setTimeout(resolve, 600)); // a report is kept for half a second
    expect((await fetch(`${running.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
    renameSync(`${sourceDirectory}-gone`, sourceDirectory);
  } finally {
    expect(await running.stop()).toBe(true);
    await asking.close();
    await drop();
  }
  const ingested = lines.find((line) => line.includes('"ingested"'))!;
  expect(JSON.parse(ingested)).toMatchObject({ snapshotId: 'november-2026', attempt: 1, accounts: 20 });
  for (let n = 0; n < 20; n++) expect(lines.join('')).not.toContain(keyOf(n));
});
