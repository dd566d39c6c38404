import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KzgCommitter } from '@solvent/algebra';
import { loadCommitter } from '@solvent/algebra/native';

/**
 * The native committer, computing each commitment once a run of jest: forgeries share nearly all columns with the honest proof, and a commitment, the
 * dearest step of all, depends on nothing but its column. Provers that run in threads or processes of their own never see it.
 */
export async function testCommitter(): Promise<KzgCommitter> {
  const native = await loadCommitter();
  const known = new Map<string, Uint8Array>();
  return {
    ...native,
    commit(blob) {
      const digest = createHash('sha256').update(blob).digest('hex');
      let commitment = known.get(digest) ?? recall(digest);
      if (!commitment) {
        commitment = native.commit(blob);
        remember(digest, commitment);
      }
      known.set(digest, commitment);
      return commitment.slice();
    },
  };
}

/** Where the workers of this run leave them for each other; see libs/testing/services/jest. */
function folder(): string | undefined {
  const run = process.env.SOLVENT_TEST_RUN_DIRECTORY;
  return run && join(run, 'commitments');
}

function recall(digest: string): Uint8Array | undefined {
  const shared = folder();
  if (shared === undefined) return undefined;
  try {
    return new Uint8Array(readFileSync(join(shared, digest)));
  } catch {
    return undefined;
  }
}

/** Appears under its name whole or not at all. */
function remember(digest: string, commitment: Uint8Array): void {
  const shared = folder();
  if (shared === undefined) return;
  mkdirSync(shared, { recursive: true });
  const making = join(shared, `making-${randomBytes(8).toString('hex')}`);
  writeFileSync(making, commitment);
  renameSync(making, join(shared, digest));
}
