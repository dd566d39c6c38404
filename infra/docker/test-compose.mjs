// Brings docker-compose.yml up, as it is, and has it prove a snapshot while a prover is killed. Uses the Docker engine of this
// machine; on a plain Debian without one, as root, it brings its own, with images made from package registries alone.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { baseImage } from './test/base-image.mjs';
import { startEngine } from './test/engine.mjs';
import { eventually, run, step, works } from './test/shell.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
process.chdir(root);
const ACCOUNTS = 20_000;
const project = `solvent-test-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'solvent-compose-'));
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'solvent', 'compose');
const cleanups = [() => rmSync(folder, { recursive: true, force: true })];
let environment = process.env;

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end(130));
try {
  await test();
  await end(0);
} catch (error) {
  console.error(error.message);
  await end(1);
}

/** Whatever was started is ended, last things first. */
async function end(code) {
  for (const cleanup of cleanups.splice(0).reverse())
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
  const { operator, config, source } = await step(`${ACCOUNTS} accounts, secrets`, inputs);
  const port = await freePort();
  Object.assign(environment, {
    SOLVENT_SECRETS_DIR: join(folder, 'secrets'),
    SOLVENT_SOURCE_DIR: source,
    SOLVENT_OPERATOR: operator,
    GATEWAY_PORT: String(port),
  });
  cleanups.push(() => compose('down', '--volumes', '--timeout', '20'));
  // What the containers said is worth more than that the test failed.
  try {
    await throughSnapshot(port, operator, config, source);
  } catch (error) {
    console.error(compose('ps'), compose('logs', '--no-color', '--tail', '15'));
    throw error;
  }
}

async function throughSnapshot(port, operator, config, source) {
  await step('up, two provers', () => up(port));
  await step('containers are confined', confined);

  const endpoint = `http://127.0.0.1:${port}/graphql`;
  const key = join(folder, 'api-key');
  await step('operator key', () => writeFileSync(key, operatorKey(), { mode: 0o600 }));
  const gateway = ['--endpoint', endpoint, '--api-key-file', key];
  const { snapshot } = JSON.parse(readFileSync(config, 'utf8'));
  await step('snapshot published, a prover killed on the way', async () => {
    solvent('snapshot', 'request', '--config', config, '--source', 'accounts', ...gateway);
    const state = () =>
      JSON.parse(solvent('snapshot', 'status', snapshot, '--json', '--endpoint', endpoint)).snapshot.state;
    await eventually('the snapshot is being proved', 120, () => state() === 'PROVING');
    const victim = containers('prover')[0];
    run('docker', ['kill', '--signal', 'KILL', victim], { env: environment });
    await eventually('the snapshot is published', 300, () => {
      const now = state();
      if (now === 'FAILED') throw new Error('the snapshot failed');
      return now === 'PUBLISHED';
    });
  });
  await step('what it publishes verifies', () => verified(endpoint, snapshot, operator, source));
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
  const images = { SOLVENT_IMAGE: 'Dockerfile', KAFKA_IMAGE: 'kafka.Dockerfile' };
  if (base) images.POSTGRES_IMAGE = 'test/postgres.Dockerfile';
  for (const [variable, file] of Object.entries(images)) {
    const name = `solvent-test-${variable.toLowerCase().replace('_image', '')}:latest`;
    const arguments_ = base ? ['--network', 'host', '--build-arg', `BASE_IMAGE=${base}`] : [];
    run('docker', ['build', '--file', `infra/docker/${file}`, '--tag', name, ...arguments_, '.'], {
      env: environment,
    });
    environment[variable] = name;
  }
}

function inputs() {
  const data = join(folder, 'data');
  solvent('generate', '--accounts', String(ACCOUNTS), '--files', '3', '--output', data);
  const secrets = join(folder, 'secrets');
  const operator = run(process.execPath, ['infra/docker/make-secrets.mjs', secrets]).trim();
  const config = join(data, 'snapshot.json');
  // The services sign with their own key, not with the generated one.
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), operator }));
  return { operator, config, source: data };
}

async function up(port) {
  compose('up', '--detach', '--no-build', '--scale', 'prover=2');
  await eventually('the gateway is ready', 120, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    return answer?.ok === true;
  });
  if (containers('prover').length !== 2) throw new Error('there are not two provers');
}

/** Asks the engine, not the file: what counts is how they run. */
function confined() {
  for (const name of ['postgres', 'kafka', 'ingest', 'prover', 'gateway'])
    for (const id of containers(name)) {
      const [{ Config, HostConfig }] = JSON.parse(run('docker', ['inspect', id], { env: environment }));
      const faults = [
        /^[1-9]/.test(Config.User) ? '' : 'runs as root',
        HostConfig.ReadonlyRootfs ? '' : 'may write its file system',
        HostConfig.CapDrop?.includes('ALL') ? '' : 'has capabilities',
        HostConfig.SecurityOpt?.some((option) => option.startsWith('no-new-privileges'))
          ? ''
          : 'may gain privileges',
        HostConfig.Memory > 0 ? '' : 'has no memory limit',
        name === 'gateway' || Object.keys(HostConfig.PortBindings ?? {}).length === 0
          ? ''
          : 'publishes a port',
      ].filter(Boolean);
      if (faults.length > 0) throw new Error(`${name} ${faults.join(', ')}`);
      if (
        name === 'gateway' &&
        works('docker', ['exec', id, 'test', '-e', '/run/secrets/master_key'], { env: environment })
      )
        throw new Error('the gateway has the master key');
    }
}

function operatorKey() {
  const said = compose(
    ...['run', '--rm', '-T', 'migrate', 'dist/cli/main.cjs'],
    ...['api-key', 'new', '--name', 'test', '--role', 'operator', '--json'],
  );
  return JSON.parse(said.slice(said.indexOf('{'))).key;
}

async function verified(endpoint, snapshot, operator, source) {
  const accounts = join(source, 'accounts');
  const id = /[0-9a-f]{64}/.exec(readFileSync(join(accounts, readdirSync(accounts)[0]), 'utf8'))[0];
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query:
        'query ($snapshotId: String!, $accountId: String!) { inclusionProof(snapshotId: $snapshotId, accountId: $accountId) { document } }',
      variables: { snapshotId: snapshot, accountId: `0x${id}` },
    }),
  });
  const { data, errors } = await answer.json();
  if (!data?.inclusionProof) throw new Error(`the gateway answers ${JSON.stringify(errors)}`);
  const [proof, download] = [join(folder, 'proof.json'), join(folder, 'global')];
  const global = join(download, 'global-proof.ndjson');
  writeFileSync(proof, data.inclusionProof.document);
  solvent('fetch', 'global', '--snapshot', snapshot, '--endpoint', endpoint, '--output', download);
  solvent('verify-user', '--global', global, '--id', `0x${id}`, '--operator', operator, proof);
  solvent('verify-global', '--operator', operator, global);
  // It must be able to say no.
  const other = `0x${id.startsWith('0') ? '1' : '0'}${id.slice(1)}`;
  if (works('node', ['bin/solvent.cjs', 'verify-user', '--global', global, '--id', other, proof]))
    throw new Error('the proof is valid for another account too');
}

function solvent(...args) {
  return run(process.execPath, ['bin/solvent.cjs', ...args]);
}

function compose(...args) {
  const v2 = works('docker', ['compose', 'version'], { env: environment });
  const [command, ...first] = v2 ? ['docker', 'compose'] : ['docker-compose'];
  return run(command, [...first, '--project-name', project, ...args], { env: environment });
}

function containers(service) {
  return compose('ps', '--quiet', service).split('\n').filter(Boolean);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
