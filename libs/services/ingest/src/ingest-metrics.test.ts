import { Registry } from 'prom-client';
import { IngestMetrics } from './ingest-metrics';
import { countReading } from './observing';

test('what is read is counted by pass, however often progress is told', async () => {
  const registry = new Registry();
  const meter = new IngestMetrics(registry);
  const reading = [countReading(meter), countReading(meter)];
  for (const onReading of reading) {
    onReading('check', { bytes: 10, totalBytes: 40, accounts: 1 });
    onReading('check', { bytes: 40, totalBytes: 40, accounts: 4 });
    onReading('check', { bytes: 40, totalBytes: 40, accounts: 4 });
    onReading('cut', { bytes: 20, totalBytes: 40, accounts: 2 });
  }
  meter.published(100);
  meter.published(50);
  meter.refused('ROW_NET_NEGATIVE');
  meter.ended('refused', 1);
  const lines = (await registry.metrics()).split('\n');
  for (const line of [
    'solvent_ingest_accounts_read_total{pass="check"} 8',
    'solvent_ingest_accounts_read_total{pass="cut"} 4',
    'solvent_ingest_bytes_read_total{pass="check"} 80',
    'solvent_ingest_bytes_read_total{pass="cut"} 40',
    'solvent_ingest_jobs_published_total 2',
    'solvent_ingest_payload_bytes_total 150',
    'solvent_ingest_refusals_total{code="ROW_NET_NEGATIVE"} 1',
    'solvent_ingest_run_seconds_count{outcome="refused"} 1',
  ])
    expect(lines).toContain(line);
});
