import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The root of the repository. */
export const root = join(__dirname, '../../../..');

/**
 * Runs nx, without its daemon.
 * @returns what it prints
 * @throws Error with what it says, where it fails
 */
export function nx(...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/nx/dist/bin/nx.js'), ...args],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' } },
  );
  if (status !== 0) throw error ?? new Error(`nx ${args.join(' ')} failed: ${stderr}`);
  return stdout;
}
