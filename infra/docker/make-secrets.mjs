// Makes the secrets that docker-compose.yml mounts, for trying it out, and prints the operator's public key.
// Needs `npm run build`.
//   node infra/docker/make-secrets.mjs [FOLDER]        (data/secrets by default; never overwritten)
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = resolve(process.argv[2] ?? join(root, 'data', 'secrets'));
if (existsSync(folder)) {
  console.error(`${folder} exists already: remove it, or name another folder.`);
  process.exit(2);
}
// The folder is the lock: only its owner can enter it. The files must be readable by all, because compose
// mounts each as it is into containers that run as users of their own, and those users own nothing on this
// machine.
mkdirSync(folder, { recursive: true, mode: 0o700 });
chmodSync(folder, 0o700);

const keys = join(folder, 'keys.json');
const { operator } = solvent('keys', 'new', '--output', keys);
const { master: masterKey } = JSON.parse(readFileSync(keys, 'utf8'));
if (!/^0x[0-9a-f]{64}$/.test(masterKey ?? '')) throw new Error('keys.json holds no master key');

const password = () => randomBytes(24).toString('hex');
const databaseUrl = (role, word) => `postgresql://${role}:${word}@postgres:5432/solvent`;
const administrator = password();
const secrets = {
  postgres_password: administrator,
  database_url_admin: databaseUrl('postgres', administrator),
  ...Object.fromEntries(
    ['migrator', 'gateway', 'ingest', 'prover', 'signer'].map((role) => [
      `database_url_${role}`,
      databaseUrl(`solvent_${role}`, password()),
    ]),
  ),
  ...Object.fromEntries(
    ['admin', 'gateway', 'ingest', 'prover', 'signer'].map((user) => [`kafka_password_${user}`, password()]),
  ),
  witness_keys: `w${new Date().toISOString().slice(0, 10).replaceAll('-', '')}:0x${randomBytes(32).toString('hex')}`,
  // The same for every service: what one of them writes into the database, the others know.
  request_key: `0x${randomBytes(32).toString('hex')}`,
  master_key: masterKey,
};
for (const [name, value] of Object.entries(secrets)) {
  writeFileSync(join(folder, name), value, { flag: 'wx' });
  chmodSync(join(folder, name), 0o444);
}
// What ingest and provers need of the master key, which is for the signer alone.
for (const service of ['ingest', 'prover']) {
  const file = join(folder, `${service}_keys`);
  solvent('keys', 'derive', '--keys', keys, '--for', service, '--output', file);
  chmodSync(file, 0o444);
}
console.log(operator);

function solvent(...args) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bin', 'solvent.cjs'), ...args, '--json'],
    { encoding: 'utf8' },
  );
  if (status === 0) return JSON.parse(stdout);
  rmSync(folder, { recursive: true });
  console.error(stderr || stdout);
  process.exit(1);
}
