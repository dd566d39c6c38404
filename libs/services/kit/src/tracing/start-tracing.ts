import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Log } from '../logging/log';
import { OtlpExporter } from './otlp-exporter';

/**
 * Turns tracing on for this process: what `traced` does is sent to a collector from now on. Without it, spans
 * cost nothing and go nowhere.
 *
 * @returns what sends the last spans and turns it off
 */
export function startTracing(endpoint: string, service: string, log: Log): () => Promise<void> {
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OtlpExporter(endpoint, service, log))],
  });
  provider.register();
  // What could not be sent has been logged by the exporter.
  return () => provider.shutdown().catch(() => undefined);
}
