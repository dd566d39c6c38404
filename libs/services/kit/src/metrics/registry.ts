import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * Gauges that end like counters, which `promtool check metrics` refuses; the metrics without `_total` say the
 * same by kind.
 */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** The metrics of one service: Node's own to begin with; each carries the service's name. */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  return registry;
}
