// Brings docker-compose.yml up, as it is, and has it prove a snapshot while a prover is killed. Uses the
// Docker engine of this machine; on a plain Debian without one, as root, it brings its own, with images made
// from package registries alone.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { baseImage } from '../../libs/dev/docker-engine/base-image.mjs';
import { faultsOf } from '../../libs/dev/docker-engine/confined.mjs';
import { startEngine } from '../../libs/dev/docker-engine/engine.mjs';
import { solvent, verified } from '../../libs/dev/docker-engine/published.mjs';
import { eventually, run, step, works } from '../../libs/dev/docker-engine/shell.mjs';
import { freePort } from '../free-port.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
process.chdir(root);
/** Enough for some eighteen jobs of two batches, so that there is a middle in which to kill a prover on a busy machine, too. */
const ACCOUNTS = 150_000;
const project = `solvent-test-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'solvent-compose-'));
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'solvent', 'compose');
/** @type {(() => unknown)[]} each may take a while */
const cleanups = [() => rmSync(folder, { recursive: true, force: true })];
let environment = process.env;
let ending;

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end(130));
try {
  await test();
  await end(0);
} catch (error) {
  console.error(error.message);
  await end(1);
}

/** Whatever was started is ended, last things first; once, though a signal also makes what runs fail. */
function end(code) {
  return (ending ??= cleanUp(code));
}

async function cleanUp(code) {
  for (const cleanup of cleanups.reverse())
    try {
      await cleanup();
    } catch (error) {
      console.error(error.message);
      code ||= 1;
    }
  process.exit(code);
}

async function test() {
  await step('engine and images', prepare);
  const claimKey = writeClaimKey();
  const { operator, config, source } = await step(`${ACCOUNTS} accounts, secrets`, () => inputs(claimKey));
  const port = await freePort();
  Object.assign(environment, {
    SOLVENT_SECRETS_DIR: join(folder, 'secrets'),
    SOLVENT_SOURCE_DIR: source,
    SOLVENT_OPERATOR: operator,
    SOLVENT_CLAIM_KEYS_DIR: join(folder, 'claim-keys'),
    SOLVENT_CLAIM_DEVELOPMENT: 'true',
    GATEWAY_PORT: String(port),
    // More jobs, each shorter.
    SOLVENT_EXPECTED_WORKERS: '12',
  });
  cleanups.push(() => compose('down', '--volumes', '--timeout', '20'));
  try {
    await throughSnapshot(`http://127.0.0.1:${port}`, { operator, config, source, claimKey });
  } catch (error) {
    // What the containers said is worth more than that the test failed.
    for (const words of [['ps'], ['logs', '--no-color', '--tail', '15']])
      try {
        console.error(compose(...words));
      } catch {
        console.error(`(and \`compose ${words[0]}\` failed)`);
      }
    throw error;
  }
}

async function throughSnapshot(gateway, { operator, config, source, claimKey }) {
  await step('up, two provers', () => up(gateway));
  await step('keys of claims are served from their folder', () => claimKeyServed(gateway, claimKey));
  await step('containers are confined', confined);
  await step('each service reaches what is its own, and no more', leastPrivilege);

  const key = join(folder, 'api-key');
  await step('operator key', () => writeFileSync(key, operatorKey(), { mode: 0o600 }));
  const { snapshot } = JSON.parse(readFileSync(config, 'utf8'));
  const connection = ['--endpoint', `${gateway}/graphql`, '--api-key-file', key];
  await step('snapshot published, a prover killed on the way', () => published(snapshot, config, connection));
  await step('what is published verifies', () =>
    verified({ gateway, snapshot, operator, accounts: join(source, 'accounts'), folder }),
  );
  await step('its manifest names the claim key that the signer found', () =>
    claimKeySigned(gateway, snapshot, claimKey),
  );
}

/** The verifying key of the test vectors, as `solvent ceremony export` names it. */
function writeClaimKey() {
  const vector = 'test-vectors/claims/correct-exactly-the-balance/input.json';
  const { key } = JSON.parse(readFileSync(vector, 'utf8'));
  const digest = `0x${createHash('sha256').update(key).digest('hex')}`;
  mkdirSync(join(folder, 'claim-keys'), { recursive: true });
  writeFileSync(join(folder, 'claim-keys', `${digest}.json`), key);
  return { digest, key };
}

async function claimKeyServed(gateway, { digest, key }) {
  const answer = await fetch(`${gateway}/claims/${digest}/verifying-key.json`);
  if (!answer.ok || (await answer.text()) !== key) throw new Error(`it was answered with ${answer.status}`);
}

/** The signer signs no key whose document it does not have: its mount works, too. */
async function claimKeySigned(gateway, snapshot, { digest }) {
  const { claimRoot, claimKeys } = await (
    await fetch(`${gateway}/snapshots/${snapshot}/manifest.json`)
  ).json();
  if (!/^0x[0-9a-f]{64}$/.test(claimRoot) || claimKeys?.join() !== digest)
    throw new Error(`it names ${JSON.stringify({ claimRoot, claimKeys })}`);
}

