import { createRegistry } from './registry';
import { busMeter, observeLag } from './bus-metrics';

const groups = [{ group: 'provers', topic: 'jobs', messages: 7 }];

test('what a bus counts shows in the metrics, with the name of the service', async () => {
  const registry = createRegistry('prover');
  const meter = busMeter(registry);
  meter.published('jobs', 1_000);
  meter.handled('jobs', 'provers', 'done', 12);
  meter.handled('jobs', 'provers', 'abandoned', 3);
  meter.retried('jobs', 'provers', true);
  observeLag(registry, { lag: async () => groups });
  const text = await registry.metrics();
  for (const line of [
    'solvent_bus_published_total{topic="jobs",service="prover"} 1',
    'solvent_bus_published_bytes_total{topic="jobs",service="prover"} 1000',
    'solvent_bus_handled_total{topic="jobs",group="provers",outcome="done",service="prover"} 1',
    'solvent_bus_handling_seconds_count{service="prover",topic="jobs",group="provers"} 1',
    'solvent_bus_retried_total{topic="jobs",group="provers",transient="true",service="prover"} 1',
    'solvent_bus_lag_messages{group="provers",topic="jobs",service="prover"} 7',
  ])
    expect(text.split('\n')).toContain(line);
});

test('while the brokers do not answer there is no lag, rather than an old one, and all else', async () => {
  const registry = createRegistry('prover');
  let away = false;
  observeLag(registry, { lag: () => (away ? Promise.reject(new Error('away')) : Promise.resolve(groups)) });
  expect(await registry.metrics()).toContain('solvent_bus_lag_messages{');
  away = true;
  const text = await registry.metrics();
  expect(text).not.toContain('solvent_bus_lag_messages{');
  expect(text).toContain('process_cpu_seconds_total');
});

test('only counters end in _total, and each metric says what it is', async () => {
  const registry = createRegistry('prover');
  busMeter(registry);
  observeLag(registry, { lag: async () => groups });
  const metrics = await registry.getMetricsAsJSON();
  expect(metrics.length).toBeGreaterThan(20);
  for (const { name, type, help } of metrics) {
    expect([name, name.endsWith('_total')]).toEqual([name, String(type) === 'counter']);
    expect(help).not.toBe('');
  }
});
