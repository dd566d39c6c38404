import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trace } from '@opentelemetry/api';
import { TEST_OPTIONS } from '../../testing/bus/bus-contract';
import { noteContract, uniqueGroup } from '../../testing/bus/test-contract';
import { until } from '../../testing/bus/wait';
import { InProcessBus } from '../bus/in-process/in-process-bus';
import { silentLog, type Log } from '../logging/log';
import { traceHeaders } from './message-headers';
import { startTracing } from './start-tracing';
import { traced } from './traced';

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: object[];
  readonly status: { code: number; message?: string };
}
interface Request {
  readonly resourceSpans: { resource: object; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

let server: Server;
let endpoint: string;
let answer = 200;
const requests: { url: string; body: Request }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ url: request.url!, body: JSON.parse(Buffer.concat(chunks).toString()) as Request });
      response.writeHead(answer).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  requests.length = 0;
  answer = 200;
});
afterEach(() => trace.disable());

const spansOf = () => requests.flatMap(({ body }) => body.resourceSpans[0]!.scopeSpans[0]!.spans);

test('while tracing is off, work is done and messages carry no trace', async () => {
  expect(await traced('work', {}, async () => traceHeaders())).toEqual({});
});

test('one trace goes from the publisher through the bus to the handler, and to the collector', async () => {
  const stop = startTracing(endpoint, 'prover', silentLog);
  const contract = noteContract();
  const bus = new InProcessBus(TEST_OPTIONS);
  let handled = false;
  await bus.subscribe(contract, { group: uniqueGroup(), concurrency: 1 }, () =>
    traced('prove', { batches: 8, share: 0.5, again: false }, async () => void (handled = true)),
  );
  await traced('request', { snapshotId: 'november-2026' }, () =>
    bus.publish(contract, { key: 'k', text: '' }),
  );
  await until('it was handled', () => handled);
  await bus.close();
  await stop();
  expect(requests[0]!.url).toBe('/v1/traces');
  expect(requests[0]!.body.resourceSpans[0]!.resource).toEqual({
    attributes: [{ key: 'service.name', value: { stringValue: 'prover' } }],
  });
  const [request, handle, prove] = ['request', `handle ${contract.topic}`, 'prove'].map((wanted) =>
    spansOf().find(({ name }) => name === wanted)!,
  );
  expect(new Set([request, handle, prove].map((span) => span!.traceId)).size).toBe(1);
  expect(request!.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(request!.parentSpanId).toBeUndefined();
  expect(handle).toMatchObject({ parentSpanId: request!.spanId, kind: 5 });
  expect(prove).toMatchObject({ parentSpanId: handle!.spanId, kind: 1 });
  expect(prove!.attributes).toEqual([
    { key: 'batches', value: { intValue: '8' } },
    { key: 'share', value: { doubleValue: 0.5 } },
    { key: 'again', value: { boolValue: false } },
  ]);
  expect(BigInt(prove!.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(prove!.startTimeUnixNano));
});

test('a failure is noted without secrets, and thrown on', async () => {
  const stop = startTracing(`${endpoint}/v1/traces`, 'prover', silentLog);
  const id = 'ab'.repeat(32);
  await expect(traced('work', {}, () => Promise.reject(new Error(`account ${id}`)))).rejects.toThrow(id);
  await stop();
  expect(spansOf()[0]!.status).toEqual({ code: 2, message: 'account abababab…' });
});

test('a collector that refuses costs a line in the log, nothing else', async () => {
  answer = 503;
  const lines: string[] = [];
  const log: Log = { ...silentLog, warn: (_, message) => void lines.push(message) };
  const stop = startTracing(endpoint, 'prover', log);
  expect(await traced('work', {}, async () => 5)).toBe(5);
  await stop();
  expect(lines).toEqual(['spans were not sent']);
});
