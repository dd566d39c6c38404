import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { redactText } from '../logging/redact';

/** What a span says about its work; never whole account ids, amounts or secrets. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/**
 * Does the work within a span of its own; a failure is noted in it. Costs next to nothing while tracing is
 * off.
 */
export function traced<T>(
  name: string,
  attributes: SpanAttributes,
  work: () => Promise<T>,
  kind: SpanKind = SpanKind.INTERNAL,
): Promise<T> {
  return trace.getTracer('solvent').startActiveSpan(name, { attributes, kind }, async (span) => {
    try {
      return await work();
    } catch (error) {
      const message = redactText(error instanceof Error ? error.message : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}
