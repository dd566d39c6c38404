import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { SolventError } from '@solvent-por/kzg';

/** PostgreSQL refuses to run as root: the account it runs as then. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const NAME = 'postgres';

/**
 * The account for the server: undefined, our own, unless we are root; then `postgres`, made when there is
 * none.
 *
 * @throws SolventError EMBEDDED_POSTGRES_ACCOUNT (usage)
 */
export function serverAccount(): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const account = lookUp();
  if (account) return account;
  spawnSync('groupadd', ['--system', NAME]);
  spawnSync('useradd', ['--system', '--gid', NAME, '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
  const made = lookUp();
  if (made) return made;
  throw new SolventError(
    'EMBEDDED_POSTGRES_ACCOUNT',
    'usage',
    `PostgreSQL does not run as root, and there is no user ${NAME} nor could one be made: make it, or run as another user`,
  );
}

export function runAs(account: ServerAccount | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

/**
 * A folder that the server's account can work in: the one wanted, or, when that account may not pass through
 * a folder above it (a project below /root), one of its own in /var/lib.
 */
export function reachableHome(
  directory: string,
  account: ServerAccount | undefined,
  log: (line: string) => void,
): string {
  makePrivate(directory, account);
  if (!account || reaches(directory, account)) return directory;
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const other = `/var/lib/solvent/${name}`;
  mkdirSync('/var/lib/solvent', { recursive: true, mode: 0o755 });
  makePrivate(other, account);
  log(`the user ${NAME} cannot reach ${directory}: the database is kept in ${other}`);
  return other;
}

function makePrivate(directory: string, account: ServerAccount | undefined): void {
  mkdirSync(directory, { recursive: true });
  if (account) chownSync(directory, account.uid, account.gid);
  chmodSync(directory, 0o700);
}

function reaches(directory: string, account: ServerAccount): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$0" && test -w .', directory], {
    ...runAs(account),
    cwd: '/',
  });
  return status === 0;
}

function lookUp(): ServerAccount | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, NAME], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : NaN;
  }) as [number, number];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : undefined;
}
