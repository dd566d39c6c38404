import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';

/** Another version of a tool may make other bytes. */
const MADE_FROM = [
  'circuits/balance-claim.circom',
  ...['circom2', 'circomlib', 'snarkjs'].map((tool) => `node_modules/${tool}/package.json`),
];

/** Keys of private claims on their way. */
export interface ClaimKeysMaking {
  /** Whether an earlier start made them. */
  readonly wasThere: boolean;
  /** The folder that has them. @throws SolventError CLAIM_KEYS_FAILED (internal) */
  readonly folder: Promise<string>;
  /** Ends the making. */
  end(): Promise<void>;
}

/**
 * The development keys of private claims about snapshots with so many published values, as `solvent ceremony
 * export` writes them. Kept in `.cache`, for they take three quarters of a minute, and made anew where the
 * circuit or a tool changed. The command line makes them, in a process of its own: its tools are GPL-3.0.
 *
 * @param project where package.json is
 */
export async function makeClaimKeys(project: string, values: number): Promise<ClaimKeysMaking> {
  const hash = createHash('sha256');
  for (const file of MADE_FROM) hash.update(await readFile(join(project, file)));
  const name = `development-${values}-${hash.digest('hex').slice(0, 16)}`;
  const folder = join(project, '.cache', 'claim-keys', name);
  if (existsSync(folder))
    return { wasThere: true, folder: Promise.resolve(folder), end: async () => undefined };
  const making = `${folder}.${process.pid}`;
  await mkdir(join(making, '..'), { recursive: true });
  const child = spawn(
    process.execPath,
    [
      join(project, 'dist/cli/main.cjs'),
      ...['ceremony', 'export', '--development', '--values', String(values), '--output', making],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const made = ended(child).then(async (complaint) => {
    if (complaint !== undefined)
      throw new SolventError(
        'CLAIM_KEYS_FAILED',
        'internal',
        `the development keys of claims were not made: ${complaint}. Start without --claims, or remove ${making} and try again`,
      );
    // Another process may have been faster; both have the same bytes.
    if (!existsSync(folder)) await rename(making, folder).catch(refuseUnless(folder));
    return folder;
  });
  const clean = () => rm(making, { recursive: true, force: true });
  const done = made.finally(clean);
  return {
    wasThere: false,
    folder: done,
    end: async () => {
      child.kill('SIGKILL');
      await done.catch(() => undefined);
    },
  };
}

/**
 * Puts keys into an installation's own folder, which then needs no other.
 * @returns the folder, and the verifying key's digest as manifests name it: 0x and 64 hex digits
 */
export async function installClaimKeys(
  made: string,
  directory: string,
): Promise<{ readonly folder: string; readonly digest: string }> {
  const folder = join(directory, 'claim-keys');
  await mkdir(folder, { recursive: true });
  const names = await readdir(made);
  for (const name of names) {
    if (existsSync(join(folder, name))) continue;
    const aside = join(folder, `${name}.making`);
    await copyFile(join(made, name), aside);
    await rename(aside, join(folder, name));
  }
  const digest = basename(names.find((name) => name.endsWith('.json')) ?? '', '.json');
  if (/^0x[0-9a-f]{64}$/.test(digest)) return { folder, digest };
  throw new SolventError(
    'CLAIM_KEYS_FAILED',
    'internal',
    `${made} has no verifying key: remove it, and start again`,
  );
}

/** Whether an earlier start was asked for claims: what was offered is offered on. */
export function hasClaimKeys(directory: string): boolean {
  return existsSync(join(directory, 'claim-keys'));
}

/** @returns what it complained of; undefined where it did what it should */
async function ended(child: ChildProcess): Promise<string | undefined> {
  let said = '';
  child.stderr?.on('data', (piece: Buffer) => (said = (said + piece.toString()).slice(-2000)));
  const code = await new Promise<number | null>((done) => {
    child.once('error', (error) => {
      said = error.message;
      done(null);
    });
    child.once('close', done);
  });
  return code === 0 ? undefined : said.trim() || `it ended with ${code ?? 'a signal'}`;
}

function refuseUnless(folder: string): (error: unknown) => void {
  return (error) => {
    if (!existsSync(folder)) throw error;
  };
}
