// Somebody else, who uses the gateway as one does while it is attacked: asks for its health ten times a
// second and looks up an account every two seconds, which is half of what one may. Prints one line of JSON when stdin ends.
import { request } from 'node:http';

/** @type {{ host: string, port: number, from: string, snapshotId: string, accountIds: string[] }} */
const { host, port, from, snapshotId, accountIds } = JSON.parse(process.argv[2]);
const QUERY =
  'query ($s: String!, $a: String!) { inclusionProof(snapshotId: $s, accountId: $a) { accountId } }';

/** Milliseconds of each answer. @type {{ health: number[], lookUps: number[], failed: string[] }} */
const seen = { health: [], lookUps: [], failed: [] };
const asking = new Set();
let ticks = 0;

const timer = setInterval(() => {
  keep(health());
  if (ticks++ % 20 === 0) keep(lookUp(accountIds[Math.floor(ticks / 20) % accountIds.length]));
}, 100);

process.stdin.resume();
process.stdin.once('end', () => {
  clearInterval(timer);
  void Promise.all(asking).then(() => console.log(JSON.stringify(seen)));
});

function keep(promise) {
  asking.add(promise);
  promise.finally(() => asking.delete(promise));
}

async function health() {
  const { status, milliseconds } = await ask('GET', '/healthz');
  seen.health.push(milliseconds);
  if (status !== '200') seen.failed.push(`health: ${status}`);
}

async function lookUp(accountId) {
  const variables = { s: snapshotId, a: accountId };
  const { status, milliseconds, text } = await ask(
    'POST',
    '/graphql',
    JSON.stringify({ query: QUERY, variables }),
  );
  seen.lookUps.push(milliseconds);
  if (status !== '200' || JSON.parse(text).data?.inclusionProof?.accountId !== accountId)
    seen.failed.push(`look-up: ${status} ${text.slice(0, 300)}`);
}

/** @returns {Promise<{ status: string, milliseconds: number, text: string }>} */
function ask(method, path, body) {
  const start = performance.now();
  return new Promise((resolve) => {
    let text = '';
    const end = (status) => resolve({ status, milliseconds: performance.now() - start, text });
    const asked = request(
      {
        ...{ host, port, method, path, localAddress: from, agent: false, timeout: 30_000 },
        headers: { 'content-type': 'application/json' },
      },
      (answer) => {
        answer.setEncoding('utf8');
        answer.on('data', (chunk) => (text += chunk));
        answer.once('close', () => end(String(answer.statusCode)));
      },
    );
    asked.once('timeout', () => asked.destroy(new Error('no answer in 30 s')));
    asked.once('error', (error) => end(error.message));
    asked.end(body);
  });
}