async function published(snapshot, config, connection) {
  const look = () => {
    const said = JSON.parse(solvent('snapshot', 'status', snapshot, '--json', ...connection)).snapshot;
    if (said.state === 'FAILED') throw new Error(`it failed: ${JSON.stringify(said.progress)}`);
    return said;
  };
  solvent('snapshot', 'request', '--config', config, '--source', 'accounts', ...connection);
  await eventually('the first proofs are stored', 120, () => (look().progress?.batchesProved ?? 0) > 0);
  const [victim, survivor] = containers('prover');
  run('docker', ['kill', '--signal', 'KILL', victim], { env: environment });
  const { state, progress } = look();
  if (state !== 'PROVING' || progress.batchesProved >= progress.batches)
    throw new Error(`the prover was killed too late: ${state}, ${JSON.stringify(progress)}`);
  console.log(`          killed when ${progress.batchesProved} of ${progress.batches} batches were proved`);
  await eventually('the snapshot is published', 240, () => look().state === 'PUBLISHED');
  const left = containers('prover');
  if (left.length !== 1 || left[0] !== survivor) throw new Error('it was not the other prover that finished');
  await eventually('the survivor reports an empty queue', 30, () => queue(survivor) === '0');
}

/** Read where Prometheus reads it, under the names that alerts and autoscaler go by. */
function queue(prover) {
  const ask =
    "fetch('http://127.0.0.1:4002/metrics').then(async (answer) => console.log(await answer.text()))";
  const metrics = run('docker', ['exec', prover, 'node', '--eval', ask], { env: environment });
  const line = metrics
    .split('\n')
    .find((one) => /^solvent_prover_queue_messages\{.*"solvent-prover"/.test(one));
  return line?.includes('topic="solvent.proofs.requested.v1"') ? line.split(' ').at(-1) : undefined;
}

async function prepare() {
  let base;
  if (!works('docker', ['info'])) {
    if (process.getuid() !== 0 || !works('sh', ['-c', 'command -v apt-get']))
      throw new Error('This test needs a Docker engine, or a Debian machine and root to bring its own.');
    mkdirSync(cache, { recursive: true });
    const engine = await startEngine(cache);
    cleanups.push(engine.stop);
    environment = engine.environment;
    base = baseImage(environment, cache);
    if (!works('sh', ['-c', 'command -v docker-compose']))
      run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', 'docker-compose']);
  } else environment = { ...process.env, DOCKER_BUILDKIT: '1' };
  const images = {
    SOLVENT_IMAGE: 'infra/docker/Dockerfile',
    KAFKA_IMAGE: 'infra/docker/kafka.Dockerfile',
  };
  if (base) images.POSTGRES_IMAGE = 'libs/dev/docker-engine/postgres.Dockerfile';
  for (const [variable, file] of Object.entries(images)) {
    const name = `solvent-test-${variable.toLowerCase().replace('_image', '')}:latest`;
    const arguments_ = base ? ['--network', 'host', '--build-arg', `BASE_IMAGE=${base}`] : [];
    run('docker', ['build', '--file', file, '--tag', name, ...arguments_, '.'], {
      env: environment,
    });
    environment[variable] = name;
  }
}

function inputs(claimKey) {
  const data = join(folder, 'data');
  solvent('generate', '--accounts', String(ACCOUNTS), '--files', '3', '--output', data);
  // Balances are for their owner alone; the containers run as another user.
  run('chmod', ['-R', 'a+rX', data]);
  const secrets = join(folder, 'secrets');
  const operator = run(process.execPath, ['infra/docker/make-secrets.mjs', secrets]).trim();
  const config = join(data, 'snapshot.json');
  // The services sign with their own key, not with the generated one.
  const claims = { keys: [claimKey.digest], allowDevelopment: true };
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), operator, claims }));
  return { operator, config, source: data };
}

async function up(gateway) {
  compose('up', '--detach', '--no-build', '--scale', 'prover=2');
  await eventually('the gateway is ready', 120, () => ready(gateway));
  if (containers('prover').length !== 2) throw new Error('there are not two provers');
}

async function ready(gateway) {
  try {
    const answer = await fetch(`${gateway}/readyz`, { signal: AbortSignal.timeout(5000) });
    const { ready } = await answer.json();
    return answer.ok && ready === true;
  } catch {
    return false;
  }
}

/** Asks engine and kernel, not the file: what counts is how they run. */
function confined() {
  const services = [
    'postgres',
    'kafka',
    'provision',
    'roles',
    'migrate',
    'ingest',
    'prover',
    'signer',
    'gateway',
  ];
  for (const service of services) {
    const running = !['provision', 'roles', 'migrate'].includes(service);
    const found = containers(service, running ? 'running' : 'exited');
    if (found.length === 0) throw new Error(`found no container of ${service}`);
    for (const id of found) {
      const faults = faultsOf(id, { environment, running, publishes: service === 'gateway' });
      if (faults.length > 0) throw new Error(`${service} ${faults.join(', ')}`);
    }
  }
  const secrets = (service) =>
    run('docker', ['exec', containers(service)[0], 'ls', '/run/secrets'], { env: environment });
  for (const service of ['gateway', 'ingest', 'prover'])
    if (secrets(service).includes('master_key')) throw new Error(`${service} has the master key`);
  if (!secrets('signer').includes('master_key')) throw new Error('the signer has no master key to sign with');
}

