import { Registry } from 'prom-client';
import { ProverMetrics } from './metrics';

test('what happened is counted, and the lag is asked for when it is wanted', async () => {
  const registry = new Registry();
  let broker = true;
  const metrics = new ProverMetrics(registry, async () => {
    if (!broker) throw new Error('the broker is away');
    return [{ group: 'g', topic: 't', messages: 7 }];
  });
  metrics.stored(8, 13.5);
  metrics.stored(3, 5);
  metrics.skipped('already');
  metrics.failed('ROW_DUPLICATE_ACCOUNT');
  const text = await registry.metrics();
  for (const line of [
    'solvent_prover_proofs_stored_total 2',
    'solvent_prover_batches_stored_total 11',
    'solvent_prover_proof_seconds_bucket{le="8"} 1',
    'solvent_prover_proof_seconds_sum 18.5',
    'solvent_prover_jobs_skipped_total{outcome="already"} 1',
    'solvent_prover_snapshot_failures_total{code="ROW_DUPLICATE_ACCOUNT"} 1',
    'solvent_prover_queue_messages{topic="t",group="g"} 7',
  ])
    expect(text.split('\n')).toContain(line);
  broker = false;
  const without = await registry.metrics();
  expect(without).not.toContain('solvent_prover_queue_messages{');
  expect(without).toContain('solvent_prover_proofs_stored_total 2');
});
