// Docker's health check: a service is healthy once it is ready, with its database, bus and set-up at hand.
// The gateway has a port of its own for those who watch over it.
const port = process.env.SOLVENT_PROBE_PORT ?? process.env.SOLVENT_HTTP_PORT ?? '4010';
const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4000) });
if (!response.ok) {
  console.error(`/readyz answers ${response.status}: ${await response.text()}`);
  process.exit(1);
}
