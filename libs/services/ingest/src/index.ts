export { IngestService, type IngestServiceOptions } from './ingest-service';
export { IngestModule } from './ingest.module';
export { IngestMetrics } from './ingest-metrics';
export { readConfiguration, type IngestConfiguration } from './configuration';
export { startIngest } from './start-ingest';
export type { IngestMeter, IngestOutcome } from './observing';
