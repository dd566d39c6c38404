import {
  busMeter,
  createLogger,
  createRegistry,
  KitModule,
  Shutdown,
  startService,
} from '@solvent-por/services/kit';
import { testDatabase } from '@solvent-por/dev/servers';
import { ProverMetrics } from './metrics';
import { Prover } from './prover';
import { ProverModule } from './prover.module';
import { SignerMetrics } from './signing/metrics';
import { Signer } from './signing/signer';
import { SignerModule } from './signing/signer.module';
import {
  accountBatchesOf,
  headerOf,
  KEYRING,
  KEYS,
  ProverHarness,
  REQUEST_KEY,
} from '../testing/prover-harness';

test('within a Nest application: ready, at work, counted, logged without ids, and ended in good order', async () => {
  const testing = await testDatabase();
  const harness = await ProverHarness.open(testing);
  const lines: string[] = [];
  const logger = createLogger({
    service: 'prover',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  });
  const [registry, shutdown] = [createRegistry('prover'), new Shutdown(logger)];
  busMeter(registry);
  const { database, bus } = harness;
  shutdown.add('work', 'bus', () => bus.close());
  const shared = {
    database,
    bus,
    keyring: KEYRING,
    requestKey: REQUEST_KEY,
    keys: KEYS,
    workers: 1,
    log: logger,
  };
  const prover = new Prover({
    ...{ ...shared, volatileBus: true },
    meter: new ProverMetrics(registry, () => bus.lag()),
  });
  const signer = new Signer({ ...shared, meter: new SignerMetrics(registry, () => bus.lag()) });
  const running = await startService({
    module: {
      module: class Application {},
      imports: [
        KitModule.forRoot({ service: 'prover', version: '1', logger, registry, shutdown }),
        ProverModule.with(prover),
        SignerModule.with(signer),
      ],
    },
    http: { host: '127.0.0.1', port: 0 },
    logger,
    signals: false,
  });
  const header = headerOf('november-2026');
  const batches = accountBatchesOf(3);
  try {
    const ready = await fetch(`${running.url}/readyz`);
    expect(await ready.json()).toMatchObject({ ready: true, checks: { 'set-up': 'ok' } });
    const ingested = await harness.plan(header, batches);
    await harness.publish(ingested.jobs);
    await harness.ingested(ingested);
    expect(await harness.ended(header.snapshot)).toBe('PUBLISHED');
    await harness.quiet();
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    expect(metrics).toContain('solvent_prover_proofs_stored_total{service="prover"} 1');
    expect(metrics).toContain('solvent_signer_finalise_seconds_count{service="prover"} 1');
  } finally {
    expect(await running.stop()).toBe(true);
    await harness.close();
    await testing.drop();
  }
  for (const message of ['proof stored', 'snapshot published'])
    expect(JSON.parse(lines.find((line) => line.includes(`"${message}"`))!)).toMatchObject({
      snapshotId: header.snapshot,
      attempt: 1,
    });
  const log = lines.join('');
  for (let row = 0; row < 3; row++) {
    const id = Buffer.from(batches[0]!.ids.subarray(32 * row, 32 * row + 32)).toString('hex');
    expect(log).not.toContain(id.slice(0, 9));
  }
});
