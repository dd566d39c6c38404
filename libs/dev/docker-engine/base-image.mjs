// Stands in for the official Node image where no image registry can be reached: Debian from this machine's
// package sources, with this machine's Node at the places of the official image, and the certificates it
// trusts.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, works } from './shell.mjs';

const LOCAL_CERTIFICATES = '/usr/local/share/ca-certificates';
const SOURCES = '/etc/apt/sources.list.d/debian.sources';

const HOOK = `set -e
mkdir -p "$1/usr/local/bin" "$1/usr/local/lib/node_modules" "$1/usr/local/include" "$1${LOCAL_CERTIFICATES}"
cp "$NODE" "$1/usr/local/bin/node"
cp -r "$NPM" "$1/usr/local/lib/node_modules/npm"
cp -r "$HEADERS" "$1/usr/local/include/node"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/usr/local/bin/npm"
cp ${LOCAL_CERTIFICATES}/* "$1${LOCAL_CERTIFICATES}/" 2>/dev/null || true
chroot "$1" update-ca-certificates
printf 'cafile=/etc/ssl/certs/ca-certificates.crt\\nupdate-notifier=false\\n' > "$1/root/.npmrc"
`;

/** @returns {string} its name in the engine, made anew when what it is made from changed */
export function baseImage(environment, cache) {
  const node = realpathSync(process.execPath);
  const npm = join(realpathSync(run('sh', ['-c', 'command -v npm']).trim()), '..', '..');
  const headers = join(node, '..', '..', 'include', 'node');
  if (!existsSync(join(headers, 'node_api.h')))
    throw new Error(`Node's headers are not at ${headers}: c-kzg cannot be compiled`);
  const digest = createHash('sha256').update(HOOK).update(process.version).update(readFileSync(SOURCES));
  for (const file of existsSync(LOCAL_CERTIFICATES) ? readdirSync(LOCAL_CERTIFICATES) : [])
    digest.update(readFileSync(join(LOCAL_CERTIFICATES, file)));
  const name = `solvent-base:${digest.digest('hex').slice(0, 16)}`;
  if (works('docker', ['image', 'inspect', name], { env: environment })) return name;

  if (!works('sh', ['-c', 'command -v mmdebstrap']))
    run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', 'mmdebstrap']);
  const [hook, tar] = [join(cache, 'base-hook.sh'), join(cache, 'base.tar')];
  writeFileSync(hook, HOOK);
  run(
    'mmdebstrap',
    [
      ['--variant=minbase', '--include=ca-certificates,libstdc++6', `--customize-hook=sh ${hook} "$1"`],
      ['bookworm', tar, SOURCES],
    ].flat(),
    { env: { ...process.env, NODE: node, NPM: npm, HEADERS: headers } },
  );
  const certificates = 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt';
  run('docker', ['import', '--change', certificates, tar, name], { env: environment });
  return name;
}