/** With the very credentials that each container has: what its role must not do is refused by the server. */
function leastPrivilege() {
  const tries = [
    `COPY (SELECT 1) TO PROGRAM 'true'`,
    'ALTER TABLE audit_event DISABLE TRIGGER ALL',
    'DELETE FROM audit_event',
    'DELETE FROM snapshot',
  ];
  const others = ['SELECT secret_hash FROM api_key', `UPDATE snapshot SET manifest = ''`];
  for (const service of ['gateway', 'ingest', 'prover', 'signer']) {
    const mine = others.filter(
      (_, i) => !(service === 'gateway' && i === 0) && !(service === 'signer' && i === 1),
    );
    for (const sql of [...tries, ...mine]) {
      const said = asked(service, sql);
      if (said !== '42501') throw new Error(`${service}: \`${sql}\` was not refused: ${said}`);
    }
    if (asked(service, 'SELECT id FROM snapshot') !== 'done')
      throw new Error(`${service} reads no snapshots`);
  }
  const topics = {
    'solvent.snapshots.requested.v1': 'gateway',
    'solvent.claims.requested.v1': 'gateway',
    'solvent.proofs.requested.v1': 'ingest',
    'solvent.proofs.stored.v1': 'prover',
    'solvent.snapshots.published.v1': 'signer',
  };
  for (const service of Object.values(topics))
    for (const [topic, writer] of Object.entries(topics)) {
      if (service === writer) continue;
      const said = told(service, topic, `solvent-${service}`);
      if (said !== 'TOPIC_AUTHORIZATION_FAILED') throw new Error(`${service} wrote to ${topic}: ${said}`);
    }
  // A name with another service's password is nobody.
  const said = told('gateway', 'solvent.snapshots.published.v1', 'solvent-signer');
  if (!/Authentication failed/.test(said)) throw new Error(`the gateway passed for the signer: ${said}`);
}

/** Garbage is said on a topic with a container's password and a name: `done`, or what the broker says. */
function told(service, topic, username) {
  const tell = `const { Kafka, logLevel } = require('kafkajs');
    const read = (name) => require('fs').readFileSync(process.env[name], 'utf8').trim();
    const sasl = { mechanism: 'scram-sha-512', username: '${username}', password: read('SOLVENT_KAFKA_PASSWORD_FILE') };
    const kafka = new Kafka({ brokers: ['kafka:9092'], ssl: { ca: read('SOLVENT_KAFKA_CA_FILE') }, sasl,
      logLevel: logLevel.NOTHING, retry: { retries: 0 } });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    producer.connect().then(() => producer.send({ topic: '${topic}', messages: [{ value: 'garbage' }] }))
      .then(() => 'done', (error) => error.type ?? error.cause?.type ?? error.message)
      .then((said) => { console.log(said); process.exit(0); });`;
  return run('docker', ['exec', containers(service)[0], 'node', '--eval', tell], { env: environment }).trim();
}

/** `done`, or the code of the error. */
function asked(service, sql) {
  const ask = `const { Client } = require('pg');
    const client = new Client(require('fs').readFileSync(process.env.SOLVENT_DATABASE_URL_FILE, 'utf8'));
    client.connect().then(() => client.query(${JSON.stringify(sql)}))
      .then(() => 'done', (error) => error.code).then((said) => { console.log(said); return client.end(); });`;
  const container = containers(service)[0];
  return run('docker', ['exec', container, 'node', '--eval', ask], { env: environment }).trim();
}

function operatorKey() {
  const said = compose(
    ...['run', '--rm', '-T', 'migrate', 'dist/cli/main.cjs'],
    ...['api-key', 'new', '--name', 'test', '--role', 'operator', '--json'],
  );
  return JSON.parse(said.slice(said.indexOf('{'))).key;
}

function compose(...args) {
  const v2 = works('docker', ['compose', 'version'], { env: environment });
  const [command, ...first] = v2 ? ['docker', 'compose'] : ['docker-compose'];
  return run(command, [...first, '--project-name', project, ...args], { env: environment });
}

function containers(service, status = 'running') {
  const labels = [`com.docker.compose.project=${project}`, `com.docker.compose.service=${service}`];
  const filters = [...labels.map((label) => `label=${label}`), `status=${status}`].flatMap((one) => [
    '--filter',
    one,
  ]);
  const found = run('docker', ['ps', '--all', '--quiet', '--no-trunc', ...filters], { env: environment });
  return found.split('\n').filter(Boolean);
}
