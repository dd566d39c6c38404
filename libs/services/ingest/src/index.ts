export { IngestService, type IngestServiceOptions } from './ingest-service';
export { IngestModule } from './ingest.module';
export { IngestMetrics } from './ingest-metrics';
export { ingest } from './service';
export type { IngestMeter, IngestOutcome } from './observing';
