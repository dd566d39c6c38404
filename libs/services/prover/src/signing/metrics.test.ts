import { Registry } from 'prom-client';
import { SignerMetrics } from './metrics';

test('what happened is counted, and the lag is asked for when it is wanted', async () => {
  const registry = new Registry();
  const metrics = new SignerMetrics(registry, async () => [{ group: 'g', topic: 't', messages: 7 }]);
  metrics.failed('REQUEST_FORGED');
  metrics.finalised(4);
  metrics.sealed(60);
  metrics.sealFailed('SEALED_OVERFLOW');
  const text = await registry.metrics();
  for (const line of [
    'solvent_signer_snapshot_failures_total{code="REQUEST_FORGED"} 1',
    'solvent_signer_finalise_seconds_count 1',
    'solvent_signer_seal_seconds_bucket{le="60"} 1',
    'solvent_signer_seal_failures_total{code="SEALED_OVERFLOW"} 1',
    'solvent_signer_queue_messages{topic="t",group="g"} 7',
  ])
    expect(text.split('\n')).toContain(line);
});
