import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Log } from '../logging/log';

type Attributes = ReadableSpan['attributes'];
/** Of OpenTelemetry's ExportResult. */
const [SUCCESS, FAILED] = [0, 1];
const TIMEOUT_MS = 10_000;

/**
 * Sends spans as OTLP over HTTP in its JSON form, which every collector takes: it is little enough to write
 * down, and the official exporter would bring in a dozen packages. Spans that cannot be sent are dropped:
 * traces must never hold up proofs.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export class OtlpExporter implements SpanExporter {
  readonly #url: string;
  readonly #pending = new Set<Promise<void>>();

  /**
   * @param endpoint of the collector, as `http://collector:4318`; or the whole address, ending in /v1/traces
   */
  constructor(
    endpoint: string,
    private readonly service: string,
    private readonly log: Log,
  ) {
    this.#url = /\/v1\/traces\/?$/.test(endpoint) ? endpoint : `${endpoint.replace(/\/$/, '')}/v1/traces`;
  }

  export(spans: ReadableSpan[], done: (result: { code: number; error?: Error }) => void): void {
    const sending = this.#send(spans).then(
      () => done({ code: SUCCESS! }),
      (error: Error) => {
        this.log.warn({ spans: spans.length, err: error }, 'spans were not sent');
        done({ code: FAILED!, error });
      },
    );
    this.#pending.add(sending);
    void sending.finally(() => this.#pending.delete(sending));
  }

  async forceFlush(): Promise<void> {
    await Promise.all(this.#pending);
  }

  shutdown(): Promise<void> {
    return this.forceFlush();
  }

  async #send(spans: readonly ReadableSpan[]): Promise<void> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(otlpRequest(this.service, spans)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the collector answers ${response.status}`);
  }
}

/**
 * ExportTraceServiceRequest, as JSON: ids in hex, times as decimal strings of nanoseconds, kinds one higher
 * than in the API.
 */
export function otlpRequest(service: string, spans: readonly ReadableSpan[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ 'service.name': service }) },
        scopeSpans: [{ scope: { name: 'solvent' }, spans: spans.map(otlpSpan) }],
      },
    ],
  };
}

function otlpSpan(span: ReadableSpan): object {
  const { traceId, spanId } = span.spanContext();
  const parent = span.parentSpanContext?.spanId;
  return {
    traceId,
    spanId,
    ...(parent ? { parentSpanId: parent } : {}),
    name: span.name,
    kind: span.kind + 1,
    startTimeUnixNano: nanoseconds(span.startTime),
    endTimeUnixNano: nanoseconds(span.endTime),
    attributes: attributesOf(span.attributes),
    status: span.status,
  };
}

function nanoseconds([seconds, nanos]: readonly [number, number]): string {
  return String(BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
}

function attributesOf(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

function valueOf(value: unknown): object {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value !== 'number') return { stringValue: String(value) };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
