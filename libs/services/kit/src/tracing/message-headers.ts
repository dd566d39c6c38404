import { context, propagation, SpanKind, type Context } from '@opentelemetry/api';
import { traced, type SpanAttributes } from './traced';

/** The headers that carry the trace on: `traceparent` while tracing is on, none otherwise. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** Handles a message within the trace of the one that published it. */
export function tracedDelivery<T>(
  name: string,
  headers: Readonly<Record<string, string>>,
  attributes: SpanAttributes,
  work: () => Promise<T>,
): Promise<T> {
  const published: Context = propagation.extract(context.active(), headers);
  return context.with(published, () => traced(name, attributes, work, SpanKind.CONSUMER));
}
