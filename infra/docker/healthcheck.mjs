// Docker's health check: a service is healthy once it is ready, with its database, bus and set-up at hand.
const port = process.env.SOLVENT_HTTP_PORT ?? '4000';
const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4000) });
if (!response.ok) {
  console.error(`/readyz answers ${response.status}: ${await response.text()}`);
  process.exit(1);
}
